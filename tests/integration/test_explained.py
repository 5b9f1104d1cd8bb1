"""Odd figures that have to be explained, from outside."""

import json
import pathlib
import unittest

import servers
from district import CULTURE, OBSERVATIONS, OFFICE, OFFICE_TOKEN, TARGETS, TOKENS, csv

INVESTMENT = "culture-tourism.investment"
HEADER = "指标,截至日期,数值,核实说明"
CONFIG = OFFICE_TOKEN + '\n[[csv_drop]]\ndirectory = "@DIR@/inbox"\n\n[intake]\nexplain = ["decrease"]\n'


class ExplainedFiguresTest(unittest.TestCase):
    def setUp(self):
        self.daemon = servers.Districtd(CONFIG, targets=TARGETS, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        (pathlib.Path(self.daemon.directory) / "inbox").mkdir()
        self.daemon.start()
        self.push("文旅投资,2026-05-31,12亿元,")

    def push(self, *rows):
        return self.daemon.post(OBSERVATIONS, csv(*rows, header=HEADER), token=TOKENS[CULTURE]).json()

    def target(self):
        return self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json()

    def test_a_fall_waits_for_its_reason_and_shows_it_everywhere(self):
        for phrase in ("", "核实无误", "情况属实"):
            held = self.push(f"文旅投资,2026-06-30,11亿元,{phrase}")
            self.assertEqual((held["held"], held["accepted"]), (1, 0), phrase)
            self.assertIn("请在“核实说明”列写明原因", held["flags"][0]["message"])
        self.assertEqual(self.target()["actual"], 12)
        reason = "剔除一个未入库项目"
        inbox = pathlib.Path(self.daemon.directory) / "inbox" / CULTURE
        (inbox / "6月.csv").write_text(csv(f"文旅投资,2026-06-30,11亿元,{reason}", header=HEADER))
        receipt = inbox / "accepted" / "6月.csv.receipt.json"
        servers.eventually(receipt.exists)
        taken = json.loads(receipt.read_text())
        self.assertEqual((taken["accepted"], taken["flags"][0]["explanation"]), (1, reason))
        shown = self.target()
        self.assertEqual((shown["actual"], shown["observations"][-1]["explanation"]), (11, reason))
        explained = self.daemon.get(f"/api/v1/targets/{INVESTMENT}/explanation").json()
        self.assertIn("核实说明：" + reason, json.dumps(explained, ensure_ascii=False))
        again = self.daemon.get("/api/v1/submissions/" + taken["submission"]).json()
        self.assertEqual(again["flags"], taken["flags"])

    def test_in_json_and_the_words_of_the_month_before_are_no_reason(self):
        def said(as_of, value, why):
            return self.daemon.post(OBSERVATIONS, {"observations": [
                {"target": "文旅投资", "as_of": as_of, "value": value, "explanation": why}]},
                token=TOKENS[CULTURE]).json()

        self.assertEqual(said("2026-06-30", "11亿元", "口径调整")["accepted"], 1)
        self.assertEqual(said("2026-07-31", "10亿元", "口径调整。")["held"], 1)
        self.assertEqual(said("2026-07-31", "10亿元", "退出一个项目")["accepted"], 1)

    def test_the_office_may_confirm_without_a_reason(self):
        held = self.push("文旅投资,2026-06-30,11亿元,")
        answer = self.daemon.post(f"/api/v1/submissions/{held['submission']}/confirm", token=OFFICE)
        self.assertEqual(answer.json()["accepted"], 1)
        self.assertEqual(self.target()["actual"], 11)

    def test_a_word_that_is_no_kind_of_flag_is_a_finding(self):
        self.daemon.configure(CONFIG.replace('"decrease"', '"fall"'), targets=TARGETS, tokens=TOKENS)
        checked = servers.run_districtd("check", "--config", self.daemon.config_path)
        self.assertEqual(checked.returncode, 1)
        self.assertRegex(checked.stdout + checked.stderr, r"districtd\.toml:\d+:\d+: 'fall' is nothing that a row is "
                                                          r"flagged for; expected decrease, jump")


if __name__ == "__main__":
    unittest.main()

"""进展情况, 存在问题, 下一步打算 from outside: in every way in, in every way out."""

import json
import pathlib
import unittest

import servers
from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv, write_workbook

INVESTMENT = "culture-tourism.investment"
HEADER = "指标,截至日期,数值,进展情况,存在问题,下一步打算"
MAY = """
import sys, openpyxl
book = openpyxl.Workbook()
for row in (["指标", "截至日期", "数值", "进展情况"], ["文旅投资", "2026-05-31", "5亿元", "五月"]):
    book.active.append(row)
book.save(sys.argv[1])
"""


class NarrativeTest(unittest.TestCase):
    def setUp(self):
        self.daemon = servers.Districtd(
            '[[csv_drop]]\ndirectory = "@DIR@/inbox"\n', targets=TARGETS, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        (pathlib.Path(self.daemon.directory) / "inbox").mkdir()
        self.daemon.start()

    def push(self, body, token=TOKENS[CULTURE], path=OBSERVATIONS, **headers):
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.daemon.post(path, body, headers, token=token)

    def narratives(self, query=""):
        return self.daemon.get(f"/api/v1/targets/{INVESTMENT}/narrative{query}").json()["narratives"]

    def say(self, token=TOKENS[CULTURE], target=INVESTMENT, headers=None, **said):
        return self.daemon.post(f"/api/v1/targets/{target}/narrative", json.dumps(said),
                                {"Content-Type": "application/json"} | (headers or {}), token=token)

    def test_beside_a_figure_by_every_way_in(self):
        rows = {"csv": "2026-03-31", "json": "2026-04-30", "xlsx": "2026-05-31", "inbox": "2026-06-30"}
        self.push(csv(f"文旅投资,{rows['csv']},3亿元,三月,,", header=HEADER))
        self.push(json.dumps({"observations": [{
            "target": "文旅投资", "as_of": rows["json"], "value": "4亿元", "narrative": {"progress": "四月"}}]}))
        book = pathlib.Path(self.daemon.directory) / "5月.xlsx"
        write_workbook(book, MAY)

        self.assertEqual(self.push(book.read_bytes()).json()["narratives"], 1)
        inbox = pathlib.Path(self.daemon.directory) / "inbox" / CULTURE
        (inbox / "6月.csv").write_text(csv(f"文旅投资,{rows['inbox']},,六月,,", header=HEADER))
        receipt = inbox / "accepted" / "6月.csv.receipt.json"
        servers.eventually(receipt.exists)
        taken = json.loads(receipt.read_text())
        self.assertEqual((taken["rows"], taken["accepted"], taken["narrative_only"], taken["narratives"]),
                         (0, 0, 1, 1))
        self.assertEqual([(one["as_of"], one["progress"]) for one in self.narratives()],
                         list(zip(rows.values(), ["三月", "四月", "五月", "六月"])))
        shown = self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json()
        self.assertEqual(shown["as_of"], "2026-05-31")  # words are no report
        self.assertEqual(shown["narratives"], self.narratives())

    def test_said_alone_superseded_and_seen_at_every_moment(self):
        first = self.say(as_of="2026-06-30", progress="结顶", problems="用地未批")
        self.assertEqual(first.status, 200, first)
        self.assertEqual((first.json()["rows"], first.json()["narratives"]), (0, 1))
        self.assertIn("不算报送数据", first.json()["notes"][0])
        between = first.json()["received_at"]
        self.say(as_of="2026-06-30", progress="封顶")
        (june,) = self.narratives()
        self.assertEqual((june["progress"], june["problems"], june["next_steps"]), ("封顶", "用地未批", ""))
        self.assertEqual([one["progress"] for one in june["history"]], ["结顶", "封顶"])
        known = self.narratives("?on=2026-12-31&known_at=" + between)
        self.assertEqual([one["progress"] for one in known], ["结顶"])
        self.assertEqual(self.narratives("?on=2026-06-29"), [])
        explained = self.daemon.get(f"/api/v1/targets/{INVESTMENT}/explanation").json()
        text = next(step["text"] for step in explained["steps"] if step["title"] == "进展")
        self.assertIn("进展情况：封顶；存在问题：用地未批；", text)
        self.daemon.restart()
        self.assertEqual(self.narratives()[0]["progress"], "封顶")
        self.assertIsNone(self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json()["as_of"])
        again = self.daemon.get("/api/v1/submissions/" + first.json()["submission"]).json()
        self.assertEqual((again["narrative_only"], again["narratives"]), (1, 1))

    def test_what_is_no_narrative_is_refused_with_what_it_should_be(self):
        for said, code in (({"as_of": "2026-06-30"}, "empty_narrative"),
                           ({"as_of": "2026-06-30", "progress": ""}, "empty_narrative"),
                           ({"as_of": "2026-06-30", "progress": "x", "value": 3}, "unknown_key"),
                           ({"as_of": "2026-06-30", "progress": 3}, "wrong_type")):
            answer = self.say(**said)
            self.assertEqual((answer.status, answer.json()["error"]["code"]), (422, code), said)
            self.assertIn("next_steps", answer.json()["error"]["message"])
        self.assertEqual(self.say(progress="x").json()["errors"][0]["code"], "missing_date")
        long = self.say(as_of="2026-06-30", progress="长" * 4001)
        self.assertEqual((long.status, long.json()["errors"][0]["code"]), (422, "narrative_too_long"))
        self.assertEqual(self.say(as_of="2026-06-30", progress="长" * 30000).status, 413)
        self.assertEqual(self.say(target="culture-tourism.nothing", progress="x").status, 404)
        other = self.say(token=TOKENS[HEALTH], as_of="2026-06-30", progress="x")
        self.assertEqual((other.status, other.json()["errors"][0]["code"]), (422, "other_department"))
        self.assertEqual(self.say(token=None, as_of="2026-06-30", progress="x").status, 401)
        self.assertEqual(self.narratives(), [])

    def test_a_key_that_is_used_again_says_nothing_twice(self):
        key = {"Idempotency-Key": "june"}
        first = self.say(headers=key, as_of="2026-06-30", progress="结顶")
        self.say(as_of="2026-06-30", progress="封顶")
        again = self.say(headers=key, as_of="2026-06-30", progress="结顶")
        self.assertEqual(again.json(), first.json())
        self.assertEqual(self.narratives()[0]["progress"], "封顶")


if __name__ == "__main__":
    unittest.main()

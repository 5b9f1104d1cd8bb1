"""Dry run from outside: the receipt that it would get, how each row was read, and nothing kept."""

import json
import pathlib
import unittest

import servers
from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv

INVESTMENT = "culture-tourism.investment"
DRY = OBSERVATIONS + "?dry_run=true"
HEADER = "指标,截至日期,数值,数据性质,进展情况"


class DryRunTest(unittest.TestCase):
    def setUp(self):
        self.daemon = servers.Districtd('[intake]\nhold = ["decrease"]\n', targets=TARGETS, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        self.daemon.start()

    def post(self, path, body, **headers):
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.daemon.post(path, body, headers, token=TOKENS[CULTURE])

    def test_the_receipt_that_follows_and_each_row(self):
        self.post(OBSERVATIONS, csv("文旅投资,2026-05-31,12亿元,,", header=HEADER))
        before = self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json()
        body = csv("文旅投资,2026-05-31,12亿元,,", "文旅投资,2026年6月,126000万元,预计,结顶", "文旅投资,2026-04-30,,,四月",
                   "文旅投资,2026-07-31,约30,,", "规范化率,2026-06-30,95%,,", header=HEADER)
        dry = self.post(DRY, body, Idempotency_Key="k")
        self.assertEqual(dry.status, 200, dry)
        tried = dry.json()
        self.assertEqual((tried.pop("dry_run"), tried["submission"]), (True, ""))
        rows = tried.pop("rows_read")
        self.assertEqual([(row["row"], row["becomes"]) for row in rows],
                         [(2, "unchanged"), (3, "accepted"), (4, "narrative")])
        self.assertEqual((rows[0]["stands"], rows[1]["stands"]), ("12亿元", None))
        self.assertEqual((rows[1]["value"], rows[1]["unit"], rows[1]["text"], rows[1]["basis"]),
                         (12.6, "亿元", "预计 12.6亿元", "projected"))
        self.assertEqual((rows[1]["target"], rows[1]["programme"], rows[1]["as_of"]),
                         (INVESTMENT, "2026", "2026-06-30"))
        self.assertIn("预计数", " ".join(rows[1]["notes"]))
        self.assertEqual(self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json(), before)
        self.assertEqual(self.daemon.metric("districtd_submissions_total", collector="http_push",
                                            department=CULTURE, result="taken"), 1)
        real = self.post(OBSERVATIONS, body, Idempotency_Key="k").json()  # the key was not used up
        self.assertTrue(real["submission"].endswith("-2"), "no number was taken")
        for receipt in (tried, real):
            del receipt["submission"], receipt["received_at"]
        self.assertEqual(tried, real)

    def test_what_is_held_and_what_nobody_would_take(self):
        self.post(OBSERVATIONS, csv("文旅投资,2026-05-31,12亿元,,", header=HEADER))
        held = self.post(DRY, csv("文旅投资,2026-06-30,11亿元,,", header=HEADER)).json()
        self.assertEqual((held["held"], held["rows_read"][0]["becomes"]), (1, "held"))
        self.assertEqual(self.daemon.get("/api/v1/submissions").json()["waiting"], [])
        none = self.post(DRY, csv("文旅投资,2026-06-30,约11,,", header=HEADER))
        self.assertEqual((none.status, none.json()["rows_read"]), (422, []))
        for word in ("yes", "1", "TRUE", ""):
            answer = self.post(f"{OBSERVATIONS}?dry_run={word}", csv("文旅投资,2026-06-30,13亿元,,", header=HEADER))
            self.assertEqual((answer.status, answer.json()["error"]["code"]), (400, "bad_dry_run"), word)
        self.assertEqual(self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json()["as_of"], "2026-05-31")
        self.assertEqual(self.daemon.post(DRY, "x", token="wrong").status, 401)

    def test_the_clerks_client_prints_a_table(self):
        self.post(OBSERVATIONS, csv("文旅投资,2026-05-31,12亿元,,", header=HEADER))
        directory = pathlib.Path(self.daemon.directory)
        (directory / "token").write_text(TOKENS[CULTURE])
        file = directory / "6月.csv"

        def send(*rows):
            file.write_text(csv(*rows, header=HEADER))
            return servers.run_districtd("send", str(file), "--dry-run", "--server", self.daemon.url,
                                         "--token-file", str(directory / "token"))

        good = send("文旅投资,2026-05-31,12.5亿元,,", "文旅投资,2026-06-30,13亿元,预计,")
        self.assertEqual((good.returncode, good.stderr), (0, ""))
        lines = good.stdout.splitlines()
        self.assertIn("试报，没有保存任何数据", lines[0])
        self.assertIn("报送后将新收 1 行，更正 1 行", lines[0])
        self.assertRegex(lines[1], "行 +目标 +截至日期 +读作 +现有的数 +报送后")
        self.assertRegex(lines[2], "2 +文旅投资 +2026-05-31 +12.5亿元 +12亿元 +更正")
        self.assertRegex(lines[3], "3 +文旅投资 +2026-06-30 +预计 13亿元 +（没有） +新收")
        bad = send("文旅投资,2026-06-30,约13,,")
        self.assertEqual(bad.returncode, 1)
        self.assertIn("第 2 行", bad.stdout)
        self.assertEqual(self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json()["actual"], 12)


if __name__ == "__main__":
    unittest.main()

"""数据性质 from outside: a projected figure is judged, marked, and never the last word."""

import datetime
import json
import unittest

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import eventually, run_districtd
from test_clock import SHANGHAI, ADistrictWithAClock

INVESTMENT = "culture-tourism.investment"
HEADER = "指标,截至日期,数值,数据性质"


def noon(year, month, day):
    return datetime.datetime(year, month, day, 12, tzinfo=SHANGHAI)


class ProjectedFiguresTest(unittest.TestCase):
    def setUp(self):
        self.daemon = self.enterContext(
            ADistrictWithAClock(noon(2026, 12, 8), targets=TARGETS, tokens=TOKENS))

    def send(self, *rows):
        answer = self.daemon.post(OBSERVATIONS, csv(*rows, header=HEADER), {"Content-Type": "text/csv"},
                                  token=TOKENS[CULTURE])
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def target(self, query=""):
        return self.daemon.get(f"/api/v1/targets/{INVESTMENT}{query}").json()

    def status(self, *arguments):
        done = run_districtd("status", "--config", self.daemon.config_path, "--format", "json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return next(one for one in json.loads(done.stdout) if one["target"] == INVESTMENT)

    def test_a_projected_figure_is_judged_and_is_never_an_achievement(self):
        receipt = self.send("文旅投资,2026-11-30,31亿元,预计")
        self.assertEqual(receipt["accepted"], 1)
        self.assertIn("“文旅投资”是预计数", receipt["notes"][0])
        shown = self.target()
        self.assertEqual((shown["actual"], shown["projected"]), (31, True))
        self.assertEqual(shown["status"], "ahead")  # and not achieved: 31 of 30
        self.assertEqual([one["basis"] for one in shown["observations"]], ["projected"])
        self.assertTrue(self.status()["projected"])
        table = run_districtd("status", "--config", self.daemon.config_path)
        self.assertIn("预计", table.stdout)
        explained = self.daemon.get(f"/api/v1/targets/{INVESTMENT}/explanation").json()
        text = next(step["text"] for step in explained["steps"] if step["title"] == "数据")
        self.assertIn("预计数，不作为最终数，也不据此认定完成", text)

        self.daemon.sleep_until(noon(2026, 12, 9))
        receipt = self.send("文旅投资,2026-11-30,31亿元,实际")
        self.assertEqual((receipt["corrected"], receipt["unchanged"]), (1, 0))
        self.assertEqual((self.target()["status"], self.target()["projected"]), ("achieved", False))
        self.assertTrue(self.status("--known-at", "2026-12-08")["projected"])
        self.assertFalse(self.status("--on", "2026-12-08")["projected"])
        earlier = self.target("?known_at=2026-12-08")
        self.assertEqual((earlier["status"], earlier["projected"]), ("ahead", True))

    def test_after_the_deadline_a_projected_figure_settles_nothing(self):
        self.send("文旅投资,2026-11-30,29亿元,快报")
        self.daemon.sleep_until(noon(2027, 1, 5))
        self.send("文旅投资,2026-12-31,30.5亿元,预计")
        eventually(lambda: self.target()["status"] == "settling")
        self.daemon.restart()
        self.assertEqual((self.target()["status"], self.target()["projected"]), ("settling", True))
        self.send("文旅投资,2026-12-31,30.5亿元,")
        self.assertEqual(self.target()["status"], "achieved")


if __name__ == "__main__":
    unittest.main()

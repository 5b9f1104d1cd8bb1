"""Judging as a supervision office asks for it: why, how departments stand, and what was shown then."""

import datetime
import json
import time
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, run_districtd

INVESTMENT = "culture-tourism.investment"
CHANGE = """
[[target.change]]
from = 2026-07-01
reason = "区政府第12次常务会议"
goal = 36
"""


def changed_targets():
    """The investment's goal rises from July on; the hospital is withdrawn."""
    first, rest = TARGETS.split('[[target]]\nid = "health.rate"')
    text = first + CHANGE + '\n[[target]]\nid = "health.rate"' + rest
    return text.replace('name = "新院区"', 'name = "新院区"\nwithdrawn = 2026-07-01\n'
                        'withdrawal_reason = "区政府第12次常务会议"')


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


class Judging(unittest.TestCase):
    def setUp(self):
        self.daemon = Districtd(targets=TARGETS, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        self.daemon.start()

    def push(self, *rows, department=CULTURE):
        answer = self.daemon.post(OBSERVATIONS, csv(*rows), token=TOKENS[department])
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()

    def get(self, path, status=200):
        answer = self.daemon.get(path)
        self.assertEqual(answer.status, status, answer.text)
        return json.loads(answer.text)

    def command(self, *arguments, status=0):
        done = run_districtd(*arguments, "--config", str(self.daemon.config_path))
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def target(self, moment, target=INVESTMENT):
        found = [t for t in self.get(f"/api/v1/targets?{moment}") if t["target"] == target]
        return found[0] if found else None

    def test_what_was_shown_before_a_correction_and_an_edit_is_shown_again(self):
        self.push("文旅投资,2026-06-30,12.6亿元")
        first = self.get("/api/v1/targets?on=2026-07-08")
        # Times of receipt and of adoption are milliseconds; the next thing happens in a later one.
        known_at = now().replace("+", "%2B")
        self.wait_for_a_later_millisecond()
        self.push("文旅投资,2026-06-30,15.6亿元", "文旅投资,2026-07-31,16亿元")
        self.daemon.write_targets(changed_targets())
        reloaded = self.daemon.reload()
        self.assertEqual(reloaded.status, 200, reloaded.text)

        present = self.target("on=2026-08-10")
        self.assertEqual((present["goal"], present["actual"], present["as_of"]),
                         (36, 16, "2026-07-31"))
        june = self.target("on=2026-06-30")
        self.assertEqual((june["goal"], june["actual"], june["status"]), (30, 15.6, "on_track"))
        self.assertIsNone(self.target("on=2026-08-10", "health.hospital"))

        then = self.get(f"/api/v1/targets?on=2026-07-08&known_at={known_at}")
        self.assertEqual(then, first)
        self.assertEqual(len(then), 5)
        command = json.loads(self.command("status", "--on", "2026-07-08", "--known-at",
                                          known_at.replace("%2B", "+"), "--format", "json"))
        self.assertEqual(command, first)

    def wait_for_a_later_millisecond(self):
        before = time.time_ns() // 1_000_000
        while time.time_ns() // 1_000_000 == before:
            pass

    def test_a_status_is_explained_step_by_step(self):
        receipt = self.push("文旅投资,2026-04-30,5亿元", "文旅投资,2026-05-31,7亿元",
                            "文旅投资,2026-06-30,12.6亿元,快报")
        answer = self.get(f"/api/v1/targets/{INVESTMENT}/explanation?on=2026-07-08")
        self.assertEqual((answer["status"], answer["light"]), ("behind", "red"))
        steps = {step["title"]: step["text"] for step in answer["steps"]}
        self.assertEqual(list(steps), ["出处", "目标", "数据", "完成率", "序时进度", "偏差", "门限",
                                       "结果", "报送", "预测", "得分"])
        self.assertIn("完成文旅投资30亿元以上", steps["出处"])
        self.assertIn(receipt["submission"], steps["数据"])
        self.assertIn("快报", steps["数据"])
        self.assertIn("（12.6 − 0）÷（30 − 0）＝ 42.0%", steps["完成率"])
        self.assertIn("已过 6 个月 ÷ 共 12 个月 ＝ 50.0%", steps["序时进度"])
        self.assertIn("42.0% − 50.0% ＝ -8.0 个百分点", steps["偏差"])
        self.assertIn("欠进度，红灯；自 2026-04-30 起，连续第 3 个月亮红灯", steps["结果"])
        self.assertIn("达到目标的概率", steps["预测"])
        text = self.command("explain", "文旅投资", "--on", "2026-07-08")
        for step in answer["steps"]:
            self.assertIn(step["text"], text)

    def test_departments_are_ranked_with_their_arithmetic(self):
        self.push("文旅投资,2026-06-30,12.6亿元")
        self.push("规范化率,2026-06-30,95%", department=HEALTH)
        culture, health = self.get("/api/v1/departments?on=2026-07-05")
        self.assertEqual((culture["department"], culture["score"], culture["rank"]),
                         (CULTURE, 0.895, 1))
        # January to May came with June's figure, late: half a point each.
        self.assertEqual(culture["arithmetic"], "（1×0.92）÷1－0.025＝0.895")
        self.assertEqual((culture["mean"], culture["periods_late"], culture["periods_missing"]),
                         (0.92, 5, 0))
        # The rate is reached; the two that were never reported count as nothing, a pledge not at all.
        # January to May and the pledge's first quarter are missing: a point each.
        self.assertEqual((health["score"], health["rank"], health["counted"]),
                         (0.273333333333, 2, 3))
        self.assertEqual(health["arithmetic"], "（1×1＋1×0＋1×0）÷3－0.06＝0.2733")
        self.assertIn("第 1 名", self.command("explain", CULTURE, "--on", "2026-07-05"))

    def test_what_stands_now_is_told_without_the_store(self):
        self.push("文旅投资,2026-06-30,12.6亿元")
        database = self.daemon.directory / "districtd.db"
        database.rename(database.with_suffix(".aside"))
        try:
            targets = {target["target"]: target for target in self.get("/api/v1/targets")}
            self.assertEqual(targets[INVESTMENT]["actual"], 12.6)
            self.assertEqual(self.get("/api/v1/departments")[0]["department"], CULTURE)
            self.get(f"/api/v1/targets/{INVESTMENT}", 503)
            self.get("/api/v1/targets?on=2026-06-30", 503)
        finally:
            database.with_suffix(".aside").rename(database)
        self.assertEqual(self.get(f"/api/v1/targets/{INVESTMENT}")["actual"], 12.6)

    def test_what_is_asked_wrongly_is_said(self):
        self.assertIn("on=2026-06-30", self.get("/api/v1/targets?on=June", 400)["error"]["message"])
        self.assertIn("known_at=", self.get("/api/v1/departments?known_at=x", 400)["error"]["message"])
        self.assertIn("最接近", self.get("/api/v1/targets/culture-tourism.investmen/explanation",
                                       404)["error"]["message"])
        self.assertIn("文旅投资", self.command("explain", "文旅投", status=1))
        self.daemon.write_targets(changed_targets().replace("goal = 36\n", "goal = 0\n"))
        refused = self.daemon.reload()
        self.assertEqual(refused.status, 422)
        self.assertIn("goal equal to its baseline", refused.text)


class Backtest(unittest.TestCase):
    def test_the_forecast_beats_the_lines_and_its_interval_holds_on_real_and_simulated_years(self):
        done = run_districtd("backtest", "--years", "200", "--seed", "7", "--format", "json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        result = json.loads(done.stdout)
        self.assertTrue(result["good"])
        errors = result["all"]["mean_absolute_error"]
        self.assertEqual(min(errors, key=errors.get), "credibility")
        self.assertTrue(0.75 <= result["all"]["coverage"] <= 0.85)
        real = result["real"]
        self.assertTrue(real["good"])
        for known in ("without_last_year", "with_last_year", "with_three_years"):
            errors = real[known]["all"]["mean_absolute_error"]
            self.assertEqual(min(errors, key=errors.get), "credibility", known)
            self.assertTrue(0.75 <= real[known]["all"]["coverage"] <= 0.87, known)
            self.assertEqual(list(real[known]["by_month"]), [str(m) for m in range(3, 12)])
            self.assertIn("cn_fai", real[known]["by_source"])
            self.assertIn("wrong", real[known]["out_of_reach"]["6"])
        self.assertIn("last_year_share", real["with_last_year"]["all"]["mean_absolute_error"])


if __name__ == "__main__":
    unittest.main()

"""The main job from end to end: figures in by every way, lights out in status, /metrics, Prometheus
and the log."""

import json
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, Nginx, Prometheus, eventually, run_districtd

INVESTMENT = {"target": "culture-tourism.investment", "department": CULTURE}


def status_of(daemon, target, *arguments):
    """The target's element of `districtd status --format json`."""
    done = run_districtd("status", "--config", daemon.config_path, "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return {each["target"]: each for each in json.loads(done.stdout)}[target]


class TheExampleOfTheIssue(unittest.TestCase):
    """`文旅投资,2026-06-30,12.6亿元`: 42.0% against 50.0%, -8.0 points, behind, within a second."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Districtd(targets=TARGETS, tokens=TOKENS).start()
        cls.addClassCleanup(cls.daemon.stop)
        cls.prometheus = Prometheus([cls.daemon.url]).start()
        cls.addClassCleanup(cls.prometheus.stop)
        cls.prometheus.wait_for("up == 1")
        answer = cls.daemon.post(
            OBSERVATIONS,
            csv("文旅投资,2026-06-30,12.6亿元", header="指标,截至日期,数值"),
            token=TOKENS[CULTURE],
        )
        assert answer.status == 200, answer
        cls.receipt = answer.json()
        cls.in_metrics = cls.daemon.metric("district_target_deviation_ratio", **INVESTMENT)
        cls.in_log = eventually(
            lambda: [r for r in cls.daemon.log_lines() if r["event"] == "status_changed"]
        )
        cls.in_prometheus = cls.prometheus.wait_for("district_target_deviation_ratio")
        cls.in_status = status_of(cls.daemon, INVESTMENT["target"])

    def test_receipt_counts_the_row(self):
        counts = {k: self.receipt[k] for k in ("rows", "accepted", "corrected", "unchanged", "rejected")}
        self.assertEqual(
            counts, {"rows": 1, "accepted": 1, "corrected": 0, "unchanged": 0, "rejected": 0}
        )
        self.assertEqual(self.receipt["errors"], [])
        self.assertEqual(self.receipt["department"], CULTURE)

    def test_receipt_can_be_had_again(self):
        again = self.daemon.get(f"/api/v1/submissions/{self.receipt['submission']}")
        self.assertEqual(again.json(), self.receipt)

    def test_status_says_behind_by_eight_points(self):
        self.assertEqual(self.in_status["status"], "behind")
        self.assertEqual(self.in_status["actual"], 12.6)
        self.assertEqual(self.in_status["goal"], 30)
        self.assertEqual(self.in_status["unit"], "亿元")
        self.assertAlmostEqual(self.in_status["progress"], 0.42)
        self.assertAlmostEqual(self.in_status["expected_share"], 0.5)
        self.assertAlmostEqual(self.in_status["deviation"], -0.08)
        self.assertEqual(self.in_status["as_of"], "2026-06-30")

    def test_table_shows_it_in_chinese(self):
        done = run_districtd("status", "--config", self.daemon.config_path, "--on", "2026-06-30")
        line = next(line for line in done.stdout.splitlines() if "文旅投资" in line)
        for part in ("🔴", "欠进度", "12.6 亿元", "42.0%", "50.0%", "-8.0", "2026-06-30"):
            self.assertIn(part, line)

    def test_metrics_and_prometheus_agree(self):
        self.assertAlmostEqual(self.in_metrics, -0.08)
        self.assertAlmostEqual(self.in_prometheus[0]["value"], -0.08)
        query = self.prometheus.query
        self.assertEqual(query("district_target_actual")[0]["value"], 1.26e9)
        self.assertEqual(query("district_target_goal{target='culture-tourism.investment'}")[0]["value"], 3e9)
        status = query("district_target_status{target='culture-tourism.investment'} == 1")
        self.assertEqual([s["metric"]["status"] for s in status], ["behind"])
        info = query("district_target_info{target='culture-tourism.investment'}")[0]["metric"]
        self.assertEqual((info["name"], info["department_name"], info["unit"]), ("文旅投资", "区文旅局", "亿元"))
        red = query('sum(district_department_targets{status="behind"})')
        self.assertEqual(red[0]["value"], 1)

    def test_absent_is_absent_not_zero(self):
        self.assertIsNone(self.daemon.metric("district_target_actual", target="health.rate"))
        self.assertIsNone(self.daemon.metric("district_target_goal", target="health.screening"))

    def test_log_has_one_record_with_the_numbers(self):
        record = self.in_log[0]
        self.assertEqual(len(self.in_log), 1)
        self.assertEqual((record["from"], record["to"]), ("no_data", "behind"))
        self.assertEqual(record["actual"], 12.6)
        self.assertEqual(record["expected"], 15)
        self.assertEqual(record["deviation_points"], -8)
        self.assertEqual(record["as_of"], "2026-06-30")
        self.assertEqual(record["submission"], self.receipt["submission"])
        self.assertEqual(record["quote"], "完成文旅投资30亿元以上")
        self.assertIn("-8.0 个百分点", record["message"])

    def test_target_page_has_the_observation_with_its_source(self):
        shown = self.daemon.get("/api/v1/targets/culture-tourism.investment").json()
        self.assertEqual(shown["status"], "behind")
        (observation,) = shown["observations"]
        self.assertEqual(observation["value"], 12.6)
        self.assertEqual(observation["submission"], self.receipt["submission"])

    def test_api_and_status_print_the_same(self):
        listed = {t["target"]: t for t in self.daemon.get("/api/v1/targets").json()}
        self.assertEqual(listed[INVESTMENT["target"]], self.in_status)
        on = self.daemon.get("/api/v1/targets?on=2026-05-31").json()
        self.assertEqual({t["status"] for t in on}, {"no_data"})


class WaysIn(unittest.TestCase):
    def test_inbox_push_and_pull_meet_on_one_board(self):
        nginx = Nginx().start()
        self.addCleanup(nginx.stop)
        (nginx.root / "figures.csv").write_text(csv("health.doctors,2026-06-30,60"))
        config = f"""
[[csv_drop]]
directory = "inbox"
[[http_pull]]
name = "portal"
department = "{HEALTH}"
url = "{nginx.url}/figures.csv"
every = "1h"
"""
        daemon = Districtd(config, targets=TARGETS, tokens=TOKENS)
        self.addCleanup(daemon.stop)
        folder = daemon.directory / "inbox" / HEALTH
        folder.mkdir(parents=True)
        (folder / "六月 数据.csv").write_text(
            csv("规范化率,2026-06-30,94%,", "新院区,2026-06-30,0.6,", header="指标,截至日期,数值,备注")
        )
        daemon.start()
        pushed = daemon.post(
            OBSERVATIONS,
            {"observations": [{"target": "文旅投资", "as_of": "2026-06-30", "value": "15亿元"}]},
            token=TOKENS[CULTURE],
        )
        self.assertEqual(pushed.json()["accepted"], 1, pushed)

        def all_there():
            targets = {t["target"]: t for t in daemon.get("/api/v1/targets").json()}
            return targets if sum(t["as_of"] is not None for t in targets.values()) == 4 else None

        targets = eventually(all_there)
        self.assertEqual(targets["health.rate"]["actual"], 94)
        self.assertEqual(targets["health.hospital"]["actual"], 0.6)
        self.assertEqual(targets["health.doctors"]["status"], "ahead")
        self.assertEqual(targets["culture-tourism.investment"]["status"], "on_track")
        receipt = eventually(lambda: json.loads(
            (folder / "accepted" / "六月 数据.csv.receipt.json").read_text()))
        self.assertEqual((receipt["accepted"], receipt["department"]), (2, HEALTH))
        taken = {
            labels["collector"]: value
            for labels, value in daemon.series("districtd_submissions_total")
            if labels["result"] == "taken"
        }
        self.assertEqual(taken, {"csv_drop": 1, "http_pull": 1, "http_push": 1})

    def test_correction_stays_in_the_record_and_the_past_can_be_asked_for(self):
        daemon = Districtd(targets=TARGETS, tokens=TOKENS).start()
        self.addCleanup(daemon.stop)
        first = daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,13.9"), token=TOKENS[CULTURE]).json()
        again = daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,13.9"), token=TOKENS[CULTURE]).json()
        second = daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,12.6"), token=TOKENS[CULTURE]).json()
        self.assertEqual((first["accepted"], again["unchanged"], second["corrected"]), (1, 1, 1))
        self.assertEqual(status_of(daemon, INVESTMENT["target"])["actual"], 12.6)
        then = status_of(daemon, INVESTMENT["target"], "--known-at", first["received_at"])
        self.assertEqual(then["actual"], 13.9)
        values = [
            (o["value"], o["superseded"])
            for o in daemon.get("/api/v1/targets/culture-tourism.investment").json()["observations"]
        ]
        self.assertEqual(values, [(13.9, True), (12.6, False)])


if __name__ == "__main__":
    unittest.main()

"""/metrics: every family of the design, clean text format, scraped whole by a real Prometheus."""

import datetime
import gzip
import json
import os
import pathlib
import re
import subprocess
import time
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets
from servers import (Districtd, Nginx, Prometheus, VictoriaMetrics, eventually, find_program,
                     peer_environment, run_districtd)
from statuses import by_chinese

# As the design lists them.
OF_A_TARGET = (
    "district_target_info",
    "district_target_unit_scale",
    "district_target_goal",
    "district_target_actual",
    "district_target_expected",
    "district_target_progress_ratio",
    "district_target_expected_ratio",
    "district_target_deviation_ratio",
    "district_target_status",
    "district_target_status_code",
    "district_target_announced_code",
    "district_target_forecast_ratio",
    "district_target_forecast_lower_ratio",
    "district_target_forecast_upper_ratio",
    "district_target_goal_probability_ratio",
    "district_target_goal_out_of_reach",
    "district_target_required_pace_ratio",
    "district_target_status_since_timestamp_seconds",
    "district_target_periods_behind",
    "district_target_report_overdue_since_timestamp_seconds",
    "district_target_reports_missing",
    "district_target_deadline_timestamp_seconds",
    "district_target_as_of_timestamp_seconds",
    "district_target_report_overdue",
)
OF_THE_REST = (
    "district_department_targets",
    "district_department_score_ratio",
    "district_department_rank",
    "district_department_score_deducted_ratio",
    "district_department_reports_on_time_ratio",
    "district_department_reports_corrected_ratio",
    "district_on_schedule_ratio",
    "district_department_on_schedule_ratio",
    "districtd_submissions_total",
    "districtd_rows_total",
    "districtd_http_request_duration_seconds_bucket",
    "districtd_http_request_duration_seconds_sum",
    "districtd_http_request_duration_seconds_count",
    "districtd_config_last_reload_successful",
    "districtd_config_last_reload_success_timestamp_seconds",
    "districtd_ready",
    "districtd_time_seconds",
    "districtd_clock_credible",
    "districtd_clock_fault",
    "districtd_store_available_bytes",
    "districtd_store_filesystem_bytes",
    "districtd_build_info",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_open_fds",
    "process_max_fds",
    "process_start_time_seconds",
)
STATUSES = set(by_chinese().values())
INVESTMENT = "culture-tourism.investment"


def timestamp(date):
    """Midnight UTC at the beginning of an ISO date."""
    return datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.timezone.utc).timestamp()


def lint(text):
    """What `promtool check metrics` says of an exposition: nothing where all is well."""
    done = subprocess.run([find_program("promtool", "prometheus"), "check", "metrics"], input=text,
                          capture_output=True, text=True, check=False, env=peer_environment())
    return done.returncode, done.stdout + done.stderr


def sample_lines(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


class MetricsCase(unittest.TestCase):
    def make(self, config="", targets=TARGETS, start=True):
        self.daemon = Districtd(config, targets=targets, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        return self.daemon.start() if start else self.daemon

    def push(self, *rows, department=CULTURE, **options):
        return self.daemon.post(OBSERVATIONS, csv(*rows), token=TOKENS[department], **options)

    def targets_with(self, family):
        return {labels["target"] for labels, _ in self.daemon.series(family)}

    def by(self, label, family, **wanted):
        return {labels[label]: value for labels, value in self.daemon.series(family)
                if wanted.items() <= labels.items()}


class Format(MetricsCase):
    NAMES = (
        '投资"一期"',
        "反斜杠\\结尾\\",
        "新区(东)、“数字”《计划》——‘一’…;100%",
        "四十个字的目标名称" * 4 + "甲乙丙丁",
        "emoji 🚀 and ½",
        "{a=\"b\"} 1 # HELP",
        "\\n is no newline",
    )

    def catalogue(self, names):
        department = json.dumps('区"文旅\\局', ensure_ascii=False)
        text = many_targets(len(names)).replace('"区文旅局"', department)
        for i, name in enumerate(names):
            text = text.replace(f'name = "目标{i}"', f"name = {json.dumps(name, ensure_ascii=False)}")
        return text

    def test_odd_names_are_clean_and_read_back_as_they_are(self):
        daemon = self.make(targets=self.catalogue(self.NAMES))
        self.assertEqual(self.push("culture-tourism.t0,2026-06-30,5").status, 200)
        text = daemon.get("/metrics").text
        self.assertEqual(lint(text), (0, ""))
        self.assertEqual(self.by("target", "district_target_info").keys(),
                         {f"culture-tourism.t{i}" for i in range(len(self.NAMES))})
        names = {labels["target"]: labels["name"]
                 for labels, _ in daemon.series("district_target_info")}
        for i, name in enumerate(self.NAMES):
            self.assertEqual(names[f"culture-tourism.t{i}"], name)
        with Prometheus([daemon.url], scrape_interval="1s") as prometheus:
            shown = prometheus.wait_for("district_target_info", timeout=40)
            self.assertEqual({s["metric"]["name"] for s in shown}, set(self.NAMES))
            self.assertEqual({s["metric"]["department_name"] for s in shown}, {'区"文旅\\局'})

    def test_line_break_in_a_name_is_a_finding(self):
        daemon = self.make(targets=self.catalogue(["一\n二"]), start=False)
        done = run_districtd("check", "--config", daemon.config_path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(
            done.stderr, r"targets\.toml:\d+:\d+: .*'culture-tourism\.t0'.* control character"
        )

    def test_headers_and_head(self):
        daemon = self.make()
        got, head = daemon.get("/metrics"), daemon.request("HEAD", "/metrics")
        for answer in (got, head):
            self.assertEqual(answer.status, 200)
            self.assertEqual(
                answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8"
            )
            self.assertGreater(int(answer.headers["Content-Length"]), 1000)
        self.assertEqual(head.body, b"")
        self.assertEqual(int(got.headers["Content-Length"]), len(got.body))
        self.assertTrue(got.body.endswith(b"\n"))

    def test_gzip_for_who_takes_it_and_the_same_text(self):
        daemon = self.make()
        self.push("文旅投资,2026-06-30,12.6亿元")
        for accept, packed in (("gzip", True), ("deflate, GZIP;q=0.5, br", True), ("gzip;q=0", False),
                               ("gzip; q=0.000, *", False), ("br, deflate", False), ("*", False),
                               ("", False), ("gzip;q=1.0,identity;q=0.1", True)):
            answer = daemon.get("/metrics", headers={"Accept-Encoding": accept})
            self.assertEqual(answer.headers["Vary"], "Accept-Encoding")
            self.assertEqual(answer.headers.get("Content-Encoding"), "gzip" if packed else None,
                             accept)
            text = gzip.decompress(answer.body) if packed else answer.body
            self.assertEqual(lint(text.decode()), (0, ""))
            self.assertIn(b"\ndistrict_target_actual{", text)
            self.assertEqual(int(answer.headers["Content-Length"]), len(answer.body))
        # What changes is there at once, between what was deflated before.
        self.push("文旅投资,2026-07-31,14亿元")
        packed = daemon.get("/metrics", headers={"Accept-Encoding": "gzip"}).body
        self.assertTrue(re.search(rb'\ndistrict_target_actual\{.*\} 1\.4e\+09\n',
                                  gzip.decompress(packed)))
        head = daemon.request("HEAD", "/metrics", headers={"Accept-Encoding": "gzip"})
        self.assertEqual((head.headers["Content-Encoding"], head.body), ("gzip", b""))

    def test_curl_gunzip_and_victoriametrics_read_what_is_deflated(self):
        daemon = self.make()
        self.push("文旅投资,2026-06-30,12.6亿元")
        curl = subprocess.run(["curl", "-s", "--compressed", daemon.url + "/metrics"],
                              capture_output=True, check=True)
        self.assertEqual(lint(curl.stdout.decode()), (0, ""))
        packed = daemon.directory / "metrics.gz"
        subprocess.run(["curl", "-s", "-H", "Accept-Encoding: gzip", "-o", packed,
                        daemon.url + "/metrics"], check=True)
        gunzip = subprocess.run(["gunzip", "-c", packed], capture_output=True, check=True)
        self.assertEqual(gunzip.stderr, b"")
        self.assertEqual(lint(gunzip.stdout.decode()), (0, ""))
        scrape = daemon.directory / "scrape.yml"
        scrape.write_text(json.dumps({"scrape_configs": [{
            "job_name": "districtd", "scrape_interval": "1s", "scrape_timeout": "1s",
            "static_configs": [{"targets": [daemon.url.removeprefix("http://")]}]}]}))
        with VictoriaMetrics(arguments=[f"-promscrape.config={scrape}"]) as victoria:
            def actual():
                victoria.flush()
                return victoria.query("district_target_actual")
            self.assertEqual(eventually(actual, 40)[0]["value"], 12.6e8)

    def test_each_family_stands_together_under_its_help_and_type_and_no_series_twice(self):
        daemon = self.make()
        self.push("文旅投资,2026-06-30,12.6亿元")
        daemon.get("/nothing")
        text = daemon.get("/metrics").text
        self.assertEqual(lint(text), (0, ""))
        types = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")]
        helps = [line.split()[2] for line in text.splitlines() if line.startswith("# HELP ")]
        self.assertEqual(types, helps)
        self.assertEqual(len(types), len(set(types)))
        series = [line.rpartition(" ")[0] for line in sample_lines(text)]
        self.assertEqual(len(series), len(set(series)))
        self.assertNotRegex(text, r"(?i)\b(nan|[+-]inf)$")


class Families(MetricsCase):
    """The daemon with something of everything: figures of all kinds, and both results of a push."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Districtd(targets=TARGETS, tokens=TOKENS)
        cls.addClassCleanup(cls.daemon.stop)
        cls.started = time.time()
        cls.daemon.start()
        cls.daemon.post(OBSERVATIONS, csv(
            "文旅投资,2026-04-30,8亿元", "文旅投资,2026-05-31,10亿元", "文旅投资,2026-06-30,12.6亿元"),
                        token=TOKENS[CULTURE])
        cls.daemon.post(
            OBSERVATIONS,
            csv("规范化率,2026-06-30,94%", "新院区,2026-05-31,0.6", "健康体检,2026-06-30,1"),
            token=TOKENS[HEALTH],
        )
        cls.text = cls.daemon.get("/metrics").text

    def test_every_family_of_the_design_is_there(self):
        names = {line.partition("{")[0].partition(" ")[0] for line in sample_lines(self.text)}
        for family in OF_A_TARGET + OF_THE_REST:
            self.assertIn(family, names)

    def test_every_series_of_a_target_has_target_department_and_programme(self):
        for family in OF_A_TARGET:
            for labels, _ in self.daemon.series(family):
                self.assertEqual(labels["target"].partition(".")[0], labels["department"], family)
                if family not in ("district_target_info", "district_target_status"):
                    self.assertEqual(labels.keys(), {"target", "department", "programme"}, family)
                self.assertEqual(labels["programme"], "2026", family)

    def test_every_other_family_of_the_district_has_its_programme(self):
        for family in OF_THE_REST:
            if family.startswith("district_"):
                self.assertEqual({labels["programme"] for labels, _ in self.daemon.series(family)},
                                 {"2026"}, family)

    def test_info_has_the_labels_of_the_design(self):
        info, = [labels for labels, value in self.daemon.series("district_target_info")
                 if labels["target"] == "health.rate" and value == 1]
        self.assertEqual(info, {
            "target": "health.rate", "department": HEALTH, "programme": "2026", "name": "规范化率",
            "department_name": "区卫健局", "kind": "level", "unit": "%", "direction": "at_least",
            "commitment": "approach"})

    def test_values_are_in_base_units(self):
        value = self.daemon.metric
        self.assertEqual(value("district_target_goal", target=INVESTMENT), 3e9)
        self.assertEqual(value("district_target_actual", target=INVESTMENT), 1.26e9)
        self.assertEqual(value("district_target_expected", target=INVESTMENT), 1.5e9)
        self.assertAlmostEqual(value("district_target_actual", target="health.rate"), 0.94)
        self.assertAlmostEqual(value("district_target_goal", target="health.rate"), 0.95)
        self.assertAlmostEqual(
            value("district_target_deviation_ratio", target="health.rate"), -0.01
        )

    def test_dates_are_midnight_utc_of_their_day(self):
        value = self.daemon.metric
        self.assertEqual(timestamp("2026-06-30"), 1782777600)
        self.assertEqual(value("district_target_as_of_timestamp_seconds", target=INVESTMENT),
                         timestamp("2026-06-30"))
        self.assertEqual(value("district_target_as_of_timestamp_seconds", target="health.hospital"),
                         timestamp("2026-05-31"))
        self.assertEqual(
            set(self.by("target", "district_target_deadline_timestamp_seconds").values()),
            {timestamp("2026-12-31")})

    def test_forecast_has_an_interval_from_three_values_on(self):
        lower, forecast, upper, probability = (
            self.daemon.metric(f"district_target_{name}_ratio", target=INVESTMENT)
            for name in ("forecast_lower", "forecast", "forecast_upper", "goal_probability"))
        self.assertTrue(0.42 < lower < forecast < upper, (lower, forecast, upper))
        self.assertTrue(0 < probability < 1)
        self.assertEqual(self.targets_with("district_target_forecast_ratio"), {INVESTMENT})

    def test_required_pace_is_progress_a_month(self):
        pace = self.daemon.metric("district_target_required_pace_ratio", target=INVESTMENT)
        self.assertAlmostEqual(pace, (1 - 0.42) / 6)

    def test_absent_where_there_is_no_value(self):
        every = {INVESTMENT, "health.rate", "health.doctors", "health.hospital", "health.screening"}
        measured = every - {"health.screening"}
        reported = measured - {"health.doctors"}
        for family, targets in (
            ("district_target_info", every),
            ("district_target_deadline_timestamp_seconds", every),
            ("district_target_report_overdue", every),
            ("district_target_status", every),
            ("district_target_status_code", every),
            ("district_target_announced_code", every),
            ("district_target_goal", measured),
            # A milestone expects nothing before its deadline.
            ("district_target_expected", measured - {"health.hospital"}),
            ("district_target_expected_ratio", measured - {"health.hospital", "health.rate"}),
            ("district_target_month_expected", measured),
            ("district_target_actual", reported),
            ("district_target_deviation_ratio", reported - {"health.hospital"}),
            ("district_target_month_deviation_ratio", reported - {"health.hospital"}),
            ("district_target_progress_ratio", reported - {"health.rate"}),
            ("district_target_as_of_timestamp_seconds", reported | {"health.screening"}),
        ):
            with self.subTest(family):
                self.assertEqual(self.targets_with(family), targets)

    def test_each_target_has_its_present_status_alone_and_its_number(self):
        statuses = {}
        for labels, value in self.daemon.series("district_target_status"):
            self.assertEqual(value, 1, labels)
            self.assertNotIn(labels["target"], statuses)
            statuses[labels["target"]] = labels["status"]
        self.assertEqual(len(statuses), 5)
        self.assertLessEqual(set(statuses.values()), STATUSES)
        self.assertEqual(statuses["health.doctors"], "no_data")
        self.assertEqual(statuses["health.screening"], "reported")
        for family in ("district_target_status_code", "district_target_announced_code"):
            codes = {labels["target"]: value for labels, value in self.daemon.series(family)}
            self.assertEqual(codes.keys(), statuses.keys(), family)
            self.assertEqual((codes["health.doctors"], codes["health.screening"]), (10, 11))

    def test_departments_are_counted_by_status(self):
        counted = {}
        for labels, value in self.daemon.series("district_department_targets"):
            self.assertEqual(labels.keys(), {"department", "programme", "status"})
            counted.setdefault(labels["department"], {})[labels["status"]] = value
        self.assertEqual({d: c.keys() for d, c in counted.items()},
                         {CULTURE: STATUSES, HEALTH: STATUSES})
        self.assertEqual({d: sum(c.values()) for d, c in counted.items()}, {CULTURE: 1, HEALTH: 4})
        self.assertEqual(counted[CULTURE]["behind"], 1)
        self.assertEqual(counted[HEALTH]["no_data"], 1)

    def test_build_and_process(self):
        (labels, one), = self.daemon.series("districtd_build_info")
        self.assertEqual(one, 1)
        self.assertRegex(labels["version"], r"^\d+\.\d+")
        value = self.daemon.metric
        self.assertAlmostEqual(value("process_start_time_seconds"), self.started, delta=10)
        pages = int(pathlib.Path(f"/proc/{self.daemon.pid}/statm").read_text().split()[1])
        self.assertAlmostEqual(value("process_resident_memory_bytes"),
                               pages * os.sysconf("SC_PAGE_SIZE"), delta=64 << 20)
        descriptors = len(os.listdir(f"/proc/{self.daemon.pid}/fd"))
        self.assertAlmostEqual(value("process_open_fds"), descriptors, delta=2)
        self.assertGreaterEqual(value("process_max_fds"), descriptors)
        self.assertGreater(value("process_cpu_seconds_total"), 0)

    def test_reload_gauges(self):
        value = self.daemon.metric
        before = value("districtd_config_last_reload_success_timestamp_seconds")
        self.assertAlmostEqual(before, self.started, delta=60)
        self.assertEqual(value("districtd_config_last_reload_successful"), 1)
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertGreater(value("districtd_config_last_reload_success_timestamp_seconds"), before)


class Counters(MetricsCase):
    def test_rows_and_submissions_move_by_result(self):
        daemon = self.make()
        self.assertEqual(list(daemon.series("districtd_rows_total")), [])
        self.push("文旅投资,2026-06-30,1", "文旅投资,2026-05-31,1", "文旅投,2026-05-31,1")
        self.push("文旅投资,2026-06-30,2", "文旅投资,2026-05-31,1")
        self.push("文旅投资,2026-05-31,一些")
        self.push("大学生村医,2026-06-30,60", department=HEALTH)
        daemon.post(OBSERVATIONS, b"\x00", token=TOKENS[CULTURE])
        of_culture = {"collector": "http_push", "department": CULTURE}
        self.assertEqual(self.by("result", "districtd_rows_total", **of_culture),
                         {"accepted": 2, "corrected": 1, "unchanged": 1, "rejected": 2})
        self.assertEqual(self.by("result", "districtd_submissions_total", **of_culture),
                         {"taken": 2, "refused": 1, "unreadable": 1})
        self.assertEqual(self.by("result", "districtd_rows_total", department=HEALTH),
                         {"accepted": 1, "corrected": 0, "unchanged": 0, "rejected": 0})
        # 3 new, 1 corrected; the unchanged one is not written.
        self.assertEqual(daemon.metric("districtd_store_observations_total"), 4)

    def test_requests_are_timed_by_route_and_status_never_by_path(self):
        daemon = self.make()
        for i in range(3):
            daemon.get(f"/api/v1/targets/guess-{i}")
        daemon.get("/api/v1/targets/health.rate")
        daemon.get("/stranger/chosen")
        self.push("文旅投资,2026-06-30,1")
        self.push("文旅投资,2026-06-30,x")
        self.push("文旅投资,2026-06-30,1", headers={"Authorization": "Bearer x"})
        name = "districtd_http_request_duration_seconds"

        def counted():
            return {(labels["handler"], labels["code"]): value
                    for labels, value in daemon.series(name + "_count")}

        wanted = {("/api/v1/targets/{}", "404"): 3, ("/api/v1/targets/{}", "200"): 1,
                  (OBSERVATIONS, "200"): 2, (OBSERVATIONS, "422"): 1}
        eventually(lambda: wanted.items() <= counted().items())
        for handler, _ in counted():
            self.assertNotIn("stranger", handler)
            self.assertNotIn("guess", handler)
        buckets = [(float(labels["le"].replace("+Inf", "inf")), value)
                   for labels, value in daemon.series(name + "_bucket")
                   if (labels["handler"], labels["code"]) == ("/api/v1/targets/{}", "404")]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual([v for _, v in buckets], sorted(v for _, v in buckets))
        self.assertEqual(buckets[-1], (float("inf"), 3))
        total = next(v for labels, v in daemon.series(name + "_sum")
                     if (labels["handler"], labels["code"]) == ("/api/v1/targets/{}", "404"))
        self.assertGreater(total, 0)

    def test_counters_begin_anew_and_values_do_not(self):
        daemon = self.make()
        self.push("文旅投资,2026-06-30,12.6亿元")
        values = {family: sorted(map(str, daemon.series(family))) for family in OF_A_TARGET}
        daemon.restart()
        self.assertEqual(list(daemon.series("districtd_rows_total")), [])
        self.assertEqual(
            {family: sorted(map(str, daemon.series(family))) for family in OF_A_TARGET}, values
        )

    def test_pulls_are_clean_too(self):
        nginx = Nginx().start()
        self.addCleanup(nginx.stop)
        (nginx.root / "a.csv").write_text(csv("大学生村医,2026-06-30,60"))
        source = '[[http_pull]]\nname = "{0}"\ndepartment = "health"\nurl = "{1}/{0}"\n'
        daemon = self.make(source.format("a.csv", nginx.url) + source.format("b.csv", nginx.url))
        eventually(lambda: len(list(daemon.series("districtd_pull_success"))) == 2)
        self.assertEqual(self.by("name", "districtd_pull_success"), {"a.csv": 1, "b.csv": 0})
        self.assertEqual(lint(daemon.get("/metrics").text), (0, ""))
        # Else an alert on it would never end.
        daemon.configure(source.format("a.csv", nginx.url), targets=TARGETS, tokens=TOKENS)
        self.assertEqual(daemon.reload().status, 200)
        self.assertEqual(self.by("name", "districtd_pull_success"), {"a.csv": 1})
        self.assertNotIn('name="b.csv"', daemon.get("/metrics").text)


class ManyTargets(MetricsCase):
    def test_three_thousand_targets_are_scraped_whole(self):
        count = 3000
        daemon = self.make(targets=many_targets(count))
        rows = [f"culture-tourism.t{i},2026-06-30,{i % 100}" for i in range(count)]
        self.assertEqual(self.push(*rows, timeout=60).json()["accepted"], count)
        text = daemon.get("/metrics").text
        self.assertEqual(lint(text), (0, ""))
        with Prometheus([daemon.url], scrape_interval="3s") as prometheus:
            prometheus.wait_for("scrape_samples_scraped > 0", timeout=60)
            self.assertEqual(prometheus.query("up")[0]["value"], 1)
            # The histogram has grown by the handler of /metrics since.
            scraped = prometheus.query("scrape_samples_scraped")[0]["value"]
            self.assertAlmostEqual(scraped, len(sample_lines(text)), delta=60)
            self.assertEqual(prometheus.query("count(district_target_actual)")[0]["value"], count)
            self.assertEqual(prometheus.query("sum(district_target_status)")[0]["value"], count)
            self.assertEqual(
                prometheus.query("sum(district_target_actual)")[0]["value"], sum(range(100)) * 30
            )
            self.assertEqual(prometheus.query("districtd_exposition_series")[0]["value"],
                             prometheus.query('count({__name__=~"district_.+"})')[0]["value"])


if __name__ == "__main__":
    unittest.main()

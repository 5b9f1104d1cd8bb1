"""The turn of the year: where a figure belongs between a programme's last deadline and its settlement."""

import datetime
import json
import pathlib
import sqlite3
import tempfile
import unittest
import urllib.parse

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv, department, report, target
from servers import REPOSITORY, Districtd, eventually, promtool, run_districtd
from test_clock import SHANGHAI, ADistrictWithAClock
from test_metrics import lint

INVESTMENT = "culture-tourism.investment"


def noon(year, month, day):
    return datetime.datetime(year, month, day, 12, tzinfo=SHANGHAI)


class AYearThatEndsTest(unittest.TestCase):
    def setUp(self):
        self.daemon = self.enterContext(
            ADistrictWithAClock(noon(2026, 12, 8), targets=TARGETS, tokens=TOKENS))

    def send(self, *rows, programme=None, header="指标,截至日期,数值,备注"):
        path = OBSERVATIONS
        if programme is not None:
            path += "?" + urllib.parse.urlencode({"programme": programme})
        return self.daemon.post(path, csv(*rows, header=header), {"Content-Type": "text/csv"},
                                token=TOKENS[CULTURE])

    def newest(self):
        found = self.daemon.get(f"/api/v1/targets/{INVESTMENT}").json()
        return found["as_of"], found["actual"]

    def await_newest(self, as_of, actual):
        """The board looks at its clock every few seconds."""
        eventually(lambda: self.newest() == (as_of, actual))

    def refusal(self, answer):
        self.assertEqual(answer.status, 422, answer)
        return answer.json()["errors"][0]

    def test_from_december_to_after_the_settlement(self):
        self.assertEqual(self.send("文旅投资,2026-11-30,29.8亿元,").status, 200)

        self.daemon.sleep_until(noon(2027, 1, 8))
        december = self.send("文旅投资,2026-12-31,29.9亿元,").json()
        self.assertEqual((december["accepted"], december["notes"]), (1, []))

        # January of the new year, whose targets nobody has put into the catalogue yet.
        self.daemon.sleep_until(noon(2027, 2, 5))
        error = self.refusal(self.send("文旅投资,2027-01-31,2.1亿元,"))
        self.assertEqual((error["code"], error["column"]), ("after_the_period", "截至日期"))
        self.assertIn("2.1亿元 低于该目标最近的 29.9亿元（截至 2026-12-31）", error["message"])
        self.assertIn("请等新年度的目标列入目标库后再报", error["message"])
        self.await_newest("2026-12-31", 29.9)

        # The goal is reached late; what completed it may be said again, and nothing lower.
        late = self.send("文旅投资,2027-02-03,30.4亿元,", programme="2026").json()
        self.assertEqual(late["accepted"], 1)
        self.assertIn("逾期完成", late["notes"][0])
        self.await_newest("2027-02-03", 30.4)
        again = self.send("文旅投资,2027-02-03,30.4亿元,").json()
        self.assertEqual((again["unchanged"], again["rejected"]), (1, 0))
        self.assertIn("完成", self.refusal(self.send("文旅投资,2027-02-04,31亿元,"))["message"])
        self.assertEqual(
            self.refusal(self.send("文旅投资,2027-02-04,31亿元,2027",
                                   header="指标,截至日期,数值,年度"))["code"],
            "unknown_programme")

        self.daemon.sleep_until(noon(2027, 2, 28))
        self.assertEqual(self.send("文旅投资,2026-10-31,25亿元,").json()["accepted"], 1)
        self.daemon.sleep_until(noon(2027, 3, 1))
        error = self.refusal(self.send("文旅投资,2026-10-31,25.5亿元,"))
        self.assertEqual(error["code"], "after_the_period")
        self.assertIn("2026 年度已于 2027-02-28 结账", error["message"])

    def test_the_office_moves_the_settlement(self):
        self.daemon.sleep_until(noon(2027, 3, 1))
        self.assertEqual(self.send("文旅投资,2026-12-31,29.9亿元,").status, 422)
        self.daemon.write_targets(
            TARGETS.replace('title = "试验报道"', 'title = "试验报道"\nsettles = 2027-03-31'))
        self.daemon.reload()
        self.assertEqual(self.send("文旅投资,2026-12-31,29.9亿元,").json()["accepted"], 1)

    def test_a_settlement_before_the_last_report_is_due_is_refused(self):
        self.daemon.write_targets(
            TARGETS.replace('title = "试验报道"', 'title = "试验报道"\nsettles = 2027-01-05'))
        checked = run_districtd("check", "--config", str(self.daemon.directory / "districtd.toml"))
        self.assertEqual(checked.returncode, 1)
        self.assertRegex(checked.stderr, r"targets\.toml:7:11: the programme '2026' settles on 2027-01-05")
        self.assertIn("write settles = 2027-01-10 or a later day", checked.stderr)


class AnEarlierStoreTest(unittest.TestCase):
    """A store of the schema before, when a target was known by its id alone."""

    def test_keeps_its_figures_across_the_migration(self):
        with Districtd(targets=TARGETS, tokens=TOKENS) as daemon:
            for rows in (("文旅投资,2026-05-31,10亿元,", "文旅投资,2026-06-30,12.6亿元,"),
                         ("文旅投资,2026-06-30,12.7亿元,更正",)):
                self.assertEqual(daemon.post(OBSERVATIONS, csv(*rows), {"Content-Type": "text/csv"},
                                             token=TOKENS[CULTURE]).status, 200)
            before = daemon.get(f"/api/v1/targets/{INVESTMENT}?on=2026-07-31").json()
            daemon.terminate()
            with sqlite3.connect(daemon.directory / "districtd.db") as store:
                keys = {key for (key,) in store.execute("SELECT id FROM target_key")}
                self.assertEqual(keys, {f"2026/{INVESTMENT}"})
                for table, column in (("target_key", "id"), ("judged", "target")):
                    store.execute(f"UPDATE {table} SET {column} = substr({column}, 6)")
                store.execute("DROP TABLE programme")
                for table in ("observation", "held", "said_unchanged"):  # what version 12 added
                    for column in ("basis", "explanation"):
                        store.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
                for table in ("narrative", "check_fired"):
                    store.execute(f"DROP TABLE {table}")
                store.execute("PRAGMA user_version = 10")
            store.close()
            daemon.start()
            after = daemon.get(f"/api/v1/targets/{INVESTMENT}?on=2026-07-31").json()
            self.assertEqual(after, before)
            self.assertEqual(len(after["observations"]), 3)
            status = run_districtd("status", "--config", str(daemon.directory / "districtd.toml"),
                                   "--on", "2026-07-31", "--format", "json")
            self.assertIn('"actual":12.7', status.stdout)


def of_2027(text):
    """The same targets a year later, with another sum to reach."""
    return text.replace("2026-", "2027-").replace("goal = 30\n", "goal = 32\n")


FIVE_YEARS = (report().replace('id = "r"', 'id = "plan"')
              + 'programme = "2026-2030"\nperiod = [2026-01-01, 2030-12-31]\n'
              + department(CULTURE, "区文旅局")
              + target(INVESTMENT, "文旅投资", goal=150, unit="亿元", deadline="2030-12-31",
                       section="区文旅局", quote="五年完成文旅投资150亿元"))


BULLETINS = f"""
[bulletins]
directory = "@DIR@/bulletins"
templates = "{REPOSITORY / "config" / "bulletins"}"
issuer = "试验区督查室"

[[bulletin]]
name = "annual"
kind = "annual"
schedule = "day 20 of January 09:00"
formats = ["json"]
"""


class ADistrictOfSeveralYears(ADistrictWithAClock):
    """Its catalogue's files are 2026.toml, 2027.toml and plan.toml; `list_files` says which count."""

    TEXTS = {"2026.toml": TARGETS, "2027.toml": of_2027(TARGETS), "plan.toml": FIVE_YEARS}

    def __init__(self, truth):
        super().__init__(truth, targets=[], tokens=TOKENS)
        for name, text in self.TEXTS.items():
            (self.directory / name).write_text(text)
        self.list_files(*self.TEXTS)

    def list_files(self, *names):
        self.configure(BULLETINS, targets=list(names), tokens=TOKENS)

    def send(self, *rows):
        return self.post(OBSERVATIONS, csv(*rows, header="指标,截至日期,数值,年度"),
                         token=TOKENS[CULTURE])

    def command_line(self, command, *arguments):
        done = run_districtd(command, "--config", str(self.config_path), *arguments,
                             env=self.environment())
        return done

    def programmes(self, path="/api/v1/targets"):
        return {element["programme"] for element in self.get(path).json()}

    def exported(self):
        """The programmes of each family of targets, departments and the district."""
        by_family = {}
        for line in self.get("/metrics").text.splitlines():
            if line.startswith("district_"):
                name, _, labels = line.partition("{")
                by_family.setdefault(name, set()).add(labels.split('programme="')[1].split('"')[0])
        return by_family

    def exported_targets(self):
        return self.exported().get("district_target_info", set())


class ProgrammesSideBySideTest(unittest.TestCase):
    def setUp(self):
        self.daemon = self.enterContext(ADistrictOfSeveralYears(noon(2026, 12, 20)))

    def test_from_december_to_what_the_store_says_of_a_settled_year(self):
        daemon = self.daemon
        # 2027 is known to intake, and neither listed nor exported before its first day.
        self.assertEqual(daemon.programmes(), {"2026", "2026-2030"})
        self.assertEqual(daemon.exported_targets(), {"2026", "2026-2030"})
        refused = daemon.send("文旅投资,2026-11-30,29.8亿元,")
        self.assertEqual(refused.json()["errors"][0]["code"], "several_programmes")
        taken = daemon.send("文旅投资,2026-11-30,29.8亿元,2026", "文旅投资,2026-12-15,31亿元,2026-2030")
        self.assertEqual(taken.json()["accepted"], 2, taken)

        daemon.sleep_until(noon(2027, 2, 10))
        eventually(lambda: daemon.exported_targets() == {"2026", "2027", "2026-2030"}, timeout=20)
        self.assertEqual(daemon.send("文旅投资,2027-01-31,2.1亿元,2027").json()["accepted"], 1)
        self.the_figures_stay_apart()
        self.a_bulletin_is_of_the_programme_of_its_period()
        self.what_is_unknown_is_refused()
        self.the_day_after_its_settlement_it_leaves_by_itself()
        self.a_settled_year_stays_as_it_was_without_its_file()

    def the_figures_stay_apart(self):
        daemon = self.daemon
        figures = {"2026": 29.8e8, "2027": 2.1e8, "2026-2030": 31e8}
        for programme, figure in figures.items():
            self.assertEqual(daemon.metric("district_target_actual", target=INVESTMENT,
                                           programme=programme), figure)
            one = daemon.get(f"/api/v1/targets/{INVESTMENT}?programme={programme}").json()
            self.assertEqual((one["programme"], one["actual"] * 1e8, one["settled"]),
                             (programme, figure, False))
        self.assertEqual(lint(daemon.get("/metrics").text), (0, ""))
        lines = [line for line in daemon.get("/metrics").text.splitlines() if line[0] != "#"]
        series = [line.rpartition(" ")[0] for line in lines]
        self.assertEqual(len(series), len(set(series)))
        # Without a word the one whose period holds the day, the shortest of them.
        self.assertEqual(daemon.get(f"/api/v1/targets/{INVESTMENT}").json()["programme"], "2027")
        self.assertEqual(
            daemon.get(f"/api/v1/targets/{INVESTMENT}?on=2026-12-16").json()["programme"], "2026")
        self.assertIn('"programme":"2026"',
                      daemon.get(f"/api/v1/targets/{INVESTMENT}/explanation?programme=2026").text)
        self.assertIn("29.8亿元", daemon.get(f"/api/v1/targets/{INVESTMENT}/explanation?programme=2026")
                      .text.replace(" ", ""))
        counts = {}
        for labels, value in daemon.series("district_department_targets"):
            counts[labels["programme"]] = counts.get(labels["programme"], 0) + value
        self.assertEqual(counts, {"2026": 5, "2027": 5, "2026-2030": 1})
        ranks = {(each["programme"], each["department"]): each["in_force"]
                 for each in daemon.get("/api/v1/departments").json()}
        self.assertEqual(ranks, {("2026", CULTURE): 1, ("2026", "health"): 4, ("2027", CULTURE): 1,
                                 ("2027", "health"): 4, ("2026-2030", CULTURE): 1})
        table = daemon.command_line("status").stdout
        for heading in ("2026 年度\n", "2027 年度\n", "2026-2030 年度\n"):
            self.assertEqual(table.count("\n" + heading), 2, table)  # of the targets, the departments
        self.assertNotIn("共 11 项", table)
        one = daemon.command_line("status", "--programme", "2027", "--format", "json").stdout
        self.assertEqual({each["programme"] for each in json.loads(one)}, {"2027"})
        explained = daemon.command_line("explain", INVESTMENT, "--programme", "2026").stdout
        self.assertIn("29.8", explained)

    def a_bulletin_is_of_the_programme_of_its_period(self):
        out = self.daemon.directory / "out"
        for kind, programme, figure in (("annual", None, "29.8"), ("monthly", None, "2.1"),
                                        ("annual", "2026", "29.8"), ("monthly", "2027", "2.1")):
            asked = [] if programme is None else ["--programme", programme]
            done = self.daemon.command_line("bulletin", kind, "--on", "2027-02-10", "--out", str(out),
                                            *asked)
            self.assertEqual(done.returncode, 0, done.stderr)
            text = (out / f"{kind}-2027-02-10.json").read_text()
            self.assertIn(figure, text)
            self.assertIn("2026年" if kind == "annual" else "2027年1月", json.loads(text)["title"])
            self.assertEqual(text.count('"target":"culture-tourism.investment"'), 1)
        done = self.daemon.command_line("bulletin", "annual", "--on", "2027-02-10", "--out", str(out),
                                        "--programme", "2027")
        self.assertEqual(done.returncode, 1)
        self.assertIn("lies outside programme 2027", done.stderr)

    def what_is_unknown_is_refused(self):
        for path in ("/api/v1/targets", "/api/v1/departments", f"/api/v1/targets/{INVESTMENT}",
                     f"/api/v1/targets/{INVESTMENT}/explanation"):
            answer = self.daemon.get(path + "?programme=2031")
            self.assertEqual((answer.status, answer.json()["error"]["code"]),
                             (404, "unknown_programme"), answer)
            for known in ("2026（", "2027（", "2026-2030（"):
                self.assertIn(known, answer.json()["error"]["message"])
        for command in (["status"], ["explain", INVESTMENT]):
            done = self.daemon.command_line(*command, "--programme", "2031")
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"no programme '2031'; there are: 2026 .*2027 ")
        out = str(self.daemon.directory / "out")
        done = self.daemon.command_line("bulletin", "annual", "--on", "2026-03-01", "--out", out)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"no programme holds 2025-12-31.*there are: 2026 ")

    def the_day_after_its_settlement_it_leaves_by_itself(self):
        daemon = self.daemon
        daemon.sleep_until(datetime.datetime(2027, 2, 28, 23, 59, 50, tzinfo=SHANGHAI))
        self.assertEqual(daemon.send("文旅投资,2026-12-31,29.9亿元,2026").json()["accepted"], 1)
        eventually(lambda: daemon.exported_targets() == {"2027", "2026-2030"}, timeout=30)
        for family, programmes in daemon.exported().items():
            self.assertNotIn("2026", programmes, family)
        self.assertEqual(daemon.programmes(), {"2027", "2026-2030"})
        self.assertEqual(daemon.logged("reloaded"), [])
        self.assertEqual(daemon.logged("target_withdrawn"), [])
        summaries = [each["programme"] for each in daemon.logged("daily_summary")
                     if each["date"] == "2027-03-01"]
        self.assertEqual(sorted(summaries), ["2026-2030", "2027"])
        settled = daemon.get("/api/v1/targets?programme=2026").json()
        self.assertEqual({each["settled"] for each in settled}, {True})
        self.assertEqual(len(settled), 5)

    def answers(self):
        """What is said of the settled year, byte for byte."""
        said = {}
        for command in (["status"], ["status", "--format", "json"], ["status", "--format", "csv"],
                        ["explain", INVESTMENT], ["explain", "health"]):
            for moment in ([], ["--on", "2026-12-31"], ["--known-at", "2027-01-15"],
                           ["--on", "2026-12-31", "--known-at", "2027-02-28"]):
                done = self.daemon.command_line(*command, "--programme", "2026", *moment)
                self.assertEqual(done.returncode, 0, done.stderr)
                said[tuple(command + moment)] = done.stdout
        for path in ("/api/v1/targets", "/api/v1/departments", f"/api/v1/targets/{INVESTMENT}",
                     f"/api/v1/targets/{INVESTMENT}/explanation"):
            said[path] = self.daemon.get(path + "?programme=2026&on=2027-03-02").text
        # Who asks for a day of the past need not know the programme's name.
        said["by day"] = self.daemon.command_line("status", "--on", "2026-12-31").stdout
        return said

    def a_settled_year_stays_as_it_was_without_its_file(self):
        daemon = self.daemon
        before = self.answers()
        self.assertIn("29.9", before["status", "--format", "json"])
        self.assertIn("2026 年度（已于 2027-02-28 结账）", before["status",])
        self.assertIn("29.8", before["status", "--known-at", "2027-01-15"])
        daemon.terminate()
        daemon.start()  # its file is still listed, and its targets are not in memory any more
        self.assertEqual(self.answers(), before)
        error = daemon.send("文旅投资,2026-10-31,25亿元,2026").json()["errors"][0]
        self.assertEqual(error["code"], "after_the_period")
        self.assertIn("2026 年度已于 2027-02-28 结账，不再收数", error["message"])
        daemon.list_files("2027.toml", "plan.toml")
        self.assertEqual(daemon.reload().status, 200)
        self.assertEqual(self.answers(), before)
        daemon.terminate()
        daemon.start()
        self.assertEqual(self.answers(), before)
        error = daemon.send("文旅投资,2026-10-31,25亿元,2026").json()["errors"][0]
        self.assertIn("2026 年度已于 2027-02-28 结账，不再收数", error["message"])
        self.assertEqual(daemon.programmes(), {"2027", "2026-2030"})

    def test_an_unsettled_programme_is_not_dropped(self):
        daemon = self.daemon
        daemon.send("文旅投资,2026-11-30,29.8亿元,2026")
        daemon.list_files("2027.toml", "plan.toml")
        refused = daemon.reload()
        self.assertEqual(refused.status, 422)
        for word in ("the programme '2026'", "2027-02-28", "put its file back", "settles"):
            self.assertIn(word, refused.text)
        done = daemon.command_line("reload")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the programme '2026'", done.stderr)
        self.assertEqual(daemon.programmes(), {"2026", "2026-2030"})
        # What has not begun may be taken out.
        daemon.list_files("2026.toml", "plan.toml")
        self.assertEqual(daemon.reload().status, 200)

    def test_a_start_without_an_unsettled_programme_says_so_and_loses_nothing(self):
        daemon = self.daemon
        daemon.send("文旅投资,2026-11-30,29.8亿元,2026")
        daemon.terminate()
        daemon.list_files("2027.toml", "plan.toml")
        daemon.start()
        (missing,) = daemon.logged("programme_missing")
        self.assertEqual((missing["level"], missing["programme"]), ("error", "2026"))
        self.assertEqual(daemon.programmes(), {"2026", "2026-2030"})
        one = daemon.get(f"/api/v1/targets/{INVESTMENT}?programme=2026").json()
        self.assertEqual((one["actual"], one["settled"]), (29.8, False))
        error = daemon.send("文旅投资,2026-12-10,29.9亿元,2026").json()["errors"][0]
        self.assertIn("2026 年度的目标文件现在不在目标库里", error["message"])
        daemon.list_files("2026.toml", "plan.toml")
        self.assertEqual(daemon.reload().status, 200)
        self.assertEqual(daemon.metric("district_target_actual", target=INVESTMENT,
                                       programme="2026"), 29.8e8)

    def test_a_settlement_that_is_moved_later_brings_the_figures_back(self):
        daemon = self.daemon
        daemon.send("文旅投资,2026-11-30,29.8亿元,2026")
        daemon.terminate()
        daemon.sleep_until(noon(2027, 3, 5))
        daemon.start()
        self.assertEqual(daemon.exported_targets(), {"2027", "2026-2030"})
        said = len(daemon.logged("status_changed"))
        (daemon.directory / "2026.toml").write_text(
            TARGETS.replace('title = "试验报道"', 'title = "试验报道"\nsettles = 2027-03-31'))
        self.assertEqual(daemon.reload().status, 200)
        self.assertEqual(daemon.metric("district_target_actual", target=INVESTMENT,
                                       programme="2026"), 29.8e8)
        self.assertEqual(daemon.send("文旅投资,2026-12-31,29.9亿元,2026").json()["accepted"], 1)
        changes = daemon.logged("status_changed")[said:]
        self.assertLessEqual(sum(each["target"] == INVESTMENT for each in changes), 1,
                             "what was said before is not said again")


RATE = "culture.rate"
SUM = "culture.sum"


def year_of_two(year, goal):
    """A sum and a rate, monthly, by hand below."""
    days = {"start": f"{year}-01-01", "deadline": f"{year}-12-31"}
    return (report() + department("culture", "区文旅局")
            + target(SUM, "文旅投资", goal=goal, unit="亿元", **days)
            + target(RATE, "满意率", "level", goal=95, unit="%", **days))


# What is reported on which day: (day, row). The final reports of 2026 are due on 10 January, those of
# January on 10 February.
STORY = [
    ("2026-12-20", "文旅投资,2026-11-30,29亿元,2026"),     # 96.7 % of 91.7 %: on track
    ("2026-12-20", "满意率,2026-11-30,95.2%,2026"),
    ("2027-01-08", "文旅投资,2026-12-31,29.5亿元,2026"),   # the final value, not reached
    ("2027-01-20", "满意率,2026-12-31,96%,2026"),          # late, and reached
    ("2027-02-03", "文旅投资,2027-02-02,30.4亿元,2026"),   # completed after the deadline
    ("2027-02-08", "文旅投资,2027-01-31,2.8亿元,2027"),    # 8.75 % of 8.3 %: on track
]

# By hand, by docs/judging.md: from which day on each target has which light; "" is not shown.
LIGHTS = {
    ("2026", SUM): [("2026-12-20", "on_track"), ("2027-01-01", "settling"), ("2027-01-08", "overdue"),
                    ("2027-02-03", "achieved_late"), ("2027-03-01", "")],
    ("2026", RATE): [("2026-12-20", "on_track"), ("2027-01-01", "settling"), ("2027-01-11", "overdue"),
                     ("2027-01-20", "achieved"), ("2027-03-01", "")],
    ("2027", SUM): [("2026-12-20", ""), ("2027-01-01", "no_data"), ("2027-02-08", "on_track")],
    ("2027", RATE): [("2026-12-20", ""), ("2027-01-01", "no_data")],
}
# The days, first and last, on which a report of the target is overdue.
OVERDUE_REPORTS = {
    ("2026", RATE): ("2027-01-11", "2027-01-19"),
    ("2027", RATE): ("2027-02-11", "2027-03-01"),
}
# By hand: what fires on a day.
ALERTS = {
    "2026-12-31": set(),
    "2027-01-07": set(),
    "2027-01-08": {("DistrictTargetOverdue", "2026", SUM)},
    "2027-01-11": {("DistrictTargetOverdue", "2026", SUM), ("DistrictTargetOverdue", "2026", RATE),
                   ("DistrictReportOverdue", "2026", RATE)},
    "2027-01-20": {("DistrictTargetOverdue", "2026", SUM)},
    "2027-02-03": set(),
    "2027-02-11": {("DistrictReportOverdue", "2027", RATE)},
    "2027-02-28": {("DistrictReportOverdue", "2027", RATE)},
    "2027-03-01": {("DistrictReportOverdue", "2027", RATE)},
}
# By hand: the log's records of changes, by day.
LOG = [
    ("2026-12-20", "report_arrived", "2026", SUM, None),   # it had been missing since the start
    ("2026-12-20", "report_arrived", "2026", RATE, None),
    ("2026-12-20", "status_changed", "2026", SUM, "on_track"),
    ("2026-12-20", "status_changed", "2026", RATE, "on_track"),
    ("2027-01-01", "status_changed", "2026", SUM, "settling"),
    ("2027-01-01", "status_changed", "2026", RATE, "settling"),
    ("2027-01-08", "status_changed", "2026", SUM, "overdue"),
    ("2027-01-11", "report_overdue", "2026", RATE, None),
    ("2027-01-11", "status_changed", "2026", RATE, "overdue"),
    ("2027-01-20", "report_arrived", "2026", RATE, None),
    ("2027-01-20", "status_changed", "2026", RATE, "achieved"),
    ("2027-02-01", "still_behind", "2026", SUM, None),     # red for January too
    ("2027-02-03", "status_changed", "2026", SUM, "achieved_late"),
    ("2027-02-08", "status_changed", "2027", SUM, "on_track"),
    ("2027-02-11", "report_overdue", "2027", RATE, None),
]


def on(table, day):
    """What the table has for the day: the last entry that does not begin after it."""
    return [value for first, value in table if first <= day][-1]


class TheTurnOfTheYearTest(unittest.TestCase):
    """20 December to 1 March, day by day, beside tables that were written by hand."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.daemon = ADistrictWithAClock(noon(2026, 12, 20), targets=[], tokens={"culture": "t"})
        cls.addClassCleanup(cls.daemon.stop)
        for year, goal in ((2026, 30), (2027, 32)):
            (cls.daemon.directory / f"{year}.toml").write_text(year_of_two(year, goal))
        cls.daemon.configure(targets=["2026.toml", "2027.toml"], tokens={"culture": "t"})
        cls.daemon.start()
        cls.days = [str(datetime.date(2026, 12, 20) + datetime.timedelta(days=n)) for n in range(72)]
        cls.seen = {day: cls.live_through(day) for day in cls.days}

    @classmethod
    def live_through(cls, day):
        """/metrics of the day once what came on it is there, and the log's new records."""
        logged = len(cls.daemon.log_lines())
        if day != "2026-12-20":
            cls.daemon.sleep_until(noon(*map(int, day.split("-"))))
            # The board looks at its clock every few seconds; a reload has it look at once. That it
            # does so by itself is another test's.
            assert cls.daemon.reload().status == 200
        for when, row in STORY:
            if when != day:
                continue
            answer = cls.daemon.post(OBSERVATIONS, csv(row, header="指标,截至日期,数值,年度"), token="t")
            assert answer.status == 200, answer
        text = cls.daemon.get("/metrics").text
        return text, [line for line in cls.daemon.log_lines()[logged:]]

    def series(self, day, family):
        """{(programme, target): value or status}"""
        found = {}
        for line in self.seen[day][0].splitlines():
            if not line.startswith(family + "{"):
                continue
            labels = dict(part.split("=", 1) for part in line[len(family) + 1:].split("}")[0].split(","))
            labels = {name: value.strip('"') for name, value in labels.items()}
            value = labels.get("status") or float(line.rpartition(" ")[2])
            found[labels["programme"], labels["target"]] = value
        return found

    def test_lights(self):
        self.assertEqual(self.days[-1], "2027-03-01")
        for day in self.days:
            expected = {key: on(table, day) for key, table in LIGHTS.items() if on(table, day)}
            self.assertEqual(self.series(day, "district_target_status"), expected, day)

    def test_counts_are_of_each_programme(self):
        for day in self.days:
            expected = {}
            for (programme, _), table in LIGHTS.items():
                if on(table, day):
                    key = (programme, on(table, day))
                    expected[key] = expected.get(key, 0) + 1
            counted = {}
            for line in self.seen[day][0].splitlines():
                if line.startswith("district_department_targets{") and not line.endswith(" 0"):
                    programme = line.split('programme="')[1].split('"')[0]
                    status = line.split('status="')[1].split('"')[0]
                    counted[programme, status] = int(line.rpartition(" ")[2])
            self.assertEqual(counted, expected, day)

    def test_reports(self):
        for day in self.days:
            overdue = {key for key, value in
                       self.series(day, "district_target_report_overdue").items() if value}
            expected = {key for key, (first, last) in OVERDUE_REPORTS.items() if first <= day <= last}
            self.assertEqual(overdue, expected, day)

    def test_log(self):
        said = [(day, line["event"], line["programme"], line["target"], line.get("to"))
                for day in self.days for line in self.seen[day][1]
                if line.get("event") in ("status_changed", "still_behind", "report_overdue",
                                         "report_arrived", "target_withdrawn")]
        self.assertEqual(sorted(said, key=str), sorted(LOG, key=str))

    def test_the_daily_line_is_of_each_open_programme(self):
        for day in self.days:
            lines = [line for line in self.seen[day][1] if line.get("event") == "daily_summary"]
            if day == "2026-12-20":
                continue  # said before anything came
            expected = {programme for (programme, _), table in LIGHTS.items() if on(table, day)}
            self.assertEqual({line["programme"] for line in lines}, expected, day)

    def test_alerts(self):
        """The shipped rules over these days, a sample a day, by Prometheus' own test of rules."""
        samples = {}
        families = ("district_target_announced_code", "district_target_last_status_code",
                    "district_target_report_overdue")
        for index, day in enumerate(self.days):
            for family in families:
                for (programme, name), value in self.series(day, family).items():
                    labels = f'job="districtd",instance="d",programme="{programme}",target="{name}"'
                    values = samples.setdefault(f'{family}{{{labels},department="culture"}}',
                                                ["_"] * len(self.days))
                    values[index] = f"{value:g}"
        tests = []
        for day, firing in ALERTS.items():
            tests.append({
                "expr": 'count by (alertname, programme, target) (ALERTS{alertstate="firing"})',
                "eval_time": f"{self.days.index(day)}d",
                "exp_samples": [
                    {"labels": f'{{alertname="{alert}", programme="{programme}", target="{name}"}}',
                     "value": 1} for alert, programme, name in sorted(firing)]})
        rules = REPOSITORY / "config/prometheus/rules"
        document = {
            "rule_files": [str(rules / "recording.yml"), str(rules / "targets.yml")],
            "evaluation_interval": "1d",
            "tests": [{"interval": "1d", "promql_expr_test": tests,
                       "input_series": [{"series": name, "values": " ".join(values)}
                                        for name, values in samples.items()]}]}
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "turn.test.yml"
            path.write_text(json.dumps(document))  # which is YAML too
            done = promtool("test", "rules", path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()

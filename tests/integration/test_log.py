"""The log: one record for each change of a light, once, in either format and in every sink."""

import datetime
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import time
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets, of_years
from servers import Districtd, eventually, run_districtd, whole_lines

JOURNAL = pathlib.Path("/run/systemd/journal/socket")
STATUS_CHANGED = ["time", "level", "event", "message", "target", "programme", "name", "department",
                  "department_name", "from", "to", "actual", "expected", "unit", "progress",
                  "expected_share", "deviation_points", "status_since", "periods_behind",
                  "goal_probability", "as_of", "submission", "quote"]
ODD_NAME = '投资"一期"\\(扩、建)、至‘五一’'
ODD_QUOTE = '“完成”投资\\"30亿元"/</script>'


def log(**keys):
    return "[log]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())


class LogCase(unittest.TestCase):
    def make(self, config="", targets=TARGETS, start=True):
        self.daemon = Districtd(config, targets=targets, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        return self.daemon.start() if start else self.daemon

    def push(self, *rows, department=CULTURE):
        answer = self.daemon.post(OBSERVATIONS, csv(*rows), token=TOKENS[department])
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def records(self, event, target=None):
        return [r for r in self.daemon.log_lines()
                if r.get("event") == event and target in (None, r.get("target"))]

    def changes(self, target=None):
        """The changes of light so far, as (from, to)."""
        return [(r["from"], r["to"]) for r in self.records("status_changed", target)]


class Records(LogCase):
    def test_one_record_for_each_change_and_none_for_a_value_that_changes_no_light(self):
        self.make()
        receipts = [
            self.push(f"文旅投资,{day},{value}亿元")
            for day, value in (("2026-01-31", 0.5), ("2026-02-28", 1), ("2026-03-31", 7.9),
                               ("2026-04-30", 10.1), ("2026-05-31", 20), ("2026-06-30", 30))
        ]
        expected = [("no_data", "behind"), ("behind", "on_track"), ("on_track", "ahead"),
                    ("ahead", "achieved")]
        eventually(lambda: len(self.changes()) == len(expected))
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.changes(), expected)
        records = self.records("status_changed")
        self.assertEqual([r["level"] for r in records], ["warn", "info", "info", "info"])
        self.assertEqual([r["as_of"] for r in records],
                         ["2026-01-31", "2026-03-31", "2026-05-31", "2026-06-30"])
        self.assertEqual([r["submission"] for r in records],
                         [receipts[i]["submission"] for i in (0, 2, 4, 5)])

    def test_correction_back_logs_the_change_back(self):
        self.make()
        for value in (12.6, 15, 12.6):
            self.push(f"文旅投资,2026-06-30,{value}亿元")
        eventually(lambda: len(self.changes()) == 3)
        self.assertEqual(
            self.changes(), [("no_data", "behind"), ("behind", "on_track"), ("on_track", "behind")]
        )

    def test_later_value_for_an_earlier_day_changes_nothing(self):
        self.make()
        # Far enough on schedule to leave May's red light behind, too.
        self.push("文旅投资,2026-06-30,15.4亿元")
        self.push("文旅投资,2026-05-31,1亿元")
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.changes(), [("no_data", "on_track")])

    def test_a_light_that_stays_red_is_logged_once_a_month(self):
        self.make()
        for day in ("2026-04-30", "2026-05-31", "2026-06-30"):
            self.push(f"文旅投资,{day},1亿元")
            self.push(f"文旅投资,{day},1.1亿元")
        eventually(lambda: len(self.records("still_behind")) == 2)
        self.daemon.restart()
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.changes(), [("no_data", "behind")])
        second, third = self.records("still_behind")
        self.assertEqual((second["periods_behind"], third["periods_behind"]), (2, 3))
        self.assertEqual((third["level"], third["status_since"]), ("warn", "2026-04-30"))
        self.assertIn("连续第 3 个月亮红灯", third["message"])

    def test_rows_of_one_submission_make_one_record(self):
        self.make()
        self.push(*[f"文旅投资,2026-{day},{value}亿元" for day, value in (
            ("02-28", 1), ("03-31", 15), ("04-30", 2), ("05-31", 30), ("06-30", 12.6))])
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.changes(), [("no_data", "behind")])

    def test_percentages_milestones_and_pledges(self):
        self.make()
        self.push("规范化率,2026-06-30,87.66%", "新院区,2026-06-30,0.6", "健康体检,2026-06-30,1",
                  department=HEALTH)
        eventually(lambda: len(self.changes()) == 3)
        rate, = self.records("status_changed", "health.rate")
        self.assertEqual((rate["actual"], rate["expected"], rate["deviation_points"]),
                         (87.66, 95, -7.34))
        self.assertEqual((rate["unit"], rate["to"]), ("%", "behind"))
        pledge, = self.records("status_changed", "health.screening")
        self.assertEqual(pledge["to"], "reported")
        self.assertIsNone(pledge["deviation_points"])
        self.assertIsNone(pledge["expected"])

    def test_thousand_rows_sent_again_log_that_they_came_and_nothing_else(self):
        self.make(targets=many_targets(1000))
        rows = [f"culture-tourism.t{i},2026-06-30,{i % 100}" for i in range(1000)]
        self.push(*rows)
        eventually(lambda: len(self.changes()) == 1000)
        before = len(self.daemon.log_lines())
        self.assertEqual(self.push(*rows)["unchanged"], 1000)
        for row in rows[:50]:
            self.push(row)
        said = self.daemon.log_lines()[before:]
        self.assertEqual([(line["event"], line["level"]) for line in said], [("submission", "info")] * 51)
        self.assertIn("1000 rows, 1000 unchanged", said[0]["message"])

    def test_nothing_is_said_twice_across_restarts(self):
        self.make()
        rows = "文旅投资,2026-06-30,12.6亿元", "文旅投资,2026-05-31,3亿元"
        self.push(*rows)
        for _ in range(3):
            self.daemon.restart()
            self.assertEqual(self.push(*rows)["unchanged"], 2)
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.changes(), [("no_data", "behind")])

    def test_change_of_the_catalogue_is_logged_without_a_submission(self):
        daemon = self.make()
        self.push("文旅投资,2026-06-30,12.6亿元")
        daemon.write_targets(TARGETS.replace("goal = 30\n", "goal = 25\n"))
        self.assertEqual(daemon.reload().status, 200)
        eventually(lambda: len(self.changes()) == 2)
        daemon.write_targets(TARGETS)
        daemon.restart()
        eventually(lambda: len(self.changes()) == 3)
        self.assertEqual(self.changes(), [("no_data", "behind"), ("behind", "on_track"),
                                          ("on_track", "behind")])
        records = self.records("status_changed")
        self.assertIsNotNone(records[0]["submission"])
        self.assertEqual([r["submission"] for r in records[1:]], [None, None])
        self.assertEqual(records[2]["as_of"], "2026-06-30")


class Days(LogCase):
    """What the calendar brings. Dates are the district's: UTC unless a test says otherwise."""

    def setUp(self):
        self.today = datetime.datetime.now(datetime.timezone.utc).date()
        self.last_month_end = self.today.replace(day=1) - datetime.timedelta(days=1)
        # From the first of a month on: a first month that is cut to less than half owes no report.
        start = (self.last_month_end.replace(day=1) - datetime.timedelta(days=40)).replace(day=1)
        # The day after the first month's end, and how many months have ended since.
        self.first_missing = (start.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)
        self.missing = (self.today.year - start.year) * 12 + self.today.month - start.month
        end = self.today + datetime.timedelta(days=400)
        self.targets = TARGETS.replace("2026-01-01", str(start)).replace(
            "2026-12-31", str(end)
        ).replace("\ndeadline", "\ngrace_days = 0\ndeadline").replace(
            "\n\n[[department]]", f'\nprogramme = "days"\nperiod = [{start}, {end}]\n\n[[department]]', 1)

    def zone(self, name):
        return f'[district]\nname = "试验区"\ntime_zone = "{name}"\n'

    def test_overdue_report_is_logged_once_and_so_is_its_arrival(self):
        self.make(self.zone("UTC"), self.targets)
        target = "culture-tourism.investment"
        overdue, = eventually(lambda: self.records("report_overdue", target))
        self.assertEqual(overdue["level"], "warn")
        self.assertEqual(overdue["period_end"], str(self.last_month_end))
        self.assertEqual(overdue["due_by"], str(self.last_month_end))
        # Since the first of the months that were never reported.
        self.assertEqual(overdue["overdue_since"], str(self.first_missing))
        self.assertEqual(overdue["reports_missing"], self.missing)
        self.assertIsNone(overdue["as_of"])
        self.assertIn("迟报", overdue["message"])
        self.assertEqual(
            self.daemon.metric("district_target_report_overdue", target=target), 1)

        receipt = self.push(f"文旅投资,{self.last_month_end},12亿元")
        arrived, = eventually(lambda: self.records("report_arrived"))
        self.assertEqual((arrived["target"], arrived["submission"], arrived["as_of"]),
                         (target, receipt["submission"], str(self.last_month_end)))
        self.assertEqual(arrived["level"], "info")
        self.assertEqual(
            self.daemon.metric("district_target_report_overdue", target=target), 0)
        self.daemon.restart()
        self.push(f"文旅投资,{self.last_month_end},12亿元")
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(len(self.records("report_overdue", target)), 1)
        self.assertEqual(len(self.records("report_arrived")), 1)

    def test_old_figures_do_not_make_the_report_arrive(self):
        self.make(self.zone("UTC"), self.targets)
        day_before = self.last_month_end.replace(day=1) - datetime.timedelta(days=1)
        self.push(f"文旅投资,{day_before},12亿元")
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.records("report_arrived"), [])

    def test_daily_summary_names_what_is_red(self):
        self.make(self.zone("UTC"), self.targets)
        first, = eventually(lambda: self.records("daily_summary"))
        self.assertEqual((first["red"], first["grey"], first["red_targets"]), (0, 5, []))
        self.push(f"文旅投资,{self.last_month_end},0.1亿元")
        self.push(f"大学生村医,{self.last_month_end},100", f"规范化率,{self.last_month_end},50%",
                  f"健康体检,{self.last_month_end},1", department=HEALTH)
        self.daemon.restart()
        summary = eventually(lambda: self.records("daily_summary")[1:])[0]
        self.assertEqual(sorted(summary["red_targets"]),
                         ["culture-tourism.investment", "health.rate"])
        counts = {k: summary[k] for k in ("red", "yellow", "green", "grey", "reported", "red_more")}
        self.assertEqual(counts, {"red": 2, "yellow": 0, "green": 1, "grey": 1, "reported": 1,
                                  "red_more": 0})
        self.assertEqual(summary["level"], "info")
        self.assertIn("文旅投资", summary["message"])

    def test_daily_summary_names_fifty_at_most(self):
        self.make(targets=many_targets(60))
        self.push(*[f"culture-tourism.t{i},2026-06-30,1" for i in range(60)])
        self.daemon.restart()
        summary = eventually(lambda: self.records("daily_summary")[1:])[0]
        self.assertEqual((summary["red"], len(summary["red_targets"]), summary["red_more"]),
                         (60, 50, 10))

    def test_day_that_passes_while_it_is_down(self):
        """25 hours lie between these zones: the one is always at least a day ahead of the other."""
        west = datetime.timezone(datetime.timedelta(hours=-11))
        deadline = datetime.datetime.now(west).date()
        start = deadline - datetime.timedelta(days=100)
        # Without days of grace the final report is due on the deadline itself.
        targets = of_years(TARGETS).replace("2026-01-01", str(start)).replace(
            "2026-12-31", str(deadline)).replace("\ndeadline", "\ngrace_days = 0\ndeadline")
        daemon = self.make(self.zone("Pacific/Pago_Pago"), targets)
        self.push(f"文旅投资,{start},0.1亿元")
        eventually(lambda: len(self.changes()) == 1)
        status = self.changes()[0][1]
        self.assertEqual(daemon.terminate(), 0)
        daemon.configure(self.zone("Pacific/Kiritimati"), targets=targets, tokens=TOKENS)
        daemon.start()
        eventually(lambda: self.changes("culture-tourism.investment") ==
                   [("no_data", status), (status, "overdue")])
        record = self.records("status_changed", "culture-tourism.investment")[1]
        self.assertIsNone(record["submission"])
        self.assertEqual(record["level"], "warn")
        eventually(lambda: len(self.records("daily_summary")) == 2)
        before, after = self.records("daily_summary")
        self.assertGreater(after["date"], before["date"])
        self.assertIn("culture-tourism.investment", after["red_targets"])


class AtMidnight(Districtd):
    """The daemon in a time zone in which it will be midnight at `midnight` (seconds since 1970)."""

    ZONE = "Etc/GMT+7"

    @staticmethod
    def offset(midnight):
        """Seconds east of UTC, at most half a day either way."""
        offset = -midnight % 86400
        return offset - 86400 if offset > 43200 else offset

    def __init__(self, midnight, targets):
        offset = self.offset(midnight)
        super().__init__(f'[district]\nname = "试验区"\ntime_zone = "{self.ZONE}"\n',
                         targets=targets, tokens=TOKENS)
        # A zone without transitions, see tzfile(5).
        counts = struct.pack(">6I", 0, 0, 0, 0, 1, 4)
        block = b"TZif2" + bytes(15) + counts + struct.pack(">iBB", offset, 0, 0) + b"XYZ\0"
        sign, size = "-" if offset >= 0 else "", abs(offset)
        rule = f"\nXYZ{sign}{size // 3600}:{size // 60 % 60:02}:{size % 60:02}\n"
        (self.directory / "zone").write_bytes(block * 2 + rule.encode())

    def command(self):
        script = f'mount --bind "$0" /usr/share/zoneinfo/{self.ZONE} && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", script, str(self.directory / "zone"),
                *super().command()]


@unittest.skipUnless(os.geteuid() == 0, "a time zone of its own needs root")
class Midnight(LogCase):
    def test_new_day_is_judged_and_summed_up_once(self):
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
            self.skipTest("this machine does not let the test mount anything")
        for ahead in (10, 30, 90):  # a busy machine takes its time to start them
            midnight = int(time.time()) + ahead
            daemons, today = self.started_before(midnight)
            if time.time() < midnight:
                break
        else:
            self.fail("it took too long to start them")
        self.pass_midnight(midnight, daemons, today)

    def started_before(self, midnight):
        """Two daemons whose midnight that is, and the day that it begins."""
        yesterday = datetime.datetime.fromtimestamp(
            midnight - 1 + AtMidnight.offset(midnight), datetime.timezone.utc).date()
        today = yesterday + datetime.timedelta(days=1)
        start = yesterday - datetime.timedelta(days=400)
        targets = TARGETS.replace("2026-01-01", str(start)).replace(
            "2026-12-31", str(yesterday)
        ).replace("\ndeadline", '\ncadence = "none"\ndeadline').replace(
            "\n\n[[department]]",
            f'\nprogramme = "days"\nperiod = [{start}, {yesterday}]\n\n[[department]]', 1)
        daemons = [AtMidnight(midnight, targets) for _ in range(2)]
        for self.daemon in daemons:
            self.addCleanup(self.daemon.stop)
            self.daemon.start()
            self.push(f"文旅投资,{yesterday},1亿元")
            self.push(f"大学生村医,{yesterday},99", department=HEALTH)
            self.push(f"大学生村医,{yesterday},100", department=HEALTH)
        return daemons, today

    def pass_midnight(self, midnight, daemons, today):
        eventually(lambda: time.time() >= midnight, timeout=120)
        # A reload that sees the new day first must not take its summary away.
        self.assertEqual(daemons[0].reload().status, 200)
        for self.daemon in daemons:
            eventually(lambda: len(self.records("daily_summary")) == 2, timeout=30)
            before, after = self.records("daily_summary")
            self.assertEqual((before["date"], after["date"]),
                             (str(today - datetime.timedelta(days=1)), str(today)))
            # It has its final value; of what was never reported the report is not yet due.
            self.assertEqual(after["red_targets"], ["culture-tourism.investment"])
            change = self.records("status_changed", "culture-tourism.investment")[-1]
            self.assertEqual((change["to"], change["submission"]), ("overdue", None))
            self.assertEqual(self.changes("health.doctors")[-1][1], "achieved")
            self.assertEqual(
                self.daemon.metric("district_target_status", target=change["target"],
                                   status="overdue"), 1)
        self.assertEqual(daemons[0].terminate(), 0)
        self.daemon = daemons[0]
        self.assertEqual(len(self.records("daily_summary")), 2)


class OnSmallDisk(Districtd):
    """The daemon with a file system of its own below log/, of 64 KiB."""

    def command(self):
        script = 'mount -t tmpfs -o size=64k,mode=0755 log "$0" && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", script, str(self.directory / "log"),
                *super().command()]

    def log_folder(self):
        """Its log/ as it sees it."""
        return pathlib.Path(f"/proc/{self.pid}/root{self.directory}/log")


@unittest.skipUnless(os.geteuid() == 0, "a file system of its own needs root")
class FullDisk(LogCase):
    def setUp(self):
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
            self.skipTest("this machine does not let the test mount anything")
        self.daemon = OnSmallDisk(log(sink="file", path="log/districtd.log"), targets=TARGETS,
                                  tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        (self.daemon.directory / "log").mkdir()
        self.daemon.start()

    def logged(self, event):
        records = []
        for line in whole_lines(self.daemon.log_folder() / "districtd.log"):
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:  # the disk had no room for the rest of it
                continue
        return [record for record in records if record["event"] == event]

    def fill(self):
        with open(self.daemon.log_folder() / "filler", "ab", buffering=0) as filler:
            for size in (4096, 1):
                try:
                    while True:
                        filler.write(bytes(size))
                except OSError:
                    pass

    def said(self):
        """What the store holds as said, by the id of the target of 2026."""
        with sqlite3.connect(self.daemon.directory / "districtd.db") as connection:
            said = dict(connection.execute("SELECT target, status FROM judged"))
        return {key.removeprefix("2026/"): status for key, status in said.items()}

    def changes(self):
        return [(record["from"], record["to"]) for record in self.logged("status_changed")]

    def test_changes_of_a_full_disk_are_said_once_there_is_room(self):
        daemon = self.daemon
        target = "culture-tourism.investment"
        self.push("文旅投资,2026-06-30,12.6亿元")
        eventually(lambda: self.said().get(target) == "behind")
        self.fill()
        # Submissions are logged as well: the last block is full after a few of them.
        for number in range(40):
            self.push(f"文旅投资,2026-05-31,{number}亿元")
        eventually(lambda: daemon.metric("districtd_log_failing") == 1)
        self.assertGreater(daemon.metric("districtd_log_write_failures_total"), 0)
        before = self.changes()
        self.push("文旅投资,2026-06-30,20亿元")
        self.push("大学生村医,2026-06-30,100", department=HEALTH)
        self.push("文旅投资,2026-06-30,12.6亿元")
        eventually(lambda: daemon.metric("district_target_status", target="health.doctors",
                                         status="achieved") == 1)
        self.assertEqual(self.changes(), before)
        self.assertEqual(self.said().get(target), "behind")
        self.assertEqual(self.said().get("health.doctors"), "no_data")
        self.assertEqual(daemon.get("/-/ready").status, 200)
        self.assertEqual([line["event"] for line in daemon.log_lines()], ["log_write_failed"])
        self.assertIn("No space left on device", daemon.log_lines()[0]["message"])

        (daemon.log_folder() / "filler").unlink()
        eventually(lambda: len(self.changes()) == len(before) + 3, 30)
        late = self.logged("status_changed")[len(before):]
        self.assertEqual([(r["target"], r["to"]) for r in late],
                         [(target, "ahead"), ("health.doctors", "achieved"), (target, "behind")])
        for record in late:
            self.assertLess(datetime.datetime.fromisoformat(record["seen_at"]),
                            datetime.datetime.fromisoformat(record["time"]))
        self.assertGreater(self.logged("log_gap")[0]["records"], 0)
        eventually(lambda: self.said().get("health.doctors") == "achieved")
        eventually(lambda: daemon.metric("districtd_log_failing") == 0)
        self.push("文旅投资,2026-06-30,20亿元")
        eventually(lambda: self.changes()[-1] == ("behind", "ahead"))
        self.assertNotIn("seen_at", self.logged("status_changed")[-1])

    def test_what_was_not_said_when_it_is_killed_is_said_by_the_next_start(self):
        daemon = self.daemon
        self.fill()
        for number in range(40):
            self.push(f"文旅投资,2026-05-31,{number}亿元")
        eventually(lambda: daemon.metric("districtd_log_failing") == 1)
        self.push("大学生村医,2026-06-30,100", department=HEALTH)
        eventually(lambda: daemon.metric("district_target_status", target="health.doctors",
                                         status="achieved") == 1)
        daemon.kill()
        daemon.start()  # with an empty log/
        eventually(lambda: ("no_data", "achieved") in self.changes())
        eventually(lambda: self.said().get("health.doctors") == "achieved")


class Json(LogCase):
    def test_every_line_is_an_object_with_time_level_event_and_message(self):
        targets = TARGETS.replace('"文旅投资"', json.dumps(ODD_NAME, ensure_ascii=False)).replace(
            '"完成文旅投资30亿元以上"', json.dumps(ODD_QUOTE, ensure_ascii=False))
        daemon = self.make(targets=targets)
        self.push('culture-tourism.investment,2026-06-30,12.6亿元,"备注\n换行"')
        daemon.write_targets("broken \x07 [")
        daemon.reload()
        daemon.write_targets(targets)
        daemon.reload()
        daemon.get("/nothing/%00%0a")
        self.assertEqual(daemon.terminate(), 0)
        lines = daemon.stderr().splitlines()
        self.assertGreater(len(lines), 5)
        for line in lines:
            record = json.loads(line)
            self.assertEqual(list(record)[:4], ["time", "level", "event", "message"], line)
            self.assertIsNotNone(datetime.datetime.fromisoformat(record["time"]).utcoffset())
            self.assertIn(record["level"], ("debug", "info", "warn", "error"))
        change, = self.records("status_changed")
        self.assertEqual(list(change), STATUS_CHANGED)
        self.assertEqual((change["name"], change["quote"]), (ODD_NAME, ODD_QUOTE))


class Text(LogCase):
    def test_one_line_a_record_with_the_sentence_and_the_fields(self):
        daemon = self.make(log(format="text"))
        receipt = self.push("文旅投资,2026-06-30,12.6亿元")
        line, = eventually(lambda: [line for line in daemon.stderr().splitlines()
                                    if "event=status_changed" in line])
        self.assertRegex(line, r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d warn 文旅投资")
        self.assertIn("-8.0 个百分点", line)
        fields = dict(re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|[^ ]+)', line))
        self.assertEqual(
            [f for f in STATUS_CHANGED if f not in fields], ["time", "level", "message"]
        )
        self.assertEqual(json.loads(fields["submission"]), receipt["submission"])
        self.assertEqual(json.loads(fields["deviation_points"]), -8)
        self.assertEqual(json.loads(fields["quote"]), "完成文旅投资30亿元以上")
        self.assertEqual(daemon.terminate(), 0)
        for each in daemon.stderr().splitlines():
            self.assertRegex(each, r"^\d{4}-\d\d-\d\d ")


class Sinks(LogCase):
    def in_file(self, path):
        return [json.loads(line) for line in whole_lines(path)]

    def test_file_is_appended_to_across_restarts(self):
        daemon = self.make(log(sink="file", path="districtd.log"))
        path = daemon.directory / "districtd.log"
        self.push("文旅投资,2026-06-30,12.6亿元")
        daemon.restart()
        self.push("文旅投资,2026-06-30,15亿元")
        self.assertEqual(daemon.terminate(), 0)
        self.assertEqual([r["to"] for r in self.in_file(path) if r["event"] == "status_changed"],
                         ["behind", "on_track"])
        self.assertEqual([r["event"] for r in self.in_file(path) if r["event"] == "started"],
                         ["started"] * 2)
        self.assertEqual(daemon.stderr(), "")

    def test_rotated_file_is_opened_anew_by_a_reload(self):
        daemon = self.make(log(sink="file", path="districtd.log"))
        path, rotated = daemon.directory / "districtd.log", daemon.directory / "districtd.log.1"
        self.push("文旅投资,2026-06-30,12.6亿元")
        os.rename(path, rotated)
        self.push("文旅投资,2026-06-30,15亿元")
        self.assertFalse(path.exists())
        self.assertEqual(daemon.reload().status, 200)
        self.push("文旅投资,2026-06-30,30亿元")
        self.assertEqual(daemon.terminate(), 0)
        self.assertEqual([r["to"] for r in self.in_file(rotated) if r["event"] == "status_changed"],
                         ["behind", "on_track"])
        self.assertEqual([r["to"] for r in self.in_file(path) if r["event"] == "status_changed"],
                         ["achieved"])

    def test_file_that_cannot_be_opened(self):
        daemon = self.make(log(sink="file", path="no/such/folder/districtd.log"), start=False)
        (daemon.directory / "no").write_text("a file where a folder should be")
        done = run_districtd("run", "--config", daemon.config_path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no/such/folder/districtd.log", done.stderr)
        # And for a reload: the old log goes on.
        daemon.configure(targets=TARGETS, tokens=TOKENS)
        daemon.start()
        daemon.configure(log(sink="file", path="no/such/folder/districtd.log"), targets=TARGETS,
                         tokens=TOKENS)
        answer = daemon.reload()
        self.assertEqual(answer.status, 422)
        self.assertIn("districtd.log", answer.json()["error"]["message"])
        self.push("文旅投资,2026-06-30,12.6亿元")
        eventually(lambda: self.changes() == [("no_data", "behind")])

    def test_full_log_disk_does_not_stop_the_daemon(self):
        if not os.access("/dev/full", os.W_OK):
            self.skipTest("there is no /dev/full")
        daemon = self.make(log(sink="file", path="/dev/full"))
        self.push("文旅投资,2026-06-30,12.6亿元")
        self.assertEqual(daemon.get("/-/healthy").status, 200)
        self.assertEqual(daemon.terminate(), 0)

    def test_level(self):
        daemon = self.make(log(level="warn"))
        self.push("文旅投资,2026-06-30,12.6亿元")
        self.push("文旅投资,2026-06-30,15亿元")
        self.push("文旅投资,2026-06-30,12.6亿元")
        eventually(lambda: len(self.records("status_changed")) == 2)
        self.assertEqual({r["level"] for r in daemon.log_lines()}, {"warn"})
        self.assertEqual({r["to"] for r in self.records("status_changed")}, {"behind"})
        daemon.configure(log(level="info"), targets=TARGETS, tokens=TOKENS)
        self.assertEqual(daemon.reload().status, 200)
        self.push("文旅投资,2026-06-30,15亿元")
        eventually(lambda: len(self.records("status_changed")) == 3)

    @unittest.skipIf(JOURNAL.exists(), "there is a journal here")
    def test_journal_that_is_not_there(self):
        daemon = self.make(log(sink="journald"), start=False)
        done = run_districtd("run", "--config", daemon.config_path)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(JOURNAL), done.stderr)

    @unittest.skipUnless(JOURNAL.exists(), "there is no journal here")
    @unittest.skipIf(shutil.which("journalctl") is None, "journalctl is not here")
    def test_journal(self):
        daemon = self.make(log(sink="journald"))
        self.push("文旅投资,2026-06-30,12.6亿元")

        def in_journal():
            done = subprocess.run(["journalctl", "-o", "cat", f"_PID={daemon.pid}"],
                                  capture_output=True, text=True, check=False)
            return [r for r in map(json.loads, done.stdout.splitlines())
                    if r["event"] == "status_changed"]

        record, = eventually(in_journal)
        self.assertEqual((record["from"], record["to"]), ("no_data", "behind"))
        self.assertEqual(daemon.stderr(), "")


if __name__ == "__main__":
    unittest.main()

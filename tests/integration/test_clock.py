"""A clock that is wrong: nothing is said by date until it can be believed, nothing is lost or spoiled."""

import datetime
import json
import mmap
import sqlite3
import struct
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import REPOSITORY, Districtd, eventually, preloaded

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
DAY = datetime.timedelta(days=1)
THURSDAY = datetime.datetime(2026, 7, 9, 10, tzinfo=SHANGHAI)
WEEKLY = """
[bulletins]
directory = "@DIR@/bulletins"
templates = "%s"
issuer = "试验区督查室"

[[bulletin]]
name = "weekly"
kind = "weekly"
schedule = "every Monday 08:30"
formats = ["json", "text"]
""" % (REPOSITORY / "config" / "bulletins")
INVESTMENT = "文旅投资,2026-06-30,12.6亿元"
DOCTORS = "大学生村医,2026-06-30,48"


class ADistrictWithAClock(Districtd):
    """The daemon on a machine whose clock the test sets: see set_clock.c. It is `truth` there; the
    machine's own time passes from then on."""

    ready_statuses = (200, 503)

    def __init__(self, truth, *arguments, **options):
        super().__init__(*arguments, **options)
        path = self.directory / "clock"
        path.write_bytes(bytes(24))
        self._environment |= preloaded(self.directory, "set_clock.c") | {"SET_CLOCK": str(path)}
        with open(path, "r+b") as file:
            self._settings = mmap.mmap(file.fileno(), 24)
        self._from_the_machine = truth - datetime.datetime.now(SHANGHAI)
        self._error = datetime.timedelta()
        self._boot = self._from_the_machine
        self.synchronised = None
        self._set()

    def truth(self):
        return datetime.datetime.now(SHANGHAI) + self._from_the_machine

    def set_clock(self, error=datetime.timedelta(), synchronised=None):
        """The clock is wrong by `error` from now on."""
        self._error, self.synchronised = error, synchronised
        self._set()

    def sleep_until(self, truth):
        """The machine sleeps, or nobody looks: both clocks go on."""
        by = truth - self.truth()
        self._from_the_machine += by
        self._boot += by
        self._set()

    def reboot(self, by=datetime.timedelta(hours=1)):
        """The time since boot begins anew; the file that says so of the boot before is no use."""
        self._boot += by
        (self.directory / "districtd.db.clock").unlink()
        self._set()

    def _set(self):
        wall = (self._from_the_machine + self._error) // datetime.timedelta(microseconds=1) * 1000
        boot = self._boot // datetime.timedelta(microseconds=1) * 1000
        state = -1 if self.synchronised is None else int(self.synchronised)
        self._settings[:] = struct.pack("=qqq", wall, boot, state)

    def stop(self):
        super().stop()
        self._settings.close()

    def ready(self):
        return self.get("/-/ready")

    def logged(self, event):
        return [line for line in self.log_lines() if line.get("event") == event]


class AWrongClock(unittest.TestCase):
    def district(self, config="", truth=THURSDAY, **clock):
        daemon = ADistrictWithAClock(truth, config, targets=TARGETS, tokens=TOKENS)
        self.addCleanup(daemon.stop)
        daemon.set_clock(**clock)
        return daemon.start()

    def push(self, daemon, department, row, status=200):
        answer = daemon.post(OBSERVATIONS, csv(row), token=TOKENS[department])
        self.assertEqual(answer.status, status, answer.text)
        return answer.json()

    def assert_received(self, receipt, when):
        received = datetime.datetime.fromisoformat(receipt["received_at"].replace("Z", "+00:00"))
        self.assertLess(abs(received - when), datetime.timedelta(minutes=5), receipt)
        day = when.astimezone(datetime.timezone.utc)
        self.assertTrue(receipt["submission"].startswith(day.strftime("%Y%m%d-")), receipt)

    def assert_not_credible(self, daemon, reason, *words):
        answer = daemon.ready()
        self.assertEqual(answer.status, 503, answer.text)
        for word in ("not ready", "correct_on", *words):
            self.assertIn(word, answer.text)
        self.assertEqual(daemon.metric("districtd_clock_credible"), 0)
        self.assertEqual(daemon.metric("districtd_clock_fault", reason=reason), 1)
        line = eventually(lambda: daemon.logged("clock_not_credible"), 30)[-1]
        self.assertEqual((line["level"], line["reason"]), ("error", reason))
        eventually(lambda: daemon.metric("districtd_ready") == 0, 30)

    def assert_credible(self, daemon):
        answer = daemon.ready()
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(daemon.metric("districtd_clock_credible"), 1)
        eventually(lambda: daemon.metric("districtd_ready") == 1, 30)

    @staticmethod
    def query(daemon, sql):
        with sqlite3.connect(daemon.directory / "districtd.db") as connection:
            return connection.execute(sql).fetchall()

    def occasions(self, daemon):
        """[(the district's day and time of an occasion, what became of it)] but for the first look."""
        rows = self.query(daemon, "SELECT due_at, outcome, late FROM bulletin_occasion"
                                  " WHERE outcome != 'adopted' ORDER BY due_at")
        return [(datetime.datetime.fromtimestamp(due / 1000, SHANGHAI).strftime("%m-%d %H:%M"),
                 outcome, bool(late)) for due, outcome, late in rows]

    def bulletin(self, daemon, day):
        folder = daemon.directory / "bulletins"
        return "\n".join(path.read_text() for path in sorted(folder.rglob(f"*{day}*.txt")))

    def test_a_moment_ahead_spoils_nothing(self):
        daemon = self.district(WEEKLY)
        self.assert_credible(daemon)
        eventually(lambda: self.query(daemon, "SELECT 1 FROM bulletin_occasion"), 30)

        daemon.set_clock(error=40 * DAY)
        self.assert_received(self.push(daemon, CULTURE, INVESTMENT), daemon.truth())
        self.assert_not_credible(daemon, "jumped_ahead", "2026-08-18", "2026-07-09")
        self.assertEqual(daemon.metric("district_target_actual", target="culture-tourism.investment"),
                         1.26e9)
        self.assertEqual(daemon.logged("status_changed"), [])
        daemon.set_clock()
        self.assert_credible(daemon)
        eventually(lambda: daemon.logged("clock_credible"), 30)
        changed = eventually(lambda: daemon.logged("status_changed"), 30)
        self.assertTrue(changed[0]["submission"].startswith("20260709-"), changed)
        self.assert_received(self.push(daemon, HEALTH, DOCTORS), daemon.truth())
        read = self.query(daemon, "SELECT clock_read - received_at FROM submission ORDER BY seq")
        self.assertAlmostEqual(read[0][0] / 86_400_000, 40, places=2)
        self.assertIsNone(read[1][0])

        daemon.sleep_until(datetime.datetime(2026, 7, 13, 8, 30, 2, tzinfo=SHANGHAI))
        eventually(lambda: self.occasions(daemon) == [("07-13 08:30", "made", False)], 30)
        text = self.bulletin(daemon, "2026-07-13")
        self.assertIn("12.6", text)
        late = [line for line in text.splitlines() if "未报送" in line]
        self.assertTrue(any("健康体检" in line or "规范化率" in line for line in late), text)
        for reported in ("文旅投资", "大学生村医"):
            self.assertFalse(any(reported in line for line in late), late)
        daemon.sleep_until(datetime.datetime(2026, 7, 20, 8, 30, 2, tzinfo=SHANGHAI))
        eventually(lambda: [day for day, *_ in self.occasions(daemon)]
                   == ["07-13 08:30", "07-20 08:30"], 30)
        self.assertEqual({daemon.metric("districtd_clock_credible")}, {1})

    def test_a_jump_over_an_occasion_holds_it_and_it_is_made_up_for(self):
        daemon = self.district(WEEKLY)
        eventually(lambda: self.query(daemon, "SELECT 1 FROM bulletin_occasion"), 30)
        daemon.set_clock(error=-20 * DAY)
        self.assert_not_credible(daemon, "jumped_back")
        daemon.sleep_until(datetime.datetime(2026, 7, 13, 8, 20, tzinfo=SHANGHAI))
        self.assert_received(self.push(daemon, CULTURE, INVESTMENT), daemon.truth())
        daemon.sleep_until(datetime.datetime(2026, 7, 13, 9, tzinfo=SHANGHAI))
        self.assertEqual(daemon.reload().status, 200)  # has the schedule looked at
        self.push(daemon, HEALTH, DOCTORS)
        self.assertEqual(self.occasions(daemon), [])
        daemon.set_clock()
        eventually(lambda: self.occasions(daemon) == [("07-13 08:30", "made", True)], 30)
        text = self.bulletin(daemon, "2026-07-13")
        self.assertIn("12.6", text, "it was received before, and reckoned right")
        self.assertNotIn("48", text, "it was received after")

    def test_a_start_behind_the_newest_record(self):
        daemon = self.district()
        newest = self.push(daemon, CULTURE, INVESTMENT)
        daemon.terminate()
        daemon.reboot()
        daemon.set_clock(error=-60 * DAY)
        daemon.start()
        self.assert_not_credible(daemon, "behind_records", "2026-05-10", "2026-07-09")
        receipt = self.push(daemon, HEALTH, DOCTORS)
        self.assertGreaterEqual(receipt["received_at"], newest["received_at"])
        self.assertEqual(daemon.logged("daily_summary")[1:], [])
        daemon.set_clock()
        self.assert_credible(daemon)
        eventually(lambda: daemon.logged("daily_summary")[1:], 30)
        self.assert_received(self.push(daemon, HEALTH, "大学生村医,2026-06-30,49"), daemon.truth())

    def test_a_start_years_ahead_and_a_day_that_nobody_can_judge(self):
        daemon = self.district()
        self.push(daemon, CULTURE, INVESTMENT)
        daemon.terminate()
        daemon.reboot()
        daemon.sleep_until(THURSDAY + 35 * DAY)
        daemon.set_clock(error=73 * 365 * DAY)
        daemon.start()
        self.assert_not_credible(daemon, "ahead_of_records", "2099-")
        self.push(daemon, HEALTH, DOCTORS)
        # It may well be August by now: that July lies in the future nobody can say.
        answer = self.push(daemon, CULTURE, "文旅投资,2026-07-31,14亿元", 503)
        self.assertEqual(answer["error"]["code"], "unavailable")
        self.assertIn("时钟", answer["error"]["message"])
        daemon.set_clock()
        self.assert_credible(daemon)
        self.push(daemon, CULTURE, "文旅投资,2026-07-31,14亿元")
        self.push(daemon, CULTURE, "文旅投资,2026-10-31,15亿元", 422)

    def test_a_restart_does_not_forget_a_jump(self):
        daemon = self.district(WEEKLY)
        self.push(daemon, CULTURE, INVESTMENT)
        eventually((daemon.directory / "districtd.db.clock").exists, 30)
        daemon.terminate()
        daemon.set_clock(error=40 * DAY)
        daemon.start()
        self.assert_not_credible(daemon, "jumped_ahead", "2026-08-18")
        self.assert_received(self.push(daemon, HEALTH, DOCTORS), daemon.truth())
        self.assertEqual(self.occasions(daemon), [])
        daemon.set_clock()
        self.assert_credible(daemon)

    def test_the_first_start_of_all_in_1970(self):
        daemon = self.district(error=datetime.datetime(1970, 1, 2, tzinfo=SHANGHAI) - THURSDAY)
        self.assert_not_credible(daemon, "behind_records", "1970-")
        self.push(daemon, CULTURE, INVESTMENT, 503)
        daemon.set_clock()
        self.assert_credible(daemon)
        self.assert_received(self.push(daemon, CULTURE, INVESTMENT), daemon.truth())

    def test_the_operator_says_that_the_clock_is_right(self):
        daemon = self.district()
        self.push(daemon, CULTURE, INVESTMENT)
        daemon.set_clock(error=-30 * DAY)
        self.assert_not_credible(daemon, "jumped_back")
        daemon.configure("[clock]\ncorrect_on = 2026-06-07\n", targets=TARGETS, tokens=TOKENS)
        self.assertEqual(daemon.reload().status, 200)
        self.assert_not_credible(daemon, "jumped_back")
        daemon.configure("[clock]\ncorrect_on = 2026-06-09\n", targets=TARGETS, tokens=TOKENS)
        self.assertEqual(daemon.reload().status, 200)
        self.assert_credible(daemon)
        receipt = self.push(daemon, HEALTH, "大学生村医,2026-05-31,40")
        self.assert_received(receipt, THURSDAY - 30 * DAY)
        known = daemon.get("/api/v1/targets/culture-tourism.investment?known_at=2026-06-09&on=2026-07-09")
        self.assertEqual(known.json()["actual"], 12.6, "it was there before the other one")

    def test_the_step_of_ntp_after_the_start_is_believed(self):
        daemon = self.district(error=-20 * DAY, synchronised=False)
        self.assert_credible(daemon)
        first = self.push(daemon, CULTURE, "文旅投资,2026-05-31,10亿元")
        self.assert_received(first, THURSDAY - 20 * DAY)
        daemon.set_clock(synchronised=True)
        self.assert_credible(daemon)
        self.assert_received(self.push(daemon, HEALTH, DOCTORS), daemon.truth())

    def test_ntp_that_was_in_time_and_jumps_is_not_believed_at_once(self):
        daemon = self.district(synchronised=True)
        self.push(daemon, CULTURE, INVESTMENT)
        daemon.set_clock(error=40 * DAY, synchronised=True)
        self.assert_not_credible(daemon, "jumped_ahead")
        daemon.sleep_until(daemon.truth() + datetime.timedelta(minutes=45))
        self.assert_credible(daemon)


if __name__ == "__main__":
    unittest.main()

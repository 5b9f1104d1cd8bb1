"""What was changed of the promises: decided after the deadline, listed, and given to other departments."""

import datetime
import json
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, eventually, run_districtd
from test_clock import SHANGHAI, ADistrictWithAClock

INVESTMENT = "culture-tourism.investment"
FIRST = 'deadline = 2026-12-31\nsection = "区文旅局"'


def noon(year, month, day):
    return datetime.datetime(year, month, day, 12, tzinfo=SHANGHAI)


def targets(change):
    """The investment was promised by the end of June; `change` is what was decided since."""
    assert TARGETS.count(FIRST) == 1
    first, rest = TARGETS.replace(FIRST, FIRST.replace("12-31", "06-30")).split(
        '[[target]]\nid = "health.rate"')
    return first + change + '\n[[target]]\nid = "health.rate"' + rest


EXTENSION = """
[[target.change]]
from = 2026-08-01
decided = 2026-08-20
reason = "区政府第12次常务会议"
deadline = 2026-12-31
"""
MOVE = """
[[target.change]]
from = 2026-09-01
reason = "机构改革"
department = "health"
"""


class Changes(unittest.TestCase):
    def setUp(self):
        self.daemon = self.enterContext(
            ADistrictWithAClock(noon(2026, 7, 5), targets=targets(EXTENSION + MOVE), tokens=TOKENS))

    def get(self, path, status=200):
        answer = self.daemon.get(path)
        self.assertEqual(answer.status, status, answer.text)
        return json.loads(answer.text)

    def send(self, department, *rows):
        return self.daemon.post(OBSERVATIONS, csv(*rows), token=TOKENS[department])

    def target(self, moment=""):
        found = [t for t in self.get(f"/api/v1/targets?{moment}") if t["target"] == INVESTMENT]
        self.assertEqual(len(found), 1)
        return found[0]

    def command(self, *arguments):
        done = run_districtd(*arguments, "--config", str(self.daemon.config_path))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_from_an_old_deadline_over_the_decision_to_another_department(self):
        self.assertEqual(self.send(CULTURE, "文旅投资,2026-06-30,24亿元").status, 200)
        eventually(lambda: self.target()["status"] == "overdue")
        self.assertEqual(self.get("/api/v1/changes"), [])

        self.daemon.sleep_until(noon(2026, 8, 25))
        eventually(lambda: self.target()["extended"])
        now = self.target()
        self.assertEqual((now["status"], now["deadline"], now["first_deadline"], now["extensions"],
                          now["first_status"]),
                         ("behind", "2026-12-31", "2026-06-30", 1, "overdue"))
        # The days between the old deadline and the decision stay as they were.
        between = self.target("on=2026-08-19")
        self.assertEqual((between["status"], between["extended"], between["extensions"]),
                         ("overdue", False, 0))
        changes = self.get("/api/v1/changes")
        self.assertEqual([(c["kind"], c["old"], c["new"], c["decided"], c["extension"])
                          for c in changes],
                         [("extension", "2026-06-30", "2026-12-31", "2026-08-20", 1)])
        self.assertEqual(changes[0]["reason"], "区政府第12次常务会议")
        self.assertEqual(self.daemon.metric("district_target_extensions", target=INVESTMENT), 1)
        self.assertEqual(self.daemon.metric("district_department_changes", department=CULTURE,
                                            kind="extension"), 1)

        self.daemon.sleep_until(noon(2026, 9, 3))
        eventually(lambda: self.target()["department"] == HEALTH)
        refused = self.send(CULTURE, "文旅投资,2026-08-31,27亿元")
        self.assertEqual(refused.json()["errors"][0]["code"], "other_department")
        self.assertIn("区卫健局", refused.json()["errors"][0]["message"])
        taken = self.send(HEALTH, "文旅投资,2026-08-31,27亿元").json()
        self.assertEqual(taken["accepted"], 1)
        self.assertIn("原由区文旅局负责，自 2026-09-01 起由区卫健局负责", taken["notes"][0])
        self.assertEqual(self.target("on=2026-08-31")["department"], CULTURE)
        moved = self.get("/api/v1/changes?since=2026-09-01")
        self.assertEqual([(c["kind"], c["old"], c["new"], c["department"]) for c in moved],
                         [("department", CULTURE, HEALTH, HEALTH)])

        # What `status --changes` prints is the same.
        self.assertEqual(json.loads(self.command("status", "--changes", "--format", "json",
                                                 "--on", "2026-09-03")),
                         self.get("/api/v1/changes"))
        table = self.command("status", "--changes", "--on", "2026-09-03")
        self.assertIn("延期（第1次）", table)
        self.assertIn("按最初的承诺：完成 0 项、逾期未完成 1 项", table)
        self.assertIn("延期", self.command("status", "--on", "2026-09-03"))
        self.assertIn("2026-06-30,2026-12-31",
                      self.command("status", "--changes", "--format", "csv", "--on", "2026-09-03"))

    def test_what_is_asked_wrongly_is_said(self):
        self.assertIn("since=2026-06-30",
                      self.get("/api/v1/changes?since=June", 400)["error"]["message"])
        self.assertEqual(self.get("/api/v1/changes?department=x", 404)["error"]["code"],
                         "unknown_department")
        self.assertEqual(self.get("/api/v1/changes?on=June", 400)["error"]["code"], "bad_date")
        done = run_districtd("status", "--since", "2026-06-30", "--config",
                             str(self.daemon.config_path))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)


class KnownThen(unittest.TestCase):
    def test_a_merger_counts_by_the_catalogue_of_the_time(self):
        with Districtd(targets=TARGETS, tokens=TOKENS) as daemon:
            def department(query):
                answer = daemon.get(f"/api/v1/targets?{query}")
                self.assertEqual(answer.status, 200, answer.text)
                found = [t for t in answer.json() if t["target"] == INVESTMENT]
                return found[0]["department"], found[0]["department_name"]

            # What is kept is in order: the catalogue that it started with lies before this figure.
            self.assertEqual(daemon.post(OBSERVATIONS, csv("文旅投资,2026-05-31,10亿元"),
                                         token=TOKENS[CULTURE]).status, 200)
            before = datetime.datetime.now(datetime.timezone.utc).isoformat(
                timespec="milliseconds").replace("+", "%2B")
            # Times of adoption are milliseconds; the next thing happens in a later one.
            eventually(lambda: datetime.datetime.now(datetime.timezone.utc).isoformat(
                timespec="milliseconds").replace("+", "%2B") > before)
            daemon.write_targets(TARGETS.replace(
                'name = "区文旅局"\n',
                'name = "区文旅局"\nmerged_into = { id = "health", from = 2026-03-01 }\n', 1).replace(
                'name = "区卫健局"\n',
                'name = "区卫健局"\nrenamed = [{ from = 2026-03-01, name = "区卫健文旅局" }]\n', 1))
            reloaded = daemon.reload()
            self.assertEqual(reloaded.status, 200, reloaded.text)
            self.assertEqual(department("on=2026-06-30"), (HEALTH, "区卫健文旅局"))
            self.assertEqual(department("on=2026-02-28"), (CULTURE, "区文旅局"))
            self.assertEqual(department(f"on=2026-06-30&known_at={before}"), (CULTURE, "区文旅局"))
            # The old department's token goes on with what it had, and no more.
            old = daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,12亿元",
                                                "大学生村医,2026-06-30,50名"),
                              token=TOKENS[CULTURE]).json()
            self.assertEqual((old["accepted"], old["rejected"]), (1, 1))
            self.assertEqual(old["errors"][0]["code"], "other_department")
            self.assertIn("起由区卫健文旅局负责", old["notes"][0])


if __name__ == "__main__":
    unittest.main()

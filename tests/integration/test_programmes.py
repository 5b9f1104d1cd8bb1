"""The turn of the year: where a figure belongs between a programme's last deadline and its settlement."""

import datetime
import sqlite3
import unittest
import urllib.parse

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, eventually, run_districtd
from test_clock import SHANGHAI, ADistrictWithAClock

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


if __name__ == "__main__":
    unittest.main()

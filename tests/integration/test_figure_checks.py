"""[[check]] from outside: what does not add up is refused or asked about, and counted."""

import unittest

import servers
from district import HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv

NURSES = """
[[target]]
id = "health.staff"
name = "卫生人员"
kind = "cumulative"
goal = 200
unit = "名"
start = 2026-01-01
deadline = 2026-12-31
section = "区卫健局"
quote = "卫生人员200名"
"""
CHECK = """
[[check]]
name = "村医不多于卫生人员"
left = ["health.doctors"]
op = "<="
right = ["health.staff"]
severity = "%s"
"""


class FigureChecksTest(unittest.TestCase):
    def daemon(self, severity):
        daemon = servers.Districtd(targets=TARGETS + NURSES + CHECK % severity, tokens=TOKENS)
        self.addCleanup(daemon.stop)
        return daemon.start()

    def push(self, daemon, *rows, path=OBSERVATIONS):
        return daemon.post(path, csv(*rows), token=TOKENS[HEALTH])

    def counted(self, daemon):
        (check,) = daemon.get("/api/v1/checks").json()["checks"]
        return check["fired"], check["corrected"]

    def test_refusing(self):
        daemon = self.daemon("refuse")
        rows = ("大学生村医,2026-06-30,50,", "卫生人员,2026-06-30,40,", "规范化率,2026-06-30,95%,")
        dry = self.push(daemon, *rows, path=OBSERVATIONS + "?dry_run=true").json()
        self.assertEqual((dry["accepted"], dry["rejected"]), (1, 2))
        self.assertEqual(self.counted(daemon), (0, 0))
        receipt = self.push(daemon, *rows).json()
        self.assertEqual((receipt["accepted"], receipt["rejected"]), (1, 2))
        error = receipt["errors"][0]
        self.assertEqual((error["row"], error["code"]), (2, "check_failed"))
        self.assertIn("大学生村医 50名，应不大于卫生人员的 40名", error["message"])
        self.assertEqual(self.counted(daemon), (1, 0))
        self.assertEqual(self.push(daemon, "大学生村医,2026-06-30,30,", "卫生人员,2026-06-30,40,").json()["accepted"], 2)
        self.assertEqual(self.counted(daemon), (1, 1))
        daemon.restart()
        self.assertEqual(self.counted(daemon), (1, 1))

    def test_asking(self):
        daemon = self.daemon("ask")
        receipt = self.push(daemon, "大学生村医,2026-06-30,50,", "卫生人员,2026-06-30,40,").json()
        self.assertEqual((receipt["accepted"], receipt["flagged"]), (2, 2))
        self.assertEqual({flag["flag"] for flag in receipt["flags"]}, {"check"})
        self.assertEqual(self.counted(daemon), (1, 0))

    def test_a_check_that_cannot_be_made_is_a_finding(self):
        daemon = self.daemon("ask")
        daemon.configure(targets=TARGETS + CHECK % "ask", tokens=TOKENS)
        checked = servers.run_districtd("check", "--config", daemon.config_path)
        self.assertEqual(checked.returncode, 1)
        self.assertRegex(checked.stdout + checked.stderr,
                         r"targets\.toml:\d+:\d+: \[\[check\]\] names 'health.staff', which is no target")


if __name__ == "__main__":
    unittest.main()

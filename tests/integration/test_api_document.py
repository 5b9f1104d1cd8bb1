"""The curl lines of docs/api.md work as they are printed, against the daemon's port with TLS."""

import json
import os
import re
import subprocess
import unittest

from district import CULTURE, OFFICE, TOKENS, write_workbook
from servers import OPERATOR, REPOSITORY
from test_tls import TlsDaemon

DOCUMENT = (REPOSITORY / "docs/api.md").read_text()


def commands(heading):
    """The curl commands of the section, each with its continued lines."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", DOCUMENT, re.M | re.S)[1]
    blocks = re.findall(r"(?:^    .*\n)+", section, re.M)
    text = "".join(block for block in blocks if "curl" in block)
    return re.findall(r"^    curl .*(?:(?<=\\)\n.*)*", text, re.M)


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = TlsDaemon(serves="all")
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.start()
        write_workbook(cls.daemon.directory / "6月.xlsx")

    def run_as_printed(self, command):
        environment = os.environ | {
            "SERVER": self.daemon.tls_url, "TOKEN": TOKENS[CULTURE], "OFFICE": OFFICE,
            "OPERATOR": OPERATOR,
            "CURL_CA_BUNDLE": str(self.daemon.certificate)}
        done = subprocess.run(["bash", "-c", command], env=environment, cwd=self.daemon.directory,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""), command)
        return done.stdout.decode()

    def test_reports_are_taken(self):
        found = [command for command in commands("报送数据") if "/observations" in command]
        self.assertEqual(len(found), 5)
        for command in found:
            with self.subTest(command):
                receipt = json.loads(self.run_as_printed(command))
                self.assertEqual(sum(receipt[what] for what in ("accepted", "corrected", "unchanged")),
                                 1, receipt)

    def test_receipts_and_what_waits_are_answered(self):
        found = [command for command in commands("报送数据") if "/observations" not in command]
        self.assertGreaterEqual(len(found), 4)
        for command in found:
            with self.subTest(command):
                answer = json.loads(self.run_as_printed(command))
                # The number of the receipt is an example.
                self.assertIn(answer.get("error", {}).get("code"), (None, "unknown_submission"))

    def test_what_is_read_is_answered(self):
        found = commands("查看目标") + commands("运行")
        self.assertGreaterEqual(len(found), 8)
        for command in found:
            with self.subTest(command):
                self.assertNotIn('"error"', self.run_as_printed(command))


if __name__ == "__main__":
    unittest.main()

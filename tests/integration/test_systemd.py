"""systemd's own tools judge the unit, the accounts and the directories that systemd/ declares."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import tomllib
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SYSTEMD = REPOSITORY / "systemd"
UNIT = SYSTEMD / "districtd.service"


def run(tool, *arguments):
    path = shutil.which(tool)
    if path is None:
        raise unittest.SkipTest(f"{tool} is not on this machine; Debian has it in systemd")
    return subprocess.run(
        [path, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


def settings(name):
    """Every value that the unit gives to a key, in order."""
    pairs = (line.partition("=") for line in UNIT.read_text().splitlines())
    return [value for key, _, value in pairs if key == name]


class UnitTest(unittest.TestCase):
    def test_exposure_is_what_the_manuals_say(self):
        done = run("systemd-analyze", "security", "--offline=true", "--no-pager", UNIT)
        found = re.search(r"Overall exposure level for districtd\.service: ([0-9.]+)", done.stdout)
        self.assertIsNotNone(found, done.stdout + done.stderr)
        for manual in ("operating.md", "运维手册.md"):
            text = (REPOSITORY / "docs" / manual).read_text()
            said = re.findall(r"systemd-analyze security districtd` \D*([0-9]+\.[0-9])", text)
            self.assertEqual(said, [found[1]], f"docs/{manual}\n{done.stdout}")

    def test_memory_tasks_and_files_are_bounded(self):
        self.assertEqual(settings("MemoryMax"), ["1G"])
        self.assertEqual(settings("TasksMax"), ["128"])
        self.assertEqual(settings("LimitNOFILE"), ["65536"])

    def test_verify_has_no_complaint(self):
        with tempfile.TemporaryDirectory() as directory:
            # Only the binary's place is another's business: installed or not, it is no fault of
            # the unit.
            unit = pathlib.Path(directory) / UNIT.name
            unit.write_text(UNIT.read_text().replace("/usr/bin/districtd", "/bin/true"))
            done = run("systemd-analyze", "verify", "--recursive-errors=no", unit)
        self.assertEqual(done.returncode, 0, done.stderr)
        ours = [line for line in done.stderr.splitlines() if "districtd" in line]
        self.assertEqual(ours, [])

    def test_watchdog_and_notification_are_what_the_daemon_speaks(self):
        self.assertEqual(settings("Type"), ["notify"])
        self.assertEqual(settings("WatchdogSec"), ["30"])
        self.assertEqual(settings("ExecReload"),
                         ["/usr/bin/districtd reload --config /etc/districtd/districtd.toml"])
        self.assertEqual(settings("RuntimeDirectory"), ["districtd"])

    def test_the_credential_stands_where_the_configuration_looks_for_tokens(self):
        configuration = tomllib.loads((REPOSITORY / "config/districtd.toml").read_text())
        (tokens,) = configuration["http"]["token_files"]
        self.assertEqual(settings("LoadCredential"), [f"{tokens}:/etc/districtd/{tokens}"])
        self.assertEqual(settings("BindReadOnlyPaths"), [f"%d/{tokens}:/etc/districtd/{tokens}"])

    def test_store_and_inbox_of_the_configuration_are_writable(self):
        configuration = tomllib.loads((REPOSITORY / "config/districtd.toml").read_text())
        (state,) = settings("StateDirectory")
        places = [configuration["store"]["path"], configuration["csv_drop"][0]["directory"]]
        for place in places:
            self.assertTrue(place.startswith(f"/var/lib/{state}/"), place)


class AccountsAndDirectoriesTest(unittest.TestCase):
    """Made for real, below a root of their own, so that the machine stays as it is."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name)
        (self.root / "etc").mkdir()

    def make_accounts(self):
        done = run("systemd-sysusers", f"--root={self.root}", SYSTEMD / "districtd.sysusers")
        self.assertEqual(done.returncode, 0, done.stderr)

    def entries(self, name):
        lines = (self.root / "etc" / name).read_text().splitlines()
        return {line.split(":")[0]: line.split(":") for line in lines}

    def test_sysusers_makes_the_unit_s_user_and_puts_it_into_the_inbox_group(self):
        self.make_accounts()
        users, groups = self.entries("passwd"), self.entries("group")
        self.assertEqual(settings("User"), ["districtd"])
        self.assertIn("districtd", users)
        self.assertIn("nologin", users["districtd"][6])
        self.assertEqual(groups["districtd-inbox"][3], "districtd")

    def test_tmpfiles_makes_an_inbox_that_hands_its_group_down_and_shuts_others_out(self):
        self.make_accounts()
        done = run(
            "systemd-tmpfiles", "--create", f"--root={self.root}", SYSTEMD / "districtd.tmpfiles"
        )
        if "Operation not permitted" in done.stderr:
            self.skipTest("giving directories to other users needs root")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        inbox = (self.root / "var/lib/districtd/inbox").stat()
        self.assertEqual(inbox.st_mode & 0o7777, 0o2770)
        groups = self.entries("group")
        self.assertEqual(inbox.st_gid, int(groups["districtd-inbox"][2]))


if __name__ == "__main__":
    unittest.main()

"""Exactly once: the daemon is killed at each step of taking files from the inbox and putting them away.

strace kills it when it is about to make a certain system call for a certain file, so that no step is
met by chance and none is missed. Whatever the step, the next start ends as if nothing had happened.
"""

import contextlib
import json
import os
import subprocess
import unittest

from district import CULTURE, TARGETS, csv
from servers import Districtd, eventually, find_program

INBOX = '[[csv_drop]]\ndirectory = "inbox"\nquiet = "0s"\n'
WAL = "@DIR@/districtd.db-wal"
FOLDER = f"@DIR@/inbox/{CULTURE}"

# What it is about to do: the call, of which file, and which one it is. strace knows a file by the
# words of the call or by the path of its descriptor. Receipts have no name until they are whole; the
# inbox alone calls fsync, so that theirs are counted.
POINTS = {
    "read the file": ("pread64", f"{FOLDER}/a.csv", 1),
    "begin the write-ahead log": ("pwrite64", WAL, 1),
    "write the first page": ("pwrite64", WAL, 3),
    "write a later page": ("pwrite64", WAL, 8),
    "make the log's beginning durable": ("fdatasync", WAL, 1),
    "make the rows durable": ("fdatasync", WAL, 2),
    "make the folder for what was taken": ("mkdirat", "accepted", 1),
    "create the receipt": ("openat", f"{FOLDER}/accepted", 1),
    "make the receipt durable": ("fsync", None, 1),
    "show the receipt": ("linkat", "a.csv.receipt.json", 1),
    "create the refused rows": ("openat", f"{FOLDER}/accepted", 2),
    "make the refused rows durable": ("fsync", None, 2),
    "show the refused rows": ("linkat", "a.csv.errors.csv", 1),
    "move the file": ("renameat2", "a.csv", 1),
    "make the move durable": ("fsync", f"{FOLDER}/accepted", 1),
    "make its leaving durable": ("fsync", FOLDER, 1),
    "read the next file": ("pread64", f"{FOLDER}/b.csv", 1),
    "make the next file's rows durable, and that the first delivery is over": ("fdatasync", WAL, 3),
    "create the next file's receipt": ("openat", f"{FOLDER}/accepted", 3),
    "show the next file's receipt": ("linkat", "b.csv.receipt.json", 1),
    "move the next file": ("renameat2", "b.csv", 1),
    "make the next file's move durable": ("fsync", f"{FOLDER}/accepted", 2),
    "make the next file's leaving durable": ("fsync", FOLDER, 2),
    "make durable that the next delivery is over": ("fdatasync", WAL, 4),
}
# What the start after that is about to do.
POINTS_OF_THE_NEXT_START = {
    "make what lies on the shelf stay there": ("fsync", f"{FOLDER}/accepted", 1),
    "make what left the folder stay away": ("fsync", FOLDER, 1),
    "make durable that its deliveries are over": ("fdatasync", WAL, 1),
}


class Killed(Districtd):
    """The daemon that is killed at a point. It is the test's own child, strace a grandchild."""

    point = None

    def command(self):
        if self.point is None:
            return super().command()
        call, path, number = self.point
        of = [] if path is None else ["-P", path.replace("@DIR@", str(self.directory))]
        return ["strace", "-D", "-f", "-qq", "-o", str(self.directory / "strace.txt"),
                *of, "-e", f"trace={call}",
                "-e", f"inject={call}:signal=SIGKILL:when={number}", "--", *super().command()]


class KilledWhileItTakesFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        strace = find_program("strace", "strace")
        tried = subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, text=True)
        if tried.returncode != 0:
            raise unittest.SkipTest(f"strace may not trace here: {tried.stderr.strip()}")

    def killed_at(self, point):
        """A daemon that was killed there with two files in its inbox, and their folder."""
        daemon = Killed(INBOX, targets=TARGETS)
        self.addCleanup(daemon.stop)
        folder = daemon.directory / "inbox" / CULTURE
        folder.mkdir(parents=True)
        daemon.start()
        self.assertEqual(daemon.terminate(), 0)  # the next start has nothing to write
        daemon.point = point
        daemon.start()
        for name, rows in (("a.csv", ("文旅投资,2026-06-30,5", "文旅投,2026-06-30,7")),
                           ("b.csv", ("文旅投资,2026-06-30,6",))):
            (folder / f".{name}").write_text(csv(*rows))
            os.rename(folder / f".{name}", folder / name)
        eventually(lambda: not daemon.running(), timeout=30)
        self.assertEqual(daemon.process.returncode, -9)
        daemon.point = None
        return daemon, folder

    def test_every_row_and_every_file_is_there_once(self):
        for what, point in POINTS.items():
            with self.subTest(what):
                daemon, folder = self.killed_at(point)
                daemon.start()
                eventually(lambda: not self.is_unfinished(folder), timeout=30)
                self.assert_taken_once(daemon, folder)
                self.assert_deliveries_are_over(daemon, folder)
                self.assertEqual(daemon.terminate(), 0)
                daemon.stop()

    def test_killed_once_more_by_the_next_start(self):
        for what, point in POINTS_OF_THE_NEXT_START.items():
            with self.subTest(what):
                daemon, folder = self.killed_at(POINTS["make the next file's leaving durable"])
                daemon.point = point
                with contextlib.suppress(RuntimeError):  # it may be gone before it is ready
                    daemon.start()
                eventually(lambda: not daemon.running(), timeout=30)
                self.assertEqual(daemon.process.returncode, -9)
                daemon.point = None
                daemon.start()
                eventually(lambda: not self.is_unfinished(folder), timeout=30)
                self.assert_taken_once(daemon, folder)
                self.assert_deliveries_are_over(daemon, folder)
                self.assertEqual(daemon.terminate(), 0)
                daemon.stop()

    @staticmethod
    def is_unfinished(folder):
        return (folder / "a.csv").exists() or (folder / "b.csv").exists()

    def assert_taken_once(self, daemon, folder):
        shelf = folder / "accepted"
        self.assertEqual(sorted(os.listdir(folder)), ["accepted"])
        self.assertEqual(sorted(os.listdir(shelf)), [
            "a.csv", "a.csv.errors.csv", "a.csv.receipt.json", "b.csv", "b.csv.receipt.json"])
        shown = daemon.get("/api/v1/targets/culture-tourism.investment").json()
        said = {o["value"]: o["submission"] for o in shown["observations"]}
        self.assertEqual([o["value"] for o in shown["observations"]], [5, 6])
        self.assertEqual(shown["actual"], 6)
        for name, value, counts in (("a.csv", 5, (2, 1, 0, 0, 1)), ("b.csv", 6, (1, 0, 1, 0, 0))):
            receipt = json.loads((shelf / f"{name}.receipt.json").read_text("utf-8"))
            self.assertEqual(receipt["submission"], said[value])
            self.assertEqual(counts, tuple(
                receipt[key] for key in ("rows", "accepted", "corrected", "unchanged", "rejected")))
        self.assertIn("文旅投,2026-06-30,7,", (shelf / "a.csv.errors.csv").read_text("utf-8-sig"))

    def assert_deliveries_are_over(self, daemon, folder):
        """Files that somebody brings back are new ones, and not answered as the first time."""
        for name in ("a.csv", "b.csv"):
            shelf = folder / "accepted"
            first = json.loads((shelf / f"{name}.receipt.json").read_text("utf-8"))
            os.rename(shelf / name, folder / name)
            again = shelf / f"{name[0]}-2.csv"
            eventually(again.exists, timeout=30)
            receipt = json.loads((shelf / f"{again.name}.receipt.json").read_text("utf-8"))
            self.assertNotEqual(receipt["submission"], first["submission"], name)


if __name__ == "__main__":
    unittest.main()

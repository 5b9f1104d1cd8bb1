"""The store's files are moved, damaged or hang under the running daemon: nobody is told what is not so."""

import contextlib
import sqlite3
import tempfile
import threading
import unittest

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, HungDisk, eventually

ROW = csv("文旅投资,2026-06-30,12.6亿元")


class StoreTrouble(unittest.TestCase):
    def start(self, environment=None):
        self.daemon = Districtd(targets=TARGETS, tokens=TOKENS, environment=environment)
        self.addCleanup(self.daemon.stop)
        return self.daemon.start()

    def push(self, row=ROW, key="k"):
        return self.daemon.post(OBSERVATIONS, row, {"Idempotency-Key": key}, token=TOKENS[CULTURE],
                                timeout=90)

    def logged(self, event):
        return [r for r in self.daemon.log_lines() if r.get("event") == event]

    def test_moved_database_is_answered_503_and_told(self):
        daemon = self.start()
        store = daemon.directory / "districtd.db"
        store.rename(daemon.directory / "away.db")
        answer = self.push()
        self.assertEqual(answer.status, 503, answer)
        self.assertIn("移走或替换", answer.json()["error"]["message"])
        self.assertEqual(daemon.metric("districtd_store_moved"), 1)
        eventually(lambda: self.logged("store_moved"))
        (daemon.directory / "away.db").rename(store)
        self.assertEqual(self.push().status, 200)
        self.assertEqual(daemon.metric("districtd_store_moved"), 0)
        eventually(lambda: self.logged("store_recovered"))

    def test_damage_is_found_at_the_start_and_told(self):
        daemon = self.start()
        self.push()
        eventually(lambda: daemon.metric("districtd_store_check_ok") == 1)
        self.assertIsNotNone(daemon.metric("districtd_store_check_last_success_timestamp_seconds"))
        daemon.terminate()
        path = daemon.directory / "districtd.db"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            # The start does not read it.
            (page,) = connection.execute(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'receipt_text'").fetchone()
        with open(path, "r+b") as store:
            store.seek((page - 1) * 4096)
            store.write(b"\xff" * 16)
        daemon.start()
        eventually(lambda: daemon.metric("districtd_store_check_ok") == 0)
        eventually(lambda: self.logged("store_damaged"))

    def test_store_that_does_not_answer_is_told_and_its_outcome_is_unknown(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        disk = HungDisk(folder.name)
        daemon = self.start(disk.environment)
        self.push(csv("文旅投资,2026-05-31,11亿元"), "first")
        disk.hang()
        self.addCleanup(disk.release)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.push()))
        thread.start()
        self.addCleanup(thread.join)
        eventually(lambda: daemon.metric("districtd_store_writing_seconds") > 1, timeout=30)
        thread.join(60)
        (answer,) = answers
        self.assertEqual(answer.status, 503, answer)
        self.assertIn("是否已保存还不清楚", answer.json()["error"]["message"])
        self.assertIn("Idempotency-Key", answer.json()["error"]["message"])
        eventually(lambda: self.logged("store_silent"), timeout=30)
        # Nothing more is put into a queue that does not move.
        more = self.push(csv("文旅投资,2026-04-30,10亿元"), "more")
        self.assertEqual(more.status, 503, more)
        self.assertIn("没有保存", more.json()["error"]["message"])
        disk.release()
        # What it was about is shown once the disk has answered, and the same key says so.
        eventually(lambda: daemon.metric("district_target_actual",
                                         target="culture-tourism.investment") == 1.26e9, timeout=30)
        self.assertEqual(self.push().json()["accepted"], 1)


if __name__ == "__main__":
    unittest.main()

"""An accepted row is on disk before anyone is told so: kill -9 loses nothing and doubles nothing."""

import collections
import concurrent.futures
import json
import http.client
import os
import threading
import unittest

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets
from servers import Districtd, eventually, run_districtd

PUSHES = 200


class KillInTheMiddleOfPushes(unittest.TestCase):
    def test_every_acknowledged_row_is_found_again_and_none_twice(self):
        daemon = Districtd(targets=many_targets(PUSHES), tokens=TOKENS).start()
        self.addCleanup(daemon.stop)
        acknowledged = {}
        enough = threading.Event()

        def push(i):
            # Each pushes its own target over and over, until the daemon is gone.
            for value in range(1, 1000):
                row = csv(f"culture-tourism.t{i},2026-06-30,{value}")
                try:
                    answer = daemon.post(OBSERVATIONS, row, token=TOKENS[CULTURE], timeout=10)
                except (OSError, http.client.HTTPException):
                    return
                assert answer.status == 200, answer
                acknowledged.setdefault(i, []).append(value)
                if len(acknowledged) > PUSHES // 2:
                    enough.set()

        with concurrent.futures.ThreadPoolExecutor(PUSHES) as pool:
            pushes = [pool.submit(push, i) for i in range(PUSHES)]
            self.assertTrue(enough.wait(60))
            daemon.kill()
            for each in pushes:
                each.result()

        self.assertGreater(len(acknowledged), PUSHES // 2)
        daemon.start()
        for i, values in acknowledged.items():
            shown = daemon.get(f"/api/v1/targets/culture-tourism.t{i}").json()
            stored = collections.Counter(o["value"] for o in shown["observations"])
            self.assertEqual(set(stored.values()), {1}, f"t{i}: a value stands twice")
            self.assertLessEqual(set(values), set(stored), f"t{i}: an acknowledged value is lost")
            # One more may have been committed whose answer the kill cut off, never two.
            self.assertLessEqual(len(stored), len(values) + 1)
            self.assertEqual(shown["actual"], max(stored))

    def test_deviation_log_says_nothing_twice_across_a_kill(self):
        daemon = Districtd(targets=TARGETS, tokens=TOKENS).start()
        self.addCleanup(daemon.stop)
        row = csv("文旅投资,2026-06-30,12.6亿元")
        daemon.post(OBSERVATIONS, row, token=TOKENS[CULTURE])

        def changes():
            return [r for r in daemon.log_lines() if r["event"] == "status_changed"]

        eventually(lambda: len(changes()) == 1)
        # What was logged is committed with the next group at the latest.
        daemon.post(OBSERVATIONS, csv("文旅投资,2026-05-31,11亿元"), token=TOKENS[CULTURE])
        daemon.kill()
        daemon.start()
        self.assertEqual(daemon.post(OBSERVATIONS, row, token=TOKENS[CULTURE]).json()["unchanged"], 1)
        thousand = csv(*["文旅投资,2026-06-30,12.6亿元"] * 1000)
        self.assertEqual(
            daemon.post(OBSERVATIONS, thousand, token=TOKENS[CULTURE]).json()["unchanged"], 1000
        )
        self.assertEqual(daemon.terminate(), 0)
        self.assertEqual(len(changes()), 1)


class OneDaemonAtATime(unittest.TestCase):
    def test_second_daemon_says_who_holds_the_store(self):
        daemon = Districtd(targets=TARGETS, tokens=TOKENS).start()
        self.addCleanup(daemon.stop)
        second = run_districtd("run", "--config", daemon.config_path, timeout=20)
        self.assertEqual(second.returncode, 1)
        self.assertIn(str(daemon.pid), second.stderr)


class Stopping(unittest.TestCase):
    def test_sigterm_under_load_keeps_what_was_accepted(self):
        daemon = Districtd(targets=many_targets(8), tokens=TOKENS).start()
        self.addCleanup(daemon.stop)
        acknowledged = {}

        def push(i):
            for value in range(1, 5000):
                try:
                    answer = daemon.post(
                        OBSERVATIONS,
                        csv(f"culture-tourism.t{i},2026-06-30,{value}"),
                        token=TOKENS[CULTURE],
                    )
                except (OSError, http.client.HTTPException):
                    return
                assert answer.status == 200, answer
                acknowledged[i] = value

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            pushes = [pool.submit(push, i) for i in range(8)]
            eventually(lambda: len(acknowledged) == 8, timeout=60)
            self.assertEqual(daemon.terminate(), 0)
            for each in pushes:
                each.result()
        done = run_districtd("status", "--config", daemon.config_path, "--format", "json")
        actual = {t["target"]: t["actual"] for t in json.loads(done.stdout)}
        for i, value in acknowledged.items():
            self.assertGreaterEqual(actual[f"culture-tourism.t{i}"], value)


@unittest.skipUnless(os.geteuid() == 0, "mounting a small disk needs root")
class DiskFull(unittest.TestCase):
    def test_refuses_with_a_reason_keeps_exporting_and_recovers_by_itself(self):
        daemon = Districtd('[store]\npath = "disk/districtd.db"\n', targets=TARGETS, tokens=TOKENS)
        self.addCleanup(daemon.stop)
        disk = daemon.directory / "disk"
        disk.mkdir()
        if os.system(f"mount -t tmpfs -o size=2m tmpfs {disk} 2>/dev/null") != 0:
            self.skipTest("this machine does not let the test mount a tmpfs")
        self.addCleanup(os.system, f"umount -l {disk}")
        daemon.start()
        row = csv("文旅投资,2026-06-30,12.6亿元")
        self.assertEqual(daemon.post(OBSERVATIONS, row, token=TOKENS[CULTURE]).status, 200)
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as out, self.assertRaises(OSError):
            while True:
                out.write(bytes(4096))

        def push(value):
            rows = [f"文旅投资,2026-05-{day:02},{value},{'备注' * 500}" for day in range(1, 31)]
            return daemon.post(OBSERVATIONS, csv(*rows), token=TOKENS[CULTURE])

        refused = eventually(lambda: (lambda a: a if a.status == 503 else None)(push(3)), timeout=30)
        self.assertIn("磁盘", refused.json()["error"]["message"])
        self.assertIn("Retry-After", refused.headers)
        self.assertAlmostEqual(daemon.metric("district_target_actual"), 1.26e9)
        self.assertEqual(daemon.get("/-/healthy").status, 200)
        filler.unlink()
        self.assertEqual(push(4).status, 200)
        self.assertEqual(daemon.terminate(), 0)


if __name__ == "__main__":
    unittest.main()

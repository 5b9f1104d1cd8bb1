"""A crowd at one port, a disk that hangs: who asks for /metrics is answered all the same."""

import pathlib
import resource
import shutil
import socket
import sys
import tempfile
import threading
import unittest

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets
from servers import REPOSITORY, Districtd, HungDisk, eventually, free_port, make_certificate

sys.path.insert(0, str(REPOSITORY / "tests" / "attack"))
from attack import push_request  # noqa: E402

ROW = csv("文旅投资,2026-06-30,12")
PATIENCE = 10  # of a scrape; where places were shared it took as long as request_timeout, 30 s
SILENT = 1500  # more than there are places


@unittest.skipUnless(shutil.which("cc"), "no C compiler for what hangs the disk")
class Load(unittest.TestCase):
    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.disk = HungDisk(self.folder)

    def start(self, http="", more="", targets=TARGETS):
        self.daemon = Districtd(f'[http]\nlisten = ["127.0.0.1:@PORT@"]\n{http}\n{more}',
                                targets=targets, tokens=TOKENS, environment=self.disk.environment)
        self.addCleanup(self.daemon.stop)
        self.addCleanup(self.disk.release)  # first, so that it can end
        self.daemon.start()

    def connect(self, port, count, first=b""):
        for _ in range(count):
            one = socket.socket()
            self.addCleanup(one.close)
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            if first:
                one.setblocking(True)
                one.sendall(first)

    def scrape(self):
        answer = self.daemon.get("/metrics", timeout=PATIENCE)
        self.assertEqual(answer.status, 200)
        return answer.text

    def test_silent_connections_at_the_departments_port_keep_nobody_from_the_other(self):
        tls = free_port()
        certificate, key = make_certificate(self.folder, "crowded")
        self.start(more=f'[http.tls]\nlisten = ["127.0.0.1:{tls}"]\n'
                        f'certificate = "{certificate}"\nkey = "{key}"\n')
        self.connect(tls, SILENT)
        listener = f'listener="127.0.0.1:{tls}"'
        eventually(lambda: f"districtd_http_connections{{{listener}}} 1024" in self.scrape())
        self.scrape()

    def test_silent_connections_make_room_at_their_own_port_too(self):
        self.start()
        self.connect(self.daemon.port, SILENT)
        self.scrape()
        self.assertEqual(self.daemon.post(OBSERVATIONS, ROW, token=TOKENS[CULTURE],
                                          timeout=PATIENCE).status, 200)

    def test_a_disk_that_hangs_is_said_and_stops_neither_scrapes_nor_answers(self):
        self.start('max_connections = 8\nanswer_timeout = "2s"')
        self.disk.hang()
        self.connect(self.daemon.port, 20, push_request(csv("文旅投资,2026-05-31,11").encode()))
        self.scrape()
        # Once the two seconds of those are over there is a place for one more.
        answer = eventually(lambda: self.answer_to_a_push("no_answer"), timeout=30)
        self.assertIn("再报送一次", answer.text)
        self.assertEqual(answer.headers["Retry-After"], "30")
        not_ready = eventually(lambda: (ready := self.daemon.get("/-/ready")).status == 503 and ready,
                               timeout=30)
        self.assertIn("store_writer", not_ready.text)
        self.assertIn('districtd_thread_stuck{thread="store_writer"} 1', self.scrape())
        self.assertIn("districtd_ready 0", self.scrape())
        eventually(lambda: self.said("thread_stuck"))

        self.disk.release()
        eventually(lambda: self.daemon.get("/-/ready").status == 200)
        eventually(lambda: self.said("thread_moves_again"))
        # What the late commits say is what the same push finds.
        again = self.daemon.post(OBSERVATIONS, ROW, token=TOKENS[CULTURE])
        self.assertEqual(again.json()["unchanged"], 1, again)

    def answer_to_a_push(self, code):
        answer = self.daemon.post(OBSERVATIONS, ROW, token=TOKENS[CULTURE], timeout=30)
        self.assertEqual(answer.status, 503)
        return answer if answer.json()["error"]["code"] == code else None

    def said(self, event):
        return [line for line in self.daemon.log_lines() if line.get("event") == event]

    def test_memory_stays_within_its_bound(self):
        self.start('memory = "24MiB"\nmax_body = "2MiB"')
        body = csv(*["文旅投资,2026-06-30,12"]).encode() + b"\n" * (3 << 19)
        for _ in range(60):
            one = socket.create_connection(("127.0.0.1", self.daemon.port))
            self.addCleanup(one.close)
            threading.Thread(target=self.send_what_goes, args=(one, push_request(body, 2 << 20)),
                             daemon=True).start()
        eventually(lambda: self.refused() >= 40, timeout=30)
        self.assertLessEqual(self.daemon.metric("districtd_http_memory_bytes"), 24 << 20)
        self.assertEqual(self.daemon.post(OBSERVATIONS, ROW, token=TOKENS[CULTURE]).status, 200)

    def test_pushes_that_wait_for_the_disk_leave_room_for_a_scrape(self):
        self.start('memory = "24MiB"\nmax_body = "1MiB"', targets=many_targets(800))
        # More than is left beside the pushes and what bodies leave to them.
        self.assertGreater(len(self.scrape()), 2 << 20)
        self.disk.hang()
        body = csv("culture-tourism.t0,2026-06-30,12").encode() + b"\n" * 800_000
        self.connect(self.daemon.port, 8, push_request(body))
        eventually(lambda: self.refused() > 0, timeout=30)
        self.assertGreater(self.daemon.metric("districtd_http_memory_bytes"), 14 << 20)
        self.scrape()

    @staticmethod
    def send_what_goes(one, request):
        try:
            one.sendall(request)
        except OSError:
            pass

    def refused(self):
        return sum(value for labels, value in
                   self.daemon.series("districtd_http_request_duration_seconds_count")
                   if labels["handler"] == OBSERVATIONS and labels["code"] == "503")


if __name__ == "__main__":
    unittest.main()

"""Signals and the service manager: what was accepted is finished, and it is gone within 5 s."""

import concurrent.futures
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets
from servers import STOP_TIMEOUT, Districtd, eventually, run_districtd

PUSH_HEAD = (f"POST {OBSERVATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
             f"Authorization: Bearer {TOKENS[CULTURE]}\r\n")


class SignalsCase(unittest.TestCase):
    def make(self, config="", targets=TARGETS, environment=None, start=True):
        self.daemon = Districtd(config, targets=targets, tokens=TOKENS, environment=environment)
        self.addCleanup(self.daemon.stop)
        return self.daemon.start() if start else self.daemon

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.daemon.port), timeout=30)
        self.addCleanup(connection.close)
        return connection

    def logged(self, event):
        return [r for r in self.daemon.log_lines() if r.get("event") == event]

    def stop_by(self, number):
        """Sends the signal; returns the exit status. Fails unless it is gone within 5 seconds."""
        self.daemon.process.send_signal(number)
        return self.daemon.process.wait(STOP_TIMEOUT)


class AskingNameServer(Districtd):
    """The daemon in a mount namespace where `address` is the only name server."""

    def __init__(self, address, config):
        super().__init__(config, targets=TARGETS, tokens=TOKENS)
        (self.directory / "resolv.conf").write_text(
            f"nameserver {address}\noptions timeout:30 attempts:5\n")
        (self.directory / "nsswitch.conf").write_text("hosts: files dns\n")

    def command(self):
        script = ('mount --bind "$0/resolv.conf" /etc/resolv.conf && '
                  'mount --bind "$0/nsswitch.conf" /etc/nsswitch.conf && exec "$@"')
        return ["unshare", "--mount", "sh", "-c", script, str(self.directory), *super().command()]


@unittest.skipUnless(os.geteuid() == 0, "a name server of its own needs root")
class SilentNameServer(SignalsCase):
    ADDRESS = "127.0.0.153"

    def setUp(self):
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
            self.skipTest("this machine does not let the test mount anything")
        for file in ("/etc/resolv.conf", "/etc/nsswitch.conf"):
            if not os.path.exists(file):
                self.skipTest(f"there is no {file} to replace")
        self.name_server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.name_server.close)
        self.name_server.settimeout(30)
        self.name_server.bind((self.ADDRESS, 53))

    def asked_for(self, names):
        """Waits until each of the names is being looked up."""
        deadline = time.monotonic() + 30
        while names:
            self.assertLess(time.monotonic(), deadline, f"nobody looks up {sorted(names)}")
            question = self.name_server.recv(512)
            names = {name for name in names if name.encode() not in question}

    def test_pulls_whose_names_nobody_answers(self):
        names = {"first", "second"}
        self.daemon = AskingNameServer(self.ADDRESS, "".join(
            f'[[http_pull]]\nname = "{name}"\ndepartment = "{HEALTH}"\n'
            f'url = "http://{name}.district.test/figures.csv"\n' for name in sorted(names)))
        self.addCleanup(self.daemon.stop)
        self.daemon.start()
        self.asked_for(names)  # both, though neither is answered
        started = time.monotonic()
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - started, 4, "it waited for the name server")
        self.assertEqual(self.daemon.log_lines()[-1]["event"], "stopped")
        self.assertEqual(self.logged("stop_cut_short"), [])


class Stopping(SignalsCase):
    def test_idle(self):
        self.make()
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)
        self.assertTrue(self.logged("stopping"))
        self.assertEqual(self.daemon.log_lines()[-1]["event"], "stopped")
        self.assertFalse((self.daemon.directory / "districtd.db-wal").exists())

    def test_sigint(self):
        self.make()
        self.assertEqual(self.stop_by(signal.SIGINT), 0)
        self.assertIn("SIGINT", self.logged("stopping")[0]["message"])

    def test_second_signal_is_harmless(self):
        self.make()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            self.daemon.process.send_signal(number)
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)

    def test_open_keep_alive_connection_is_closed_at_once(self):
        self.make()
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/-/ready")
        self.assertEqual(connection.getresponse().read(), b"districtd is ready.\n")
        started = time.monotonic()
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - started, 4, "it waited for an idle connection")
        self.assertEqual(connection.sock.recv(1), b"")
        self.assertEqual(self.logged("stop_cut_short"), [])

    def test_silent_connection(self):
        self.make()
        connection = self.connect()
        self.daemon.get("/-/ready")  # accepted after the silent one
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)
        self.assertEqual(connection.recv(1), b"")
        self.assertEqual(self.logged("stop_cut_short"), [])

    def test_half_sent_request(self):
        self.make()
        connection = self.connect()
        connection.sendall((PUSH_HEAD + "Content-Length: 1000\r\n\r\ntarget,as_of").encode())
        half_head = self.connect()
        half_head.sendall(b"GET /metr")
        self.daemon.get("/-/ready")
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)

    def test_client_that_never_reads_its_answer(self):
        self.make(targets=many_targets(3000))
        connection = self.connect()
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        connection.recv(1)  # it is answering
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)

    def test_pull_in_flight_against_a_server_that_never_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/figures.csv"
            self.make(f'[[http_pull]]\nname = "p"\ndepartment = "{HEALTH}"\nurl = "{url}"\n')
            silent.settimeout(30)
            with silent.accept()[0] as connection:
                self.assertTrue(connection.recv(1))
                started = time.monotonic()
                self.assertEqual(self.stop_by(signal.SIGTERM), 0)
                self.assertLess(time.monotonic() - started, 4, "it waited for the pull")

    def test_during_a_push_of_a_hundred_thousand_rows(self):
        targets, days = 1000, 100
        daemon = self.make(targets=many_targets(targets))
        body = csv(*[f"culture-tourism.t{t},2026-{d // 25 + 1:02}-{d % 25 + 1:02},{d}"
                     for t in range(targets) for d in range(days)]).encode()
        connection = self.connect()
        connection.sendall((PUSH_HEAD + f"Content-Length: {len(body)}\r\n\r\n").encode() + body)
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionError:
            pass
        daemon.start()
        stored = [len(daemon.get(f"/api/v1/targets/culture-tourism.t{t}").json()["observations"])
                  for t in (0, 500, targets - 1)]
        if answer:
            head, _, receipt = answer.partition(b"\r\n\r\n")
            self.assertIn(b" 200 ", head.split(b"\r\n")[0])
            self.assertEqual(json.loads(receipt)["accepted"], targets * days)
            self.assertEqual(stored, [days] * 3)
        else:  # never half of it
            self.assertIn(stored, ([0] * 3, [days] * 3))

    def test_files_of_the_inbox_under_way(self):
        files = 100
        daemon = self.make('[[csv_drop]]\ndirectory = "inbox"\n', many_targets(files), start=False)
        folder = daemon.directory / "inbox" / CULTURE
        folder.mkdir(parents=True)
        for i in range(files):
            (folder / f"{i}.csv").write_text(csv(f"culture-tourism.t{i},2026-06-30,{i + 1}"))
        daemon.start()
        eventually((folder / "accepted").is_dir)
        self.assertEqual(self.stop_by(signal.SIGTERM), 0)
        daemon.start()
        eventually(lambda: not [e for e in os.scandir(folder) if e.is_file()], timeout=60)
        for i in range(files):
            shown = daemon.get(f"/api/v1/targets/culture-tourism.t{i}").json()
            self.assertEqual([o["value"] for o in shown["observations"]], [i + 1])


class Reloading(SignalsCase):
    def test_sighup_loses_no_push(self):
        targets = 8
        daemon = self.make(targets=many_targets(targets))
        more = many_targets(targets + 1)
        acknowledged = {i: [] for i in range(targets)}
        enough = threading.Event()

        def push(i):
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=30)
            headers = {"Authorization": f"Bearer {TOKENS[CULTURE]}", "Content-Type": "text/csv"}
            value = 0
            while not enough.is_set():
                value += 1
                row = csv(f"culture-tourism.t{i},2026-06-30,{value}").encode()
                connection.request("POST", OBSERVATIONS, row, headers)
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status == 200, body
                acknowledged[i].append(value)
            connection.close()

        with concurrent.futures.ThreadPoolExecutor(targets) as pool:
            pushes = [pool.submit(push, i) for i in range(targets)]
            try:
                for count in range(1, 11):
                    eventually(lambda: min(map(len, acknowledged.values())) >= 3 * count, 60)
                    daemon.write_targets(more if count % 2 else many_targets(targets))
                    daemon.process.send_signal(signal.SIGHUP)
                    eventually(lambda: len(self.logged("reloaded")) == count)
            finally:
                enough.set()
            for each in pushes:
                each.result()
        for i, values in acknowledged.items():
            shown = daemon.get(f"/api/v1/targets/culture-tourism.t{i}").json()
            self.assertEqual(sorted(o["value"] for o in shown["observations"]), values)
            self.assertEqual(shown["actual"], values[-1])
            self.assertEqual(
                daemon.metric("district_target_actual", target=f"culture-tourism.t{i}"), values[-1]
            )
        self.assertEqual(self.logged("reload_refused"), [])


class ServiceManager(SignalsCase):
    """sd_notify(3): what the daemon sends to the socket that systemd gives it."""

    def setUp(self):
        self.received = []
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(self.path)
        self.socket.setblocking(False)

    def make(self, **environment):
        return super().make(environment={"NOTIFY_SOCKET": self.path} | environment)

    def states(self):
        """All assignments so far, in order."""
        try:
            while True:
                self.received += self.socket.recv(65536).decode().splitlines()
        except BlockingIOError:
            return self.received

    def count(self, state):
        return self.states().count(state)

    def test_ready_reloading_stopping(self):
        self.make()
        eventually(lambda: self.count("READY=1") == 1)
        self.assertIn("5 targets", next(s for s in self.received if s.startswith("STATUS=")))
        self.assertEqual(self.count("STOPPING=1"), 0)

        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self.daemon.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.count("READY=1") == 2)
        # Type=notify-reload wants the time with it, of the very moment.
        at = self.received.index("RELOADING=1")
        self.assertGreater(at, self.received.index("READY=1"))
        name, _, when = self.received[at + 1].partition("=")
        self.assertEqual(name, "MONOTONIC_USEC")
        self.assertGreaterEqual(int(when), before)
        self.assertLessEqual(int(when), time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
        self.assertNotIn("RELOADING=1", self.received[at + 2:])

        self.daemon.write_targets("broken")
        self.daemon.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.count("READY=1") == 3)  # with the old configuration
        self.assertEqual(self.count("RELOADING=1"), 2)

        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.count("STOPPING=1"), 1)
        self.assertEqual(self.count("WATCHDOG=1"), 0)

    def test_it_is_ready_when_it_says_so(self):
        self.socket.setblocking(True)
        self.socket.settimeout(60)

        def ask_when_ready():
            self.assertIn(b"READY=1", self.socket.recv(65536))
            return self.daemon.get("/-/ready").status

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(ask_when_ready)
            self.make()
            self.assertEqual(asked.result(), 200)

    def test_watchdog_is_fed_as_long_as_it_runs(self):
        self.make(WATCHDOG_USEC="400000")
        for n in (1, 2, 3):
            eventually(lambda: self.count("WATCHDOG=1") >= 2 * n)
            self.assertEqual(self.daemon.reload().status, 200)

    def test_watchdog_of_another_process_is_not_fed(self):
        self.make(WATCHDOG_USEC="100000", WATCHDOG_PID=str(os.getpid()))
        self.daemon.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.count("READY=1") == 2)
        self.assertEqual(self.daemon.terminate(), 0)
        self.assertEqual(self.count("WATCHDOG=1"), 0)


class Starting(SignalsCase):
    def test_port_in_use(self):
        self.make(start=False)
        with socket.create_server(("127.0.0.1", self.daemon.port)):
            done = run_districtd("run", "--config", self.daemon.config_path)
        self.assertEqual(done.returncode, 1)
        self.assertIn(self.daemon.address, done.stderr)
        self.assertRegex(done.stderr, "(?i)in use")
        last = json.loads(done.stderr.splitlines()[-1])
        self.assertEqual((last["level"], last["event"]), ("error", "start_failed"))
        self.daemon.start()  # and holds on to nothing

    def test_address_of_another_machine(self):
        self.make('[http]\nlisten = ["203.0.113.7:9480"]\n', start=False)
        done = run_districtd("run", "--config", self.daemon.config_path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("203.0.113.7:9480", done.stderr)


if __name__ == "__main__":
    unittest.main()

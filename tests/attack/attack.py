#!/usr/bin/env python3
"""Attacks a daemon of its own and prints how it bore them: what docs/security.md and
docs/performance.md quote. Nothing here is a timed test; tests/integration/test_load.py holds what
must not happen.

    tests/attack/attack.py scrapes  [--binary DISTRICTD]   5,000 silent connections, a hung disk
    tests/attack/attack.py bodies   [--binary DISTRICTD]   150 pushes that never end
    tests/attack/attack.py answers  [--binary DISTRICTD]   1,100 answers that nobody reads
    tests/attack/attack.py all      [--binary DISTRICTD]

`scrapes`: /metrics is asked for every 100 ms, each time over a new connection, for --seconds, while
the attackers hold on. The disk hangs by hung_disk.c, preloaded: fsync does not return.
`bodies` and `answers`: resident memory before, and the most under the attack.
"""

import argparse
import os
import pathlib
import resource
import selectors
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets  # noqa: E402
from servers import Districtd, HungDisk, free_port, make_certificate  # noqa: E402


class Crowd:
    """Connections of one attacker, in a process of its own so that they cost the measurement nothing.
    Who is thrown out comes back."""

    def __init__(self, port, count, first=b"", reads=False):
        self._process = subprocess.Popen(
            [sys.executable, "-B", str(HERE / "attack.py"), "crowd", str(port), str(count), str(int(reads))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._process.stdin.write(len(first).to_bytes(8, "big") + first)
        self._process.stdin.flush()
        self._process.stdout.readline()

    def leave(self):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.leave()


def be_a_crowd(port, count, reads):
    first = sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(8), "big"))
    watched = selectors.DefaultSelector()
    waiting = 0

    def connect():
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
        watched.register(one, selectors.EVENT_WRITE, memoryview(first))

    for _ in range(count):
        connect()
    deadline, told = time.monotonic() + 5, False
    while True:
        events = watched.select(timeout=0.2)
        for key, event in events:
            one = key.fileobj
            try:
                if event & selectors.EVENT_WRITE:
                    left = key.data[one.send(key.data[:1 << 16]):] if key.data else key.data
                    one.getpeername()
                    then = selectors.EVENT_WRITE if left else selectors.EVENT_READ if reads or not first else 0
                    if then:
                        watched.modify(one, then, left)
                    else:
                        watched.unregister(one)
                        waiting += 1
                        KEPT.append(one)
                elif not one.recv(1 << 16):
                    raise ConnectionResetError
            except BlockingIOError:
                continue
            except OSError:
                watched.unregister(one)
                one.close()
                time.sleep(0.001)
                connect()
        pending = sum(1 for key in watched.get_map().values() if key.events & selectors.EVENT_WRITE)
        if not told and (pending == 0 or time.monotonic() > deadline):
            told = True
            print("here", flush=True)


KEPT = []


def resident(pid, key="VmRSS"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0.0


def ask(port, path, timeout):
    """The status and the milliseconds until the answer is whole; a status of 0 where none came."""
    start = time.monotonic()
    status = 0
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as one:
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while part := one.recv(1 << 16):
                answer = answer or part[:20]
        status = int(answer.split()[1]) if answer else 0
    except OSError:
        pass
    return status, (time.monotonic() - start) * 1000


def scrape_for(port, seconds, timeout=35):
    taken, failed = [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status, milliseconds = ask(port, "/metrics", timeout)
        taken.append(milliseconds)
        failed += status != 200
        time.sleep(max(0, 0.1 - milliseconds / 1000))
    late = sum(one > 100 for one in taken)
    return (f"{len(taken)} scrapes, median {statistics.median(taken):.1f} ms, longest {max(taken):.1f} "
            f"ms, {late} above 100 ms, {failed} failed")


def push_request(body, length=None):
    return (f"POST {OBSERVATIONS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            f"{TOKENS[CULTURE]}\r\nContent-Type: text/csv; charset=utf-8\r\n"
            f"Content-Length: {length or len(body)}\r\n\r\n").encode() + body


def attack_scrapes(binary, seconds):
    with tempfile.TemporaryDirectory() as folder:
        disk = HungDisk(folder)
        certificate, key = make_certificate(folder, "attacked")
        tls = free_port()
        daemon = Districtd(
            f'[http]\nlisten = ["127.0.0.1:@PORT@"]\n[http.tls]\nlisten = ["127.0.0.1:{tls}"]\n'
            f'certificate = "{certificate}"\nkey = "{key}"\n',
            targets=many_targets(400), tokens=TOKENS, binary=binary, environment=disk.environment)
        push = push_request(csv("culture-tourism.t1,2026-06-30,12,").encode())
        with daemon:
            print(f"alone:                                        {scrape_for(daemon.port, 3)}")
            with Crowd(tls, 5000):
                print(f"5,000 silent connections on the TLS port:     {scrape_for(daemon.port, seconds)}")
                disk.hang()
                with Crowd(daemon.port, 1100, push, reads=True):
                    print(f"and 1,100 pushes on the port, the disk hangs: {scrape_for(daemon.port, seconds)}")
                    status, milliseconds = ask(daemon.port, "/-/ready", 35)
                    print(f"/-/ready then: {status} after {milliseconds:.1f} ms")
            with Crowd(daemon.port, 5000):
                print(f"5,000 silent connections on the port itself:  {scrape_for(daemon.port, seconds)}")
            disk.release()


def most_resident(pid, seconds):
    most, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        most = max(most, resident(pid))
        time.sleep(0.05)
    return most


def attack_memory(binary, seconds, name):
    with Districtd(targets=TARGETS if name == "bodies" else many_targets(3000), tokens=TOKENS,
                   binary=binary) as daemon:
        before = resident(daemon.pid)
        if name == "bodies":
            crowd = Crowd(daemon.port, 150, push_request(b"x" * (31 << 19), 16 << 20), reads=True)
        else:
            crowd = Crowd(daemon.port, 1100,
                          b"GET /api/v1/targets HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with crowd:
            most = most_resident(daemon.pid, seconds)
            scrapes = scrape_for(daemon.port, 3)
        print(f"{name}: {before:.0f} MiB resident before, {most:.0f} MiB at most; {scrapes}")


def main():
    if sys.argv[1:2] == ["crowd"]:
        port, count, reads = map(int, sys.argv[2:5])
        return be_a_crowd(port, count, bool(reads))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("attack", choices=["scrapes", "bodies", "answers", "all"])
    parser.add_argument("--binary", default=os.environ.get("DISTRICTD", HERE.parents[1] / "build/release/bin/districtd"))
    parser.add_argument("--seconds", type=int, default=10, help="how long each attack lasts")
    arguments = parser.parse_args()
    arguments.binary = str(pathlib.Path(arguments.binary).resolve())  # the daemon runs elsewhere
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if arguments.attack in ("scrapes", "all"):
        attack_scrapes(arguments.binary, arguments.seconds)
    for name in ("bodies", "answers"):
        if arguments.attack in (name, "all"):
            attack_memory(arguments.binary, arguments.seconds, name)
    return None


if __name__ == "__main__":
    sys.exit(main())

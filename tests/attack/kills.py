#!/usr/bin/env python3
"""Kills the daemon again and again while figures come by every way and bulletins go out.

    tests/attack/kills.py [--kills 1000] [--seed N] [--binary PATH]

Each life of the daemon ends by SIGKILL at a moment drawn by chance, from before it listens to
half a second after it is ready. Meanwhile departments push (and push again, under the same
Idempotency-Key, what was not answered), files are put into the inbox, a page is pulled whose figure a
clerk corrects, and a bulletin is sent again to a webhook. After each life, by what the API says:

- lost: an acknowledged row, or a row of a file that was put, is not there;
- doubled: a row, a receipt or a message is there twice;
- undone: the page brought back a figure that had been corrected;
- out of order: of two files for the same day, the later one does not count.

Every 50 lives the daemon and its store are made anew, so that a check stays quick. The last lines are
the counts; the exit status is 0 only where nothing was lost, doubled, undone or out of order. A
thousand kills take about ten minutes; no test of the suite runs this.
"""

import argparse
import collections
import concurrent.futures
import datetime
import http.client
import http.server
import json
import os
import pathlib
import random
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from district import (OBSERVATIONS, OFFICE, OFFICE_TOKEN, csv, department, report,  # noqa: E402
                      target)
from receivers import WebhookReceiver  # noqa: E402
from servers import REPOSITORY, Districtd, eventually  # noqa: E402

LIVES_A_STORE = 50
PUSHERS = 4
AS_OF = "2026-06-30"
TOKENS = {"push": "token-of-push", "pull": "token-of-pull"}
CONFIG = """
[[csv_drop]]
directory = "inbox"
quiet = "0s"

[[http_pull]]
name = "portal"
department = "pull"
url = "%s/figures.json"
every = "1s"

[http_pull.json]
rows = "/rows"
target = "/t"
as_of = "/d"
value = "/v"

[bulletins]
directory = "@DIR@/bulletins"
templates = "%s"
issuer = "试验区督查室"
retry_after = "1s"

[[bulletin]]
name = "leaders"
kind = "monthly"
schedule = "every day 00:00"
formats = ["text"]
webhooks = ["robot"]

[[webhook]]
name = "robot"
form = "dingtalk"
url_file = "robot.url"

"""


class Page:
    """The page that is pulled: one good row, and one that is always refused."""

    def __init__(self):
        self.body = b'{"rows": []}'
        self.reads = 0
        page = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = page.body
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:  # the daemon was killed while it pulled
                    return
                page.reads += 1

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def show(self, target_id, value):
        rows = [{"t": target_id, "d": AS_OF, "v": value}, {"t": "no such", "d": AS_OF, "v": 1}]
        self.body = json.dumps({"rows": rows}).encode()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Faults(collections.Counter):
    def found(self, kind, what):
        self[kind] += 1
        print(f"{kind}: {what}", flush=True)


class District:
    """A daemon with a store of its own, and what it has to know by now."""

    def __init__(self, faults, counts, chance, binary):
        self.faults, self.counts, self.chance = faults, counts, chance
        self.page = Page()
        self.robot = WebhookReceiver().start()
        catalogue = report() + "".join(department(d, f"{d}局") for d in ("push", "drop", "pull"))
        catalogue += "".join(
            target(f"{of}.t{i}", f"{of}目标{i}", goal=1000000, unit="个", quote="q")
            for of, count in (("push", PUSHERS), ("drop", 2), ("pull", LIVES_A_STORE + 1))
            for i in range(count))
        templates = REPOSITORY / "config" / "bulletins"
        self.daemon = Districtd(CONFIG % (self.page.url, templates) + OFFICE_TOKEN,
                                targets=catalogue, tokens=TOKENS, binary=binary)
        self.url_file().write_text(f"{self.robot.url}/robot/send?access_token=t\n")
        self.folder = self.daemon.directory / "inbox" / "drop"
        self.folder.mkdir(parents=True)
        self.acknowledged = [[] for _ in range(PUSHERS)]  # values
        self.unanswered = [None] * PUSHERS                # (key, value) of the push to be repeated
        self.dropped = 0                                  # files put
        self.pulled = 0                                   # pages shown
        self.corrected = None                             # of the page shown, once acknowledged
        self.copies = 0                                   # messages that were asked for

    def url_file(self):
        return self.daemon.directory / "robot.url"

    def begin(self):
        """A bulletin was due yesterday: it is made at the next start and may be sent again."""
        self.daemon.start()
        database = self.daemon.directory / "districtd.db"
        count = "SELECT count(*) FROM bulletin_occasion"
        eventually(lambda: sqlite3.connect(database).execute(count).fetchone()[0] > 0)
        self.daemon.terminate()
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE bulletin_occasion SET due_at = due_at - 86400000")
        self.daemon.start()
        eventually(lambda: self.robot.messages("/robot/send"), 30)
        self.copies = 1
        made = [r for r in self.daemon.log_lines() if r["event"] == "bulletin_made"]
        self.bulletin = made[0]["bulletin"]
        self.daemon.terminate()

    def end(self):
        if self.daemon.running():
            self.daemon.kill()
        self.daemon.stop()
        self.page.stop()
        self.robot.stop()

    # One life.

    def live(self):
        dies_at = self.chance.choice((self.chance.uniform(0, 0.05), self.chance.uniform(0, 0.5)))
        before_ready = self.chance.random() < 0.15
        over = threading.Event()
        if before_ready:
            killer = threading.Timer(dies_at, lambda: self.daemon.process and
                                     self.daemon.process.kill())
            killer.start()
            try:
                self.daemon.start()
            except BaseException:  # killed while it started
                pass
            killer.join()
            if self.daemon.running():
                self.daemon.kill()
            return
        self.daemon.start()
        with concurrent.futures.ThreadPoolExecutor(PUSHERS + 3) as pool:
            work = [pool.submit(self.push, i, over) for i in range(PUSHERS)]
            work += [pool.submit(each, over) for each in (self.drop, self.turn_page, self.resend)]
            over.wait(dies_at)
            self.daemon.kill()
            over.set()
            for each in work:
                each.result()

    def push(self, i, over):
        while not over.is_set():
            key, value = self.unanswered[i] or (f"key-{i}-{len(self.acknowledged[i])}",
                                                len(self.acknowledged[i]) + 1)
            self.unanswered[i] = (key, value)
            try:
                answer = self.daemon.post(OBSERVATIONS, csv(f"push.t{i},{AS_OF},{value}"),
                                          {"Idempotency-Key": key}, token=TOKENS["push"], timeout=10)
            except (OSError, http.client.HTTPException):
                return
            if answer.status != 200:
                return self.faults.found("refused", f"push {value}: {answer}")
            self.acknowledged[i].append(value)
            self.unanswered[i] = None
            self.counts["pushes"] += 1

    def drop(self, over):
        while not over.is_set():
            self.dropped += 1
            self.counts["files"] += 1
            name = f"{self.dropped:06}.csv"
            # The second target's rows tell one file from another, the first one's the order.
            (self.folder / f".{name}").write_text(
                csv(f"drop.t0,{AS_OF},{self.dropped}", f"drop.t1,{AS_OF},{self.dropped}",
                    f"no such,{AS_OF},1"))
            os.rename(self.folder / f".{name}", self.folder / name)
            over.wait(self.chance.uniform(0.005, 0.1))

    def turn_page(self, over):
        """A new page, or, where the last one was taken, a clerk's correction of it."""
        name = f"pull.t{self.pulled}"
        if self.corrected is not None and self.chance.random() < 0.3:
            self.pulled += 1
            self.corrected = None
            self.page.show(f"pull.t{self.pulled}", 100 + self.pulled)
            return
        if self.pulled == 0:
            self.page.show(name, 100)
        if self.corrected is not None:
            return
        while not over.is_set():
            try:
                shown = self.daemon.get(f"/api/v1/targets/{name}", timeout=10).json()
                if shown["actual"] is not None:
                    answer = self.daemon.post(OBSERVATIONS, csv(f"{name},{AS_OF},7"),
                                              token=TOKENS["pull"], timeout=10)
                    if answer.status == 200:
                        self.corrected = 7
                        self.counts["corrections"] += 1
                    return
            except (OSError, http.client.HTTPException):
                return
            over.wait(0.02)

    def resend(self, over):
        over.wait(self.chance.uniform(0, 0.2))
        self.copies += 1  # it may be done although the answer is lost
        try:
            self.daemon.post(f"/-/bulletins/{self.bulletin}/resend?all=1", token=OFFICE, timeout=10)
        except (OSError, http.client.HTTPException):
            pass

    # What has to be true after each life.

    def check(self):
        reads = self.page.reads
        self.daemon.start()
        # What was not answered is sent again under its key.
        for i in range(PUSHERS):
            if self.unanswered[i]:
                self.push_once(i)
            self.check_pushes(i)
        self.check_files()
        eventually(lambda: self.page.reads > reads + 1, 30)  # the page was read and decided on
        self.check_page()
        self.check_messages()
        self.daemon.kill()

    def push_once(self, i):
        key, value = self.unanswered[i]
        answer = self.daemon.post(OBSERVATIONS, csv(f"push.t{i},{AS_OF},{value}"),
                                  {"Idempotency-Key": key}, token=TOKENS["push"])
        if answer.status != 200:
            return self.faults.found("refused", f"push {value} again: {answer}")
        self.acknowledged[i].append(value)
        self.unanswered[i] = None

    def shown(self, name):
        return self.daemon.get(f"/api/v1/targets/{name}").json()

    def stored(self, name):
        return collections.Counter(o["value"] for o in self.shown(name)["observations"])

    def compare(self, name, expected):
        stored = self.stored(name)
        for value in set(expected) - set(stored):
            self.faults.found("lost", f"{name}: {value}")
        for value, times in stored.items():
            if times > 1:
                self.faults.found("doubled", f"{name}: {value}, {times} times")
            if value not in expected:
                self.faults.found("doubled", f"{name}: {value} was never sent")

    def check_pushes(self, i):
        self.compare(f"push.t{i}", set(self.acknowledged[i]))

    def check_files(self):
        names = {f"{n:06}.csv" for n in range(1, self.dropped + 1)}
        shelf = self.folder / "accepted"
        try:
            eventually(lambda: not [n for n in os.listdir(self.folder) if n.endswith(".csv")], 60)
        except AssertionError as error:
            return self.faults.found("lost", f"files are left in the inbox: {error}")
        on_shelf = set(os.listdir(shelf)) if self.dropped else set()
        for name in names:
            for each in (name, name + ".receipt.json", name + ".errors.csv"):
                if each not in on_shelf:
                    self.faults.found("lost", each)
        for each in on_shelf - {n + e for n in names for e in ("", ".receipt.json", ".errors.csv")}:
            self.faults.found("doubled", f"accepted/{each}")
        values = set(range(1, self.dropped + 1))
        for name in ("drop.t0", "drop.t1"):
            self.compare(name, values)
        if self.dropped and self.shown("drop.t0")["actual"] != self.dropped:
            self.faults.found("out of order", f"{self.shown('drop.t0')['actual']} counts, "
                                              f"{self.dropped} was put last")

    def check_page(self):
        if self.pulled == 0 and self.corrected is None:
            return
        name = f"pull.t{self.pulled}"
        actual = self.shown(name)["actual"]
        if self.corrected is not None and actual != self.corrected:
            self.faults.found("undone", f"{name}: {actual}, corrected to {self.corrected}")
        for value, times in self.stored(name).items():
            if times > 1:
                self.faults.found("doubled", f"{name}: {value}, {times} times")

    def check_messages(self):
        received = len(self.robot.messages("/robot/send"))
        if received > self.copies:
            self.faults.found("doubled", f"{received} messages, {self.copies} were asked for")
        with sqlite3.connect(self.daemon.directory / "districtd.db") as connection:
            sent = connection.execute(
                "SELECT count(*) FROM bulletin_delivery WHERE state = 'sent'").fetchone()[0]
        if sent > received:
            self.faults.found("lost", f"{sent} messages are said to be sent, {received} arrived")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(datetime.date.today().strftime("%Y%m%d")))
    parser.add_argument("--binary", help="default: DISTRICTD, else build/release/bin/districtd")
    options = parser.parse_args()
    if options.binary:
        options.binary = os.environ["DISTRICTD"] = os.path.realpath(options.binary)
    chance = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    faults, counts = Faults(), collections.Counter()
    began = time.monotonic()
    while counts["kills"] < options.kills:
        district = District(faults, counts, chance, options.binary)
        try:
            district.begin()
            for _ in range(min(LIVES_A_STORE, options.kills - counts["kills"])):
                district.live()
                counts["kills"] += 1
                if chance.random() < 0.2:
                    district.check()
            district.check()
            counts["messages"] += len(district.robot.messages("/robot/send"))
        finally:
            district.end()
        print(f"{counts['kills']} kills, {counts['pushes']} pushes acknowledged, "
              f"{counts['files']} files, {counts['corrections']} corrections, "
              f"{counts['messages']} messages, {time.monotonic() - began:.0f} s; "
              f"faults: {dict(faults) or 'none'}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

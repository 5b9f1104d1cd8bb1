"""A correction stays, whichever way the figure came in before and whatever happens then: each
collector with each event that has it deliver the same once more."""

import http.server
import json
import os
import pathlib
import shutil
import struct
import tempfile
import threading
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv, write_workbook
from servers import Districtd, eventually, preloaded

DAY = 24 * 3600
GOOD = ["规范化率,2026-06-30,94%", "大学生村医,2026-06-30,60"]
REFUSED = "大学生村医,2026-05-31,六十多"


class Page(http.server.BaseHTTPRequestHandler):
    """Answers with the server's `body` to everybody, and counts in `asked`."""

    def do_GET(self):
        body = self.server.body
        self.server.asked += 1
        self.send_response(200)
        self.send_header("Content-Type", self.server.media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Clock:
    """Moves the daemon's date by a library that is loaded before all others."""

    def __init__(self, test):
        folder = tempfile.TemporaryDirectory()
        test.addClassCleanup(folder.cleanup)
        self._settings = pathlib.Path(folder.name) / "clock"
        self.environment = (preloaded(folder.name, "set_clock.c")
                            | {"SET_CLOCK": str(self._settings)})
        self.move_to(0)

    def move_to(self, seconds):
        # The wall clock and the time since boot alike: so much time has passed.
        by = seconds * 1_000_000_000
        with open(self._settings, "r+b" if self._settings.exists() else "wb") as file:
            file.write(struct.pack("=qqq", by, by, -1))


class Collector:
    """One way in, with a first delivery and what it takes to see that it came once more."""

    department = HEALTH
    target = "health.doctors"
    correction = "大学生村医,2026-06-30,58"
    config = ""

    def __init__(self, test):
        self.test = test

    def deliver(self, daemon):
        raise NotImplementedError

    def again(self, daemon):
        """Returns once what the event makes it deliver again was decided."""


class Inbox(Collector):
    config = '\n[[csv_drop]]\ndirectory = "inbox"\n'

    def deliver(self, daemon):
        folder = daemon.directory / "inbox" / HEALTH
        eventually(folder.is_dir)
        path = folder / "figures.csv"
        (folder / ".figures").write_text(csv(*GOOD, REFUSED))
        os.rename(folder / ".figures", path)
        eventually(lambda: not path.exists())


class Push(Collector):
    def push(self, daemon):
        return daemon.post(OBSERVATIONS, csv(*GOOD, REFUSED), {"Idempotency-Key": "june"},
                           token=TOKENS[HEALTH])

    def deliver(self, daemon):
        self.receipt = self.push(daemon).json()

    def again(self, daemon):
        self.test.assertEqual(self.push(daemon).json(), self.receipt)


class Pull(Collector):
    media_type = "text/csv"
    mapping = ""

    def __init__(self, test):
        super().__init__(test)
        self.web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.web.asked = 0
        self.web.media_type = self.media_type
        self.web.body = self.body()
        thread = threading.Thread(target=self.web.serve_forever)
        thread.start()
        for end in (thread.join, self.web.server_close, self.web.shutdown):
            test.addCleanup(end)

    def body(self):
        return csv(*GOOD).encode()

    @property
    def config(self):
        return f"""
[[http_pull]]
name = "portal"
department = "{self.department}"
url = "http://127.0.0.1:{self.web.server_address[1]}/figures"
every = "1s"
{self.mapping}
"""

    def deliver(self, daemon):
        pass

    def again(self, daemon):
        # One that was under way at the event, one for it, and one that follows when that is decided.
        asked = self.web.asked
        eventually(lambda: self.web.asked >= asked + 3, timeout=30)


class PullWithARefusedRow(Pull):
    def body(self):
        return csv(*GOOD, REFUSED).encode()


class PullOfMappedJson(Pull):
    media_type = "application/json"
    mapping = """
[http_pull.json]
rows = "/data"
target = "/n"
as_of = "/d"
value = "/v"
"""

    def rows(self):
        return [{"n": "规范化率", "d": "2026-06-30", "v": "94%"},
                {"n": "大学生村医", "d": "2026-06-30", "v": 60}]

    def body(self):
        return json.dumps({"data": self.rows()}).encode()


class PullOfMappedJsonWithARefusedRow(PullOfMappedJson):
    def rows(self):
        return [*super().rows(), {"n": "大学生村医", "d": "2026-05-31", "v": "六十多"}]


class PullOfAWorkbook(Pull):
    """It has a row that is refused."""

    department = CULTURE
    target = "culture-tourism.investment"
    correction = "文旅投资,2026-06-30,12.5亿元"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def body(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="book-"))
        self.test.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        write_workbook(folder / "figures.xlsx")
        return (folder / "figures.xlsx").read_bytes()


def restart(case):
    case.daemon.restart()


def reload(case):
    case.assertEqual(case.daemon.reload().status, 200)


def next_day(case):
    case.clock.move_to(DAY)
    case.addCleanup(case.clock.move_to, 0)


def crash(case):
    case.daemon.kill()
    case.daemon.start()


COLLECTORS = [Inbox, Push, Pull, PullWithARefusedRow, PullOfMappedJson,
              PullOfMappedJsonWithARefusedRow, PullOfAWorkbook]
EVENTS = [restart, reload, next_day, crash]


class CorrectionsStay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clock = Clock(cls)

    def run_daemon(self, collector):
        self.daemon = Districtd(collector.config, targets=TARGETS, tokens=TOKENS,
                                environment=self.clock.environment)
        self.addCleanup(self.daemon.stop)
        (self.daemon.directory / "inbox").mkdir()
        return self.daemon.start()

    def actual(self, collector):
        return self.daemon.metric("district_target_actual", target=collector.target)

    def said(self, collector):
        target = self.daemon.get(f"/api/v1/targets/{collector.target}").json()
        return [(one["as_of"], one["value"]) for one in target["observations"]]

    def holds(self, kind, event):
        collector = kind(self)
        daemon = self.run_daemon(collector)
        collector.deliver(daemon)
        first = eventually(lambda: self.actual(collector))
        corrected = daemon.post(OBSERVATIONS, csv(collector.correction),
                                token=TOKENS[collector.department]).json()
        self.assertEqual(corrected["corrected"], 1, corrected)
        correction = self.actual(collector)
        self.assertLess(correction, first)
        said = self.said(collector)
        event(self)
        collector.again(daemon)
        self.assertEqual(self.said(collector), said)
        self.assertEqual(self.actual(collector), correction)

    def test_a_page_that_gains_a_row_leaves_the_correction(self):
        collector = Pull(self)
        daemon = self.run_daemon(collector)
        eventually(lambda: self.actual(collector) == 60)
        daemon.post(OBSERVATIONS, csv(collector.correction), token=TOKENS[HEALTH])
        said = self.said(collector)
        collector.web.body = csv(*GOOD, "规范化率,2026-05-31,90%").encode()
        rate = "/api/v1/targets/health.rate"
        (added,) = eventually(lambda: [one for one in daemon.get(rate).json()["observations"]
                                       if one["as_of"] == "2026-05-31"])
        self.assertEqual(self.said(collector), said)
        self.assertEqual(self.actual(collector), 58)
        receipt = daemon.get(f"/api/v1/submissions/{added['submission']}").json()
        self.assertEqual((receipt["accepted"], receipt["corrected"], receipt["unchanged"]),
                         (1, 0, 2), receipt)
        self.assertIn("有 1 行与该数据源先前报过的相同", "".join(receipt["notes"]), receipt)

    def test_what_was_refused_is_added_and_nothing_else(self):
        collector = PullOfMappedJsonWithARefusedRow(self)
        collector.rows = lambda: [*PullOfMappedJson.rows(collector),
                                  {"n": "新指标", "d": "2026-06-30", "v": 7}]
        collector.web.body = collector.body()
        daemon = self.run_daemon(collector)
        eventually(lambda: self.actual(collector) == 60)
        daemon.post(OBSERVATIONS, csv(collector.correction), token=TOKENS[HEALTH])
        daemon.write_targets(TARGETS + """
[[target]]
id = "health.new"
name = "新指标"
kind = "cumulative"
goal = 10
unit = "个"
start = 2026-01-01
deadline = 2026-12-31
section = "区卫健局"
quote = "新指标"
""")
        self.assertEqual(daemon.reload().status, 200)
        eventually(lambda: daemon.metric("district_target_actual", target="health.new") == 7)
        self.assertEqual(self.actual(collector), 58)
        (added,) = daemon.get("/api/v1/targets/health.new").json()["observations"]
        receipt = daemon.get(f"/api/v1/submissions/{added['submission']}").json()
        self.assertEqual((receipt["accepted"], receipt["corrected"], receipt["unchanged"],
                          receipt["rejected"]), (1, 0, 2, 0), receipt)


for collector in COLLECTORS:
    for event in EVENTS:
        setattr(CorrectionsStay, f"test_{collector.__name__}_{event.__name__}",
                lambda self, collector=collector, event=event: self.holds(collector, event))


if __name__ == "__main__":
    unittest.main()

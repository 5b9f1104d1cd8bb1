"""quickstart.sh as a newcomer runs it, but for the build: what it prints is what is there."""

import datetime
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

import servers
from statuses import by_chinese

SCRIPT = servers.REPOSITORY / "quickstart.sh"
TIMEOUT = 300  # of a whole run; a few seconds, but for a sanitizer's build on a busy machine
FIGURES_END = datetime.date(2026, 10, 31)
# Settling lasts from a deadline to its due day: an example that stands still cannot have it.
STATUSES = {word: status for word, status in by_chinese().items() if status != "settling"}


def environment(directory, **more):
    servers.find_program("prometheus", "prometheus")  # skips where it is absent
    return dict(os.environ) | {
        "DISTRICTD": servers._districtd_binary(),
        "DISTRICTD_QUICKSTART_DIR": str(directory),
        "DISTRICTD_PACKAGES": "present",
    } | more


def get(url, **parameters):
    query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
    with urllib.request.urlopen(url + query, timeout=30) as answer:
        return answer.read().decode()


def answers(url):
    try:
        get(url)
    except OSError:
        return False
    return True


def started_from(directory):
    """The processes that have the directory in their command line."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(directory).encode() in command:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


class RunningQuickstartTest(unittest.TestCase):
    """One run for all, left when it says that it is up."""

    @classmethod
    def setUpClass(cls):
        if datetime.date.today() < FIGURES_END:
            raise unittest.SkipTest(f"the demonstration figures end on {FIGURES_END}, in the future")
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.directory = pathlib.Path(temporary.name) / "run"
        cls.process = subprocess.Popen(
            [SCRIPT],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(cls.directory),
            start_new_session=True,
        )
        cls.addClassCleanup(cls.stop)
        cls.output = ""
        for line in cls.process.stdout:
            cls.output += line
            if line.startswith("Running."):
                break
        else:
            raise AssertionError(f"it ended:\n{cls.output}")
        cls.prometheus = re.search(r"(http://\S+)/graph", cls.output)[1]
        cls.daemon = re.search(r"(http://\S+)/metrics", cls.output)[1]

    @classmethod
    def stop(cls):
        if cls.process.poll() is None:
            os.killpg(cls.process.pid, signal.SIGTERM)
            cls.process.wait(TIMEOUT)
        cls.process.stdout.close()

    def statuses(self):
        targets = json.loads(get(f"{self.daemon}/api/v1/targets"))
        return {target["target"]: target["status"] for target in targets}

    def test_every_status_stands_in_the_table(self):
        for chinese in STATUSES:
            self.assertRegex(self.output, rf"(?m)^\S+ +{chinese} ", chinese)

    def test_prometheus_answers_with_the_status_of_every_target(self):
        answer = json.loads(
            get(f"{self.prometheus}/api/v1/query", query="district_target_status == 1")
        )
        scraped = {
            series["metric"]["target"]: series["metric"]["status"]
            for series in answer["data"]["result"]
        }
        self.assertEqual(scraped, self.statuses())
        if "Shown as of" not in self.output:  # else today is after the targets' year
            self.assertEqual(set(scraped.values()), set(STATUSES.values()))

    def test_all_three_ways_in_were_taken(self):
        metrics = get(f"{self.daemon}/metrics")
        for collector in ("csv_drop", "http_push", "http_pull"):
            taken = rf'districtd_submissions_total{{collector="{collector}",.*result="taken"}} [1-9]'
            self.assertRegex(metrics, taken)

    def test_the_year_was_lived_in_its_own_months(self):
        target = json.loads(get(f"{self.daemon}/api/v1/targets/culture-tourism.investment"))
        received = {each["as_of"]: each["received_at"][:10] for each in target["observations"]}
        self.assertEqual(received["2026-03-31"], "2026-04-08")
        self.assertEqual(received["2026-09-30"], "2026-10-08")
        departments = {
            each["department"]: each for each in json.loads(get(f"{self.daemon}/api/v1/departments"))
        }
        self.assertEqual(departments["audit"]["on_time_rate"], 1)
        for late in ("health", "postal", "market-regulation"):
            self.assertGreater(departments[late]["reports_on_time"], 0, late)
            self.assertLess(departments[late]["on_time_rate"], 1, late)
        self.assertGreater(departments["culture-tourism"]["corrected_rate"], 0)
        log = (self.directory / "districtd-year.log").read_text()
        self.assertIn("event=status_changed", log)
        self.assertNotIn("event=clock_not_credible", log)

    def test_the_correction_stands_beside_what_it_corrects(self):
        target = json.loads(get(f"{self.daemon}/api/v1/targets/culture-tourism.investment"))
        june = [each["value"] for each in target["observations"] if each["as_of"] == "2026-06-30"]
        self.assertEqual(june, [13.9, 12.6])

    def test_the_printed_commands_send_a_figure(self):
        lines = [line.strip() for line in self.output.replace("\\\n", "").splitlines()]
        printf = next(line for line in lines if line.startswith("printf "))
        sends = r"(\S*districtd send|curl) .*june\.csv"
        commands = [line for line in lines if re.match(sends, line)]
        self.assertEqual(len(commands), 2, lines)
        for command in (printf, *commands):
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=servers.REPOSITORY,
                capture_output=True,
                text=True,
                timeout=TIMEOUT,
                check=False,
            )
            self.assertEqual(done.returncode, 0, (command, done.stdout, done.stderr))
        self.assertEqual(json.loads(done.stdout)["unchanged"], 1, done.stdout)

    def test_a_second_one_in_the_same_directory_is_told_so(self):
        done = subprocess.run(
            [SCRIPT, "--once"],
            env=environment(self.directory),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("Another quickstart runs in", done.stderr)
        self.assertTrue(answers(f"{self.daemon}/-/healthy"))


class QuickstartTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = pathlib.Path(temporary.name) / "run"

    def run_once(self, *arguments, **more):
        return subprocess.run(
            [SCRIPT, *arguments],
            env=environment(self.directory, **more),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    def test_once_shows_everything_stops_everything_and_gives_a_grafana_the_dashboards(self):
        """With a stand-in for grafana-server that shows what it was given: Debian has no Grafana."""
        folder = self.directory.parent / "bin"
        folder.mkdir()
        seen = self.directory.parent / "seen"
        fake = folder / "grafana-server"
        fake.write_text(
            f'#!/bin/sh\necho "$@" > {seen}.arguments\nenv > {seen}.environment\n'
            f'cp -r "$GF_PATHS_PROVISIONING" {seen}.provisioning\nmkdir -p {seen}.www/api\n'
            f'touch {seen}.www/api/health\nexec python3 -m http.server "$GF_SERVER_HTTP_PORT" '
            f'--bind "$GF_SERVER_HTTP_ADDR" --directory {seen}.www\n')
        fake.chmod(0o755)
        done = self.run_once("--once", PATH=f"{folder}:{os.environ['PATH']}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("文旅投资", done.stdout)
        self.assertRegex(done.stdout, r"http://127\.0\.0\.1:\d+/d/districtd-overview\?kiosk")
        given = pathlib.Path(f"{seen}.provisioning")
        prometheus = re.search(r"(http://\S+)/graph", done.stdout)[1]
        self.assertIn(f"url: {prometheus}\n", (given / "datasources/districtd.yml").read_text())
        provider = (given / "dashboards/districtd.yml").read_text()
        path = pathlib.Path(re.search(r"(?m)^ *path: (.+)$", provider)[1])
        self.assertTrue((path / "districtd-overview.json").is_file(), path)
        self.assertIn("--homepath", pathlib.Path(f"{seen}.arguments").read_text())
        self.assertEqual(started_from(self.directory), [])

    def test_a_run_ends_well_on_ctrl_c(self):
        process = subprocess.Popen(
            [SCRIPT],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(self.directory),
            start_new_session=True,
            # What is started in the background ignores it, and a shell cannot take that back.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        with process:
            output = ""
            for line in process.stdout:
                output += line
                if line.startswith("Running."):
                    os.killpg(process.pid, signal.SIGINT)  # as the terminal does
        self.assertEqual(process.returncode, 0, output)
        self.assertIn("Stopped.", output)
        self.assertEqual(started_from(self.directory), [])

    def test_a_step_that_fails_is_named_with_its_log(self):
        daemon = pathlib.Path(self.directory.parent) / "broken"
        real = servers._districtd_binary()
        daemon.write_text(
            f'#!/bin/sh\n[ "$1" != run ] || {{ echo no room >&2; exit 1; }}\nexec {real} "$@"\n'
        )
        daemon.chmod(0o755)
        done = self.run_once("--once", DISTRICTD=str(daemon))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("Step: Living the example district's year", done.stderr)
        self.assertIn("no room", done.stderr)
        self.assertEqual(started_from(self.directory), [])

    def test_a_directory_that_is_not_its_own_is_left_alone(self):
        self.directory.mkdir()
        mine = self.directory / "mine.txt"
        mine.write_text("mine")
        done = self.run_once("--once")
        self.assertEqual(done.returncode, 1)
        self.assertIn("left alone", done.stderr)
        self.assertEqual(mine.read_text(), "mine")

    def test_help_and_a_wrong_option(self):
        self.assertEqual(self.run_once("--help").returncode, 0)
        self.assertEqual(self.run_once("--wrong").returncode, 2)


if __name__ == "__main__":
    unittest.main()

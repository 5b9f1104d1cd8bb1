"""Bulletins (督查通报): written on schedule, delivered once, made up for, the same again."""

import datetime
import email
import email.policy
import http.server
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import (REPOSITORY, Districtd, eventually, free_port, make_certificate,
                     run_districtd, whole_lines)

# A programme that holds the day on which the tests run, whichever year that is.
LASTING_TARGETS = TARGETS.replace("[report]", """[report]
programme = "2026-2040"
period = [2026-01-01, 2040-12-31]""", 1)
TEMPLATES = REPOSITORY / "config" / "bulletins"
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
CONFIG = """
[bulletins]
directory = "@DIR@/bulletins"
templates = "%s"
issuer = "试验区督查室"
link = "http://district.example.org:9480/bulletins"
retry_after = "1s"

[[bulletin]]
name = "leaders"
kind = "monthly"
schedule = "every day 00:00"
formats = ["html", "xlsx", "csv", "json", "text"]
""" % TEMPLATES


def python_with_aiosmtpd():
    for python in (sys.executable, "/usr/bin/python3"):
        if pathlib.Path(python).exists() and subprocess.run(
                [python, "-c", "import aiosmtpd"], capture_output=True, check=False).returncode == 0:
            return python
    raise unittest.SkipTest("python3-aiosmtpd is not here; get it with: scripts/packages.sh "
                            "install test")


class SmtpSink:
    def __init__(self, mode="take", *arguments):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="smtp-sink-"))
        self.port = free_port()
        script = pathlib.Path(__file__).with_name("smtp_sink.py")
        self.process = subprocess.Popen([python_with_aiosmtpd(), "-B", script, str(self.port),
                                         self.directory, mode, *map(str, arguments)])
        try:
            eventually((self.directory / "ready").exists, 30)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def set_mode(self, mode):
        file = self.directory / "mode"
        file.with_suffix(".new").write_text(mode)
        file.with_suffix(".new").rename(file)

    def attempts(self):
        file = self.directory / "attempts"
        return len(whole_lines(file)) if file.exists() else 0

    def messages(self):
        file = self.directory / "messages"
        if not file.exists():
            return []
        return [json.loads(line) for line in whole_lines(file)]


class WebhookReceiver:
    """Keeps what is posted to it as (path, JSON). Answers a path with its `answers` in turn, then
    errcode 0: JSON, an HTTP status, or None for no answer before the stop."""

    def __init__(self, answers=None):
        self.posts = []
        waiting = {path: list(turns) for path, turns in (answers or {}).items()}
        stopped = self.stopped = threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                turns = waiting.get(self.path.partition("?")[0])
                answer = turns.pop(0) if turns else {"errcode": 0, "errmsg": "ok"}
                receiver.posts.append((self.path, json.loads(body)))
                if answer is None:
                    stopped.wait()
                    return
                status = answer if isinstance(answer, int) else 200
                answer = json.dumps(answer)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class BulletinsTest(unittest.TestCase):
    def district(self, config):
        """A district whose figures came, and whose bulletins were configured, three days ago."""
        daemon = Districtd(config, targets=LASTING_TARGETS, tokens=TOKENS)
        self.addCleanup(daemon.stop)
        daemon.start()
        self.post(daemon, CULTURE, "文旅投资,2026-06-30,12.6亿元")
        self.post(daemon, HEALTH, "大学生村医,2026-06-30,48")
        eventually(lambda: self.query(daemon, "SELECT count(*) FROM bulletin_occasion")[0][0] > 0)
        daemon.terminate()
        self.backdate(daemon, datetime.timedelta(days=3))
        return daemon

    def post(self, daemon, department, *rows):
        answer = daemon.post(OBSERVATIONS, csv(*rows), token=TOKENS[department])
        self.assertEqual(answer.status, 200, answer.text)

    @staticmethod
    def query(daemon, sql, *values):
        with sqlite3.connect(daemon.directory / "districtd.db") as connection:
            return connection.execute(sql, values).fetchall()

    def backdate(self, daemon, by):
        """As if all of it had happened earlier: the test cannot wait for days."""
        milliseconds = int(by.total_seconds() * 1000)
        with sqlite3.connect(daemon.directory / "districtd.db") as connection:
            trigger = connection.execute(
                "SELECT sql FROM sqlite_schema WHERE name = 'submission_is_never_changed'"
            ).fetchone()[0]
            connection.execute("DROP TRIGGER submission_is_never_changed")
            connection.execute("UPDATE submission SET received_at = received_at - ?", (milliseconds,))
            connection.execute(trigger)
            connection.execute("UPDATE bulletin_occasion SET due_at = due_at - ?", (milliseconds,))

    @staticmethod
    def logged(daemon, event):
        return [line for line in daemon.log_lines() if line.get("event") == event]

    def wait_for_log(self, daemon, event, count=1):
        return eventually(lambda: len(self.logged(daemon, event)) >= count and
                          self.logged(daemon, event), 30)

    def wait_until_it_has_looked(self, daemon):
        eventually(lambda: daemon.metric("districtd_bulletin_last_success_timestamp_seconds",
                                         bulletin="leaders"), 30)

    @staticmethod
    def today():
        return datetime.datetime.now(SHANGHAI).date().isoformat()

    @staticmethod
    def without_printed_line(text):
        return [line for line in text.splitlines() if "印制时间" not in line]

    def test_missed_occasion_is_made_up_for_once_and_marked_late(self):
        daemon = self.district(CONFIG)
        daemon.start()
        made = self.wait_for_log(daemon, "bulletin_made")
        bulletin = made[0]["bulletin"]
        self.assertEqual(made[0]["late"], True)
        # Of the days that were missed the newest is made, the others are named.
        self.wait_for_log(daemon, "bulletin_skipped", 2)
        page = daemon.get(f"/bulletins/{bulletin}")
        self.assertEqual(page.status, 200, page.text)
        self.assertIn("（补发，应于", page.text)
        self.assertIn("文旅投资", page.text)
        self.assertRegex(page.text, "目标30亿元，截至(2026年)?6月底完成12.6亿元，完成率42.0%")

        index = daemon.get("/bulletins/")
        self.assertEqual(index.headers.get("Content-Type"), "text/html; charset=utf-8")
        for extension in ("html", "xlsx", "csv", "json", "txt"):
            self.assertIn(f'href="{bulletin}.{extension}"', index.text)
            self.assertEqual(daemon.get(f"/bulletins/{bulletin}.{extension}").status, 200)
        self.assertEqual(daemon.get(f"/bulletins/{bulletin}.pdf").status, 404)
        self.assertEqual(daemon.get("/bulletins/..%2fdistrictd.db").status, 404)
        leftovers = [p.name for p in (daemon.directory / "bulletins").iterdir()
                     if p.name.startswith(".")]
        self.assertEqual(leftovers, [])

        daemon.terminate()
        daemon.start()
        self.wait_until_it_has_looked(daemon)
        self.assertEqual(len(self.logged(daemon, "bulletin_made")), 1)
        self.assertEqual(daemon.metric("districtd_bulletins_total", kind="monthly", result="made"),
                         None)

    def test_command_gives_the_same_bytes_for_the_same_day(self):
        daemon = self.district(CONFIG)
        daemon.start()
        bulletin = self.wait_for_log(daemon, "bulletin_made")[0]["bulletin"]
        # What comes later changes nothing of it.
        self.post(daemon, CULTURE, "文旅投资,2026-06-30,16亿元")
        out = daemon.directory / "again"
        done = run_districtd("bulletin", "monthly", "--config", daemon.config_path, "--on",
                             bulletin.removeprefix("leaders-"), "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        for extension in ("html", "csv", "json", "txt", "xlsx"):
            first = (daemon.directory / "bulletins" / f"{bulletin}.{extension}").read_bytes()
            again = (out / f"{bulletin}.{extension}").read_bytes()
            if extension in ("csv", "xlsx"):
                self.assertEqual(first, again, extension)
            else:
                self.assertEqual(self.without_printed_line(first.decode()),
                                 self.without_printed_line(again.decode()), extension)

    def test_mail_by_starttls_carries_page_files_and_chinese_headers(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="certificate-"))
        self.addCleanup(shutil.rmtree, folder)
        certificate, key = make_certificate(folder, "smtp")
        (folder / "password").write_text("open sesame\n")
        sink = SmtpSink("take", certificate, key, "ducha", "open sesame")
        self.addCleanup(sink.stop)
        config = CONFIG + f"""
email = ["领导 <leader@example.org>", "office@example.org"]

[smtp]
host = "localhost"
port = {sink.port}
security = "starttls"
ca_file = "{certificate}"
user = "ducha"
password_file = "{folder}/password"
from = "试验区督查室 <ducha@example.org>"
"""
        daemon = self.district(config)
        daemon.start()
        messages = eventually(lambda: len(sink.messages()) == 2 and sink.messages(), 30)
        self.assertEqual({m["to"][0] for m in messages}, {"leader@example.org", "office@example.org"})
        self.assertTrue(all(m["tls"] and m["user"] == "ducha" for m in messages))
        wire = next(m for m in messages if m["to"] == ["leader@example.org"])["content"]
        self.assertLessEqual(max(len(line) for line in wire.split("\n")), 100)
        letter = email.message_from_string(wire, policy=email.policy.default)
        self.assertRegex(letter["Subject"], "^关于20[0-9]{2}年.*目标任务进展情况的通报（补发）$")
        self.assertEqual(letter["To"].addresses[0].display_name, "领导")
        self.assertEqual(letter["From"].addresses[0].display_name, "试验区督查室")
        self.assertIn("文旅投资", letter.get_body(("html",)).get_content())
        self.assertIn("达到序时进度", letter.get_body(("plain",)).get_content())
        self.assertEqual({part.get_filename() for part in letter.iter_attachments()},
                         {f"{letter['Subject'].removesuffix('（补发）')}.{e}" for e in ("html", "xlsx", "csv", "json", "txt")})
        self.wait_for_log(daemon, "bulletin_delivered", 2)

        daemon.terminate()
        daemon.start()
        self.wait_until_it_has_looked(daemon)
        self.assertEqual(len(sink.messages()), 2, "nothing is sent twice")

    def mailing(self, sink, more=""):
        return self.district(CONFIG + f"""
email = ["leader@example.org"]

[smtp]
host = "127.0.0.1"
port = {sink.port}
security = "none"
from = "ducha@example.org"
timeout = "5s"
""" + more)

    def test_passing_refusal_is_retried_and_delivered_once(self):
        sink = SmtpSink("busy-once")
        self.addCleanup(sink.stop)
        daemon = self.mailing(sink)
        daemon.start()
        self.wait_for_log(daemon, "bulletin_delivered")
        self.assertEqual(len(self.logged(daemon, "bulletin_delivery_retried")), 1)
        self.assertEqual((sink.attempts(), len(sink.messages())), (2, 1))
        self.assertEqual(daemon.metric("districtd_bulletin_failing", stage="delivery"), 0)

    def test_refused_recipient_is_an_alertable_failure_and_a_person_can_resend(self):
        sink = SmtpSink("refuse")
        self.addCleanup(sink.stop)
        daemon = self.mailing(sink)
        daemon.start()
        failed = self.wait_for_log(daemon, "bulletin_delivery_failed")[0]
        self.assertIn("550", failed["message"])
        eventually(lambda: daemon.metric("districtd_bulletin_failing", stage="delivery") == 1)
        self.assertEqual(daemon.metric("districtd_bulletin_deliveries_total", kind="monthly",
                                       channel="email", result="failed"), 1)

        sink.set_mode("take")
        done = run_districtd("resend", failed["bulletin"], "--config", daemon.config_path)
        self.assertEqual((done.returncode, done.stdout), (0, "重新发送：leader@example.org\n"))
        eventually(lambda: len(sink.messages()) == 1, 30)
        eventually(lambda: daemon.metric("districtd_bulletin_failing", stage="delivery") == 0, 30)
        done = run_districtd("resend", failed["bulletin"], "--config", daemon.config_path)
        self.assertIn("都已送达", done.stdout)
        done = run_districtd("resend", "leaders-2020-01-01", "--config", daemon.config_path)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "没有按计划印发过的通报“leaders-2020-01-01”\n"))

    def test_server_that_dies_after_the_message_leaves_it_uncertain_and_unrepeated(self):
        sink = SmtpSink("die")
        self.addCleanup(sink.stop)
        daemon = self.mailing(sink)
        daemon.start()
        said = self.wait_for_log(daemon, "bulletin_delivery_uncertain")[0]
        self.assertIn("districtd resend " + said["bulletin"], said["message"])
        self.assertEqual(sink.attempts(), 1)

    def test_killed_while_sending_it_does_not_send_again_until_told_to(self):
        sink = SmtpSink("hang")
        self.addCleanup(sink.stop)
        daemon = self.mailing(sink)
        daemon.start()
        eventually(lambda: sink.attempts() == 1, 30)
        daemon.kill()
        sink.set_mode("take")
        daemon.start()
        said = self.wait_for_log(daemon, "bulletin_delivery_uncertain")[0]
        self.wait_until_it_has_looked(daemon)
        self.assertEqual((sink.attempts(), len(self.logged(daemon, "bulletin_made"))), (1, 1))
        done = run_districtd("resend", said["bulletin"], "--config", daemon.config_path)
        self.assertEqual(done.returncode, 0, done.stderr)
        eventually(lambda: len(sink.messages()) == 1, 30)

    def test_directory_that_cannot_be_written_fails_the_occasion_and_not_the_daemon(self):
        daemon = self.district(CONFIG)
        place = daemon.directory / "bulletins"
        place.write_text("in the way")
        daemon.start()
        said = self.wait_for_log(daemon, "bulletin_failed")[0]
        self.assertIn(f"{place} cannot be", said["message"])
        self.assertEqual(daemon.metric("districtd_bulletin_failing", stage="making"), 1)
        self.assertEqual(daemon.get("/-/ready").status, 200)
        daemon.terminate()
        place.unlink()
        daemon.start()
        self.wait_for_log(daemon, "bulletin_made")

    def test_broken_template_is_refused_by_a_reload_and_the_old_one_stays(self):
        daemon = self.district(CONFIG)
        folder = daemon.directory / "templates"
        shutil.copytree(TEMPLATES, folder)
        daemon.config_path.write_text(daemon.config_path.read_text().replace(str(TEMPLATES), str(folder)))
        daemon.start()
        self.wait_for_log(daemon, "bulletin_made")
        (folder / "bulletin.html").write_text("{{nonsense}}")
        answer = daemon.reload()
        self.assertEqual(answer.status, 422)
        self.assertIn("bulletin.html:1:1: unknown field 'nonsense'", answer.text)

    def test_hanging_server_does_not_keep_the_daemon_from_stopping_or_answering(self):
        sink = SmtpSink("hang")
        self.addCleanup(sink.stop)
        daemon = self.mailing(sink)
        daemon.start()
        eventually(lambda: sink.attempts() == 1, 30)
        self.assertEqual(daemon.get("/metrics").status, 200)
        self.assertEqual(daemon.terminate(), 0)
        # What was all sent and not answered is told apart from what was not, also by a stop.
        self.assertEqual(self.query(daemon, "SELECT state FROM bulletin_delivery"), [("uncertain",)])

    def test_robots_get_their_forms_with_the_link(self):
        receiver = WebhookReceiver(
            {"/wecom": [{"errcode": 45009, "errmsg": "api freq out of limit"}]})
        self.addCleanup(receiver.stop)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="secrets-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "url").write_text(receiver.url + "/robot/send?access_token=abc\n")
        (folder / "secret").write_text("SEC123\n")
        daemon = self.district(CONFIG + f"""
webhooks = ["wecom", "dingtalk", "programs"]

[[webhook]]
name = "wecom"
form = "wecom"
url = "{receiver.url}/wecom?key=1"

[[webhook]]
name = "dingtalk"
form = "dingtalk"
url_file = "{folder}/url"
secret_file = "{folder}/secret"

[[webhook]]
name = "programs"
url = "{receiver.url}/programs"
""")
        daemon.start()
        self.wait_for_log(daemon, "bulletin_delivered", 3)
        by_path = {}
        for path, body in receiver.posts:
            by_path.setdefault(path.partition("?")[0], []).append((path, body))
        link = "http://district.example.org:9480/bulletins/leaders-" + self.today()
        robots = by_path["/wecom"] + by_path["/robot/send"]
        self.assertEqual(len(robots), 3, "the one that was told to wait came again")
        wecom = by_path["/wecom"][-1][1]
        self.assertEqual(wecom["msgtype"], "markdown")
        self.assertIn(link, wecom["markdown"]["content"])
        path, dingtalk = by_path["/robot/send"][-1]
        self.assertRegex(path, r"access_token=abc&timestamp=\d{13}&sign=[A-Za-z0-9%]+$")
        self.assertIn(link, dingtalk["markdown"]["text"])
        program = by_path["/programs"][0][1]
        self.assertEqual((program["link"], program["bulletin"]["kind"]), (link, "monthly"))
        self.assertEqual(len(by_path["/programs"]), 1)

    def test_only_what_surely_did_not_arrive_is_posted_again_and_a_hung_robot_holds_up_nobody(self):
        # What each robot answers, in turn; how often it is asked; what becomes of the delivery.
        robots = {
            "/fails": ([500], 1, "uncertain"),
            "/gateway": ([502], 1, "uncertain"),
            "/late": ([504], 1, "uncertain"),
            "/slow": ([408], 1, "uncertain"),
            "/odd": ([{"errcode": -1, "errmsg": "system busy"}], 1, "uncertain"),
            "/gone": ([{"errcode": 93000, "errmsg": "invalid webhook url"}], 1, "failed"),
            "/busy": ([503, 429, {"errcode": 45009, "errmsg": "too often"}], 4, "sent"),
            "/good": ([], 1, "sent"),
            "/hangs": ([None], 1, "sending"),
        }
        receiver = WebhookReceiver({path: answers for path, (answers, _, _) in robots.items()})
        self.addCleanup(receiver.stop)
        names = [path.strip("/") for path in robots]
        daemon = self.district(CONFIG + f"webhooks = {json.dumps(names)}\n" + "".join(f"""
[[webhook]]
name = "{name}"
form = "wecom"
url = "{receiver.url}/{name}"
timeout = "10m"
""" for name in names))
        daemon.start()
        expected = sorted((name, robots["/" + name][2]) for name in names)
        states = "SELECT recipient, state FROM bulletin_delivery ORDER BY recipient"
        eventually(lambda: self.query(daemon, states) == expected, 60)
        asked = {path: sum(got == path for got, _ in receiver.posts) for path in robots}
        self.assertEqual(asked, {path: times for path, (_, times, _) in robots.items()})
        said = self.wait_for_log(daemon, "bulletin_delivery_uncertain", 5)
        self.assertEqual({line["recipient"] for line in said}, {"fails", "gateway", "late", "slow", "odd"})
        self.assertTrue(all("districtd resend" in line["message"] for line in said))
        eventually(lambda: daemon.metric("districtd_bulletin_deliveries_total", kind="monthly",
                                         channel="webhook", result="uncertain") == 5)
        self.assertEqual(daemon.metric("districtd_bulletin_failing", stage="delivery"), 1)

        # Nor by a restart; what hung when it stopped is uncertain as well.
        daemon.terminate()
        self.assertIn(("hangs", "uncertain"), self.query(daemon, states))
        before = len(receiver.posts)
        daemon.start()
        self.wait_until_it_has_looked(daemon)
        self.assertEqual(len(receiver.posts), before)


class CheckTest(unittest.TestCase):
    def check(self, config, status=1):
        daemon = Districtd(config, targets=LASTING_TARGETS, tokens=TOKENS)
        self.addCleanup(daemon.stop)
        done = run_districtd("check", "--config", daemon.config_path,
                             env={"PATH": "/nonexistent"})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_every_fault_is_found_with_its_place(self):
        said = self.check("""
[bulletins]
directory = "@DIR@/bulletins"

[[bulletin]]
name = "Monthly"
kind = "fortnightly"
schedule = "day 31 of February 09:00"
formats = ["word"]
email = ["ducha at example.org"]
webhooks = ["nobody"]
department = "nobody"
recipients = []
""")
        for finding in ("'Monthly' is no name", "kind", "never occurs", "'word' is no format",
                        "'ducha at example.org' is no address", "needs the table [smtp]",
                        "no [[webhook]] called 'nobody'", "department 'nobody' is not in the catalogue",
                        "unknown key 'recipients'"):
            self.assertIn(finding, said)
        self.assertRegex(said, r"districtd\.toml:8:12: 'day 31 of February 09:00' never occurs")

    def test_templates_and_directory_are_proved(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="templates-"))
        self.addCleanup(shutil.rmtree, folder)
        for template in TEMPLATES.iterdir():
            shutil.copy(template, folder)
        (folder / "weekly.html").write_text("<p>\n{{titel}}</p>")
        (folder / "file").write_text("")
        config = CONFIG.replace(str(TEMPLATES), str(folder))
        said = self.check(config.replace("@DIR@/bulletins", f"{folder}/file/bulletins"))
        self.assertIn(f"{folder}/weekly.html:2:1: unknown field 'titel'; did you mean 'title'?", said)
        self.assertIn("[bulletins] directory:", said)
        self.assertIn("is no directory", said)

    def test_missing_converter_is_said_and_costs_its_format_only(self):
        config = CONFIG.replace('"html", "xlsx"', '"html", "pdf", "docx", "xlsx"')
        said = self.check(config, 0)
        self.assertIn("note: PDF cannot be made: weasyprint is not on PATH", said)
        self.assertIn("note: DOCX cannot be made: pandoc is not on PATH", said)

        daemon = Districtd(config, targets=LASTING_TARGETS, tokens=TOKENS, environment={"PATH": "/nonexistent"})
        self.addCleanup(daemon.stop)
        daemon.start()
        self.assertEqual(len(BulletinsTest.logged(daemon, "converter_missing")), 2)
        self.assertEqual(daemon.reload().status, 200)
        self.assertEqual(len(BulletinsTest.logged(daemon, "converter_missing")), 2)
        out = daemon.directory / "out"
        done = run_districtd("bulletin", "monthly", "--config", daemon.config_path, "--out", out,
                             env={"PATH": "/nonexistent"})
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("PDF cannot be made", done.stderr)
        self.assertEqual({file.suffix for file in out.iterdir()},
                         {".html", ".xlsx", ".csv", ".json", ".txt"})

    def test_without_an_entry_every_kind_is_written_for_the_whole_district(self):
        # Nor without a folder of templates: they are built in.
        daemon = Districtd('[bulletins]\ndirectory = "@DIR@/b"\n', targets=LASTING_TARGETS, tokens=TOKENS)
        self.addCleanup(daemon.stop)
        daemon.start()
        answer = daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,12.6亿元"), token=TOKENS[CULTURE])
        self.assertEqual(answer.status, 200, answer.text)
        titles = {"daily": "日报", "weekly": "周报", "monthly": "通报", "quarterly": "季度",
                  "annual": "年度"}
        for kind, word in titles.items():
            out = daemon.directory / kind
            asked = ["--on", "2026-07-12"] if kind == "annual" else []
            done = run_districtd("bulletin", kind, "--config", daemon.config_path, "--out", out, *asked,
                                 env={"PATH": "/nonexistent"})
            self.assertIn("note: PDF cannot be made", done.stderr)
            if kind == "annual":  # of the year before, which has no programme here
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertRegex(done.stderr, "no programme holds 2025-12-31.*there are: 2026-2040 ")
                self.assertEqual(list(out.iterdir()), [])
                continue
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(word, done.stdout)
            self.assertEqual({file.suffix for file in out.iterdir()},
                             {".html", ".xlsx", ".csv", ".json", ".txt"})
        done = run_districtd("bulletin", "annual", "--config", daemon.config_path, "--out",
                             daemon.directory / "x", "--on", "2026-07-12", "--programme", "2026-2040")
        self.assertEqual(done.returncode, 1)
        self.assertIn("lies outside programme 2026-2040", done.stderr)
        for arguments, said in ((("--on", "2026-06-31"), "is no date"),
                                (("--on", "2099-01-01"), "has not come yet")):
            done = run_districtd("bulletin", "monthly", "--config", daemon.config_path, "--out",
                                 daemon.directory / "x", *arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()

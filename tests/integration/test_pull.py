"""Pulling from a department's page: what is new is taken, what is wrong changes nothing."""

import http.server
import json
import os
import socket
import threading
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, Nginx, eventually, free_port, make_certificate

DOCTORS = {"target": "health.doctors"}


def source(name, url, every="1h", timeout="10s"):
    return f"""
[[http_pull]]
name = "{name}"
department = "{HEALTH}"
url = "{url}"
every = "{every}"
timeout = "{timeout}"
"""


class Page(http.server.BaseHTTPRequestHandler):
    """Answers what the server's `answers` say of the path, and keeps the path in `asked`."""

    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, body = self.server.answers[self.path.partition("?")[0]]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class PullCase(unittest.TestCase):
    def make_nginx(self, conf="", start=True):
        nginx = Nginx(conf)
        self.addCleanup(nginx.stop)
        if start:
            nginx.start()
        return nginx

    def make(self, config, environment=None):
        self.daemon = Districtd(config, targets=TARGETS, tokens=TOKENS, environment=environment)
        self.addCleanup(self.daemon.stop)
        return self.daemon.start()

    def doctors(self):
        return self.daemon.metric("district_target_actual", **DOCTORS)

    def failures(self, name):
        return {labels["reason"]: value
                for labels, value in self.daemon.series("districtd_pull_failures_total")
                if labels["name"] == name}

    def metric(self, family, name="portal"):
        """The value of a family for one source, None where there is none."""
        return next((v for labels, v in self.daemon.series(family) if labels["name"] == name), None)

    def success(self, name="portal"):
        return self.metric("districtd_pull_success", name)

    def logged_failures(self):
        return [r for r in self.daemon.log_lines() if r.get("event") == "pull_failed"]


def publish(nginx, content, name="figures.csv"):
    """Replaces a page of nginx at one stroke."""
    (nginx.root / ".new").write_text(content)
    os.rename(nginx.root / ".new", nginx.root / name)


def statuses(nginx, path="/figures.csv"):
    """The status codes of the requests for a path, in order."""
    return [int(line.split('"')[2].split()[0])
            for line in nginx.access_log() if f'"GET {path} ' in line]


class Pulling(PullCase):
    def test_first_fetch_comes_at_once(self):
        nginx = self.make_nginx()
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        daemon = self.make(source("portal", f"{nginx.url}/figures.csv", every="1d"))
        eventually(lambda: self.doctors() == 60)
        self.assertEqual(self.success(), 1)
        self.assertGreater(self.metric("districtd_pull_duration_seconds"), 0)
        self.assertGreater(
            self.metric("districtd_pull_last_success_timestamp_seconds"), 1.7e9
        )
        self.assertEqual(self.failures("portal"), {})
        (observation,) = daemon.get("/api/v1/targets/health.doctors").json()["observations"]
        self.assertEqual(observation["collector"], "http_pull")
        self.assertEqual(observation["source"], f"{nginx.url}/figures.csv")

    def test_page_that_did_not_change_is_asked_for_but_not_sent_again(self):
        nginx = self.make_nginx()
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        daemon = self.make(source("portal", f"{nginx.url}/figures.csv", every="1s"))
        eventually(lambda: statuses(nginx).count(304) >= 3, timeout=30)
        self.assertEqual(statuses(nginx)[0], 200)
        self.assertEqual(statuses(nginx).count(200), 1)
        self.assertEqual(daemon.metric("districtd_submissions_total", collector="http_pull"), 1)
        self.assertEqual(self.success(), 1)

    def test_changed_page_is_taken(self):
        nginx = self.make_nginx()
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        self.make(source("portal", f"{nginx.url}/figures.csv", every="1s"))
        eventually(lambda: self.doctors() == 60)
        publish(nginx, csv("大学生村医,2026-06-30,60", "大学生村医,2026-07-31,100"))
        eventually(lambda: self.doctors() == 100)
        eventually(lambda: statuses(nginx)[-1] == 304)
        self.assertEqual(statuses(nginx).count(200), 2)

    def test_server_without_conditional_requests_makes_no_submissions_of_the_same(self):
        nginx = self.make_nginx("etag off; if_modified_since off; add_header Last-Modified '';")
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        daemon = self.make(source("portal", f"{nginx.url}/figures.csv", every="1s"))
        eventually(lambda: statuses(nginx).count(200) >= 3, timeout=30)
        eventually(lambda: daemon.metric("districtd_submissions_total", collector="http_pull") == 1)

    def test_json_and_a_redirect_and_a_chinese_address(self):
        nginx = self.make_nginx(
            "location = /old { return 301 /数据/六月.json?x=1; }"
        )
        (nginx.root / "数据").mkdir()
        publish(nginx, json.dumps(
            {"observations": [{"target": "大学生村医", "as_of": "2026-06-30", "value": 60}]}),
            "数据/六月.json")
        self.make(source("portal", f"{nginx.url}/old"))
        eventually(lambda: self.doctors() == 60)

    def test_good_rows_of_a_page_are_taken_beside_bad_ones(self):
        nginx = self.make_nginx()
        publish(nginx, csv("大学生村医,2026-06-30,60", "大学生村医,2026-07-31,六十多"))
        daemon = self.make(source("portal", f"{nginx.url}/figures.csv"))
        eventually(lambda: self.doctors() == 60)
        # The office must hear of the rows that nobody is told of by a receipt.
        eventually(lambda: self.success() == 0)
        self.assertEqual(set(self.failures("portal")), {"refused"})
        (record,) = eventually(self.logged_failures)
        self.assertEqual(record["reason"], "refused")
        self.assertEqual(
            daemon.metric("districtd_rows_total", collector="http_pull", result="rejected"), 1
        )

    def test_source_stays_as_it_is_across_a_reload(self):
        nginx = self.make_nginx()
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        publish(nginx, csv("规范化率,2026-06-30,94%"), "other.csv")
        same = source("portal", f"{nginx.url}/figures.csv")
        daemon = self.make(same)
        eventually(lambda: self.doctors() == 60)
        daemon.configure(same + source("other", f"{nginx.url}/other.csv"), targets=TARGETS,
                         tokens=TOKENS)
        self.assertEqual(daemon.reload().status, 200)
        eventually(lambda: self.success("other") == 1)
        self.assertEqual(statuses(nginx), [200])

    def test_restart_does_not_take_back_a_later_correction(self):
        nginx = self.make_nginx()
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        daemon = self.make(source("portal", f"{nginx.url}/figures.csv"))
        eventually(lambda: self.doctors() == 60)
        corrected = daemon.post(OBSERVATIONS, csv("大学生村医,2026-06-30,58"), token=TOKENS[HEALTH])
        self.assertEqual(corrected.json()["corrected"], 1)
        asked = len(nginx.access_log())
        daemon.restart()
        eventually(lambda: len(nginx.access_log()) > asked)
        eventually(lambda: self.success() == 1)
        self.assertEqual(self.doctors(), 58)

    def test_source_that_is_down_at_the_start_is_taken_when_it_is_up(self):
        nginx = self.make_nginx(start=False)
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        daemon = self.make(source("portal", f"{nginx.url}/figures.csv", every="1d"))
        eventually(lambda: self.failures("portal").get("connect"))
        self.assertEqual(self.success(), 0)
        self.assertIsNone(self.metric("districtd_pull_last_success_timestamp_seconds"))
        nginx.start()
        eventually(lambda: self.doctors() == 60, timeout=60)
        self.assertEqual(self.success(), 1)


class OldValuesStay(PullCase):
    def test_page_that_turns_bad_changes_nothing_until_it_is_good_again(self):
        nginx = self.make_nginx()
        publish(nginx, csv("大学生村医,2026-06-30,60"))
        daemon = self.make(source("portal", f"{nginx.url}/figures.csv", every="1s"))
        eventually(lambda: self.success() == 1)
        at = "districtd_pull_last_success_timestamp_seconds"
        publish(nginx, "<!DOCTYPE html><title>请登录</title>")
        eventually(lambda: self.failures("portal").get("media_type"))
        before = self.metric(at)
        failed = self.failures("portal")["media_type"]
        eventually(lambda: self.failures("portal")["media_type"] > failed)
        self.assertEqual((self.success(), self.doctors()), (0, 60))
        self.assertEqual(self.metric(at), before)
        publish(nginx, csv("大学生,2026-07-31,70"))
        eventually(lambda: self.failures("portal").get("refused"))
        self.assertEqual((self.success(), self.doctors()), (0, 60))
        publish(nginx, csv("大学生村医,2026-07-31,70"))
        eventually(lambda: self.doctors() == 70, timeout=30)
        self.assertEqual(self.success(), 1)
        self.assertGreater(self.metric(at), before)


class WrongAnswers(PullCase):
    """One daemon with a source for each way to fail, beside one that works."""

    REASONS = {
        "html": "media_type",
        "html-as-csv": "media_type",
        "zipped": "media_type",
        "missing": "status",
        "broken": "status",
        "forbidden": "status",
        "empty": "refused",
        "other-department": "refused",
        "unknown-target": "refused",
        "binary": "refused",
        "loop": "redirect",
        "to-file": "redirect",
        "to-ftp": "redirect",
        "to-https": "redirect",
        "slow": "timeout",
        "silent": "timeout",
        "trickle": "timeout",
        "cut": "connect",
        "no-http": "connect",
        "nobody": "connect",
        "no-such-host": "connect",
    }

    @classmethod
    def setUpClass(cls):
        good = csv("大学生村医,2026-06-30,60").encode()
        cls.web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        cls.web.asked = []
        cls.web.answers = {
            "/html": (200, {"Content-Type": "text/html"}, b"<html>hello</html>"),
            "/html-as-csv": (200, {"Content-Type": "text/csv"}, b"\xef\xbb\xbf \n<!doctype html>"),
            "/zipped": (200, {"Content-Type": "text/csv", "Content-Encoding": "gzip"}, good),
            "/missing": (404, {}, b"nothing"),
            "/broken": (500, {"Content-Type": "text/csv"}, good),
            "/forbidden": (403, {"Content-Type": "text/csv"}, good),
            "/empty": (200, {"Content-Type": "text/csv"}, b""),
            "/other-department": (200, {}, csv("文旅投资,2026-06-30,9").encode()),
            "/unknown-target": (200, {}, csv("乡村医生,2026-06-30,9").encode()),
            "/binary": (200, {}, bytes(range(256))),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/to-ftp": (301, {"Location": "ftp://127.0.0.1/figures.csv"}, b""),
            "/to-https": (307, {"Location": f"https://127.0.0.1:{free_port()}/x"}, b""),
            "/good": (200, {}, csv("规范化率,2026-06-30,94%").encode()),
        }
        thread = threading.Thread(target=cls.web.serve_forever)
        thread.start()
        cls.addClassCleanup(thread.join)
        cls.addClassCleanup(cls.web.server_close)
        cls.addClassCleanup(cls.web.shutdown)
        cls.nginx = Nginx("location /slow { limit_rate 100; }").start()
        cls.addClassCleanup(cls.nginx.stop)
        (cls.nginx.root / "slow").write_bytes(good + b"\n" * 100_000)

        url = f"http://127.0.0.1:{cls.web.server_address[1]}"
        urls = {name: f"{url}/{name}" for name in cls.REASONS} | {
            "slow": f"{cls.nginx.url}/slow",
            "silent": cls.hand_made(b"", keep=True),
            "trickle": cls.hand_made(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + good[:50],
                                     keep=True),
            "cut": cls.hand_made(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + good),
            "no-http": cls.hand_made(b"220 mail.example ESMTP\r\n"),
            "nobody": f"http://127.0.0.1:{free_port()}/x",
            "no-such-host": "http://nowhere.invalid/x",
            "good": f"{url}/good",
        }
        cls.urls = urls
        cls.daemon = Districtd(
            "".join(source(name, url, every="1h", timeout="2s" if reason == "timeout" else "20s")
                    for (name, url), reason in
                    ((item, cls.REASONS.get(item[0])) for item in urls.items())),
            targets=TARGETS, tokens=TOKENS,
        ).start()
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.post(OBSERVATIONS, csv("大学生村医,2026-05-31,50"), token=TOKENS[HEALTH])

    @classmethod
    def hand_made(cls, answer, keep=False):
        """A server that says this to everybody and then closes or, with `keep`, says no more."""
        listener = socket.create_server(("127.0.0.1", 0))
        connections = []

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                try:
                    connection.recv(65536)
                    connection.sendall(answer)
                except OSError:
                    pass
                if keep:
                    connections.append(connection)
                else:
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        cls.addClassCleanup(lambda: [each.close() for each in connections])
        cls.addClassCleanup(thread.join)
        cls.addClassCleanup(listener.close)
        cls.addClassCleanup(listener.shutdown, socket.SHUT_RDWR)  # wakes the accept
        return f"http://127.0.0.1:{listener.getsockname()[1]}/x"

    def test_each_has_its_reason_and_is_told_in_metrics_and_log(self):
        for name, reason in self.REASONS.items():
            with self.subTest(name):
                failed = eventually(lambda: self.failures(name), timeout=60)
                self.assertEqual(set(failed), {reason})
                self.assertEqual(self.success(name), 0)
                self.assertIsNotNone(self.metric("districtd_pull_duration_seconds", name))
                logged = eventually(lambda: [r for r in self.logged_failures()
                                             if r["source"] == name])
                self.assertEqual({r["reason"] for r in logged}, {reason})
                self.assertEqual({r["level"] for r in logged}, {"warn"})
                if reason not in ("refused", "redirect"):
                    self.assertIn(self.urls[name].split("/")[2], logged[0]["message"])

    def test_what_failed_has_never_succeeded(self):
        eventually(lambda: self.success("good") == 1)
        name = "districtd_pull_last_success_timestamp_seconds"
        self.assertEqual({labels["name"] for labels, _ in self.daemon.series(name)}, {"good"})

    def test_the_others_go_on_and_old_values_stay(self):
        eventually(lambda: self.daemon.metric("district_target_actual", target="health.rate"))
        for name in self.REASONS:
            eventually(lambda: self.failures(name), timeout=60)
        self.assertEqual(self.doctors(), 50)
        self.assertIsNone(self.daemon.metric("district_target_actual", department=CULTURE))

    def test_redirects_are_followed_five_times_at_most(self):
        eventually(lambda: self.failures("loop"))
        fetches = eventually(lambda: self.failures("loop")["redirect"])
        self.assertLessEqual(self.web.asked.count("/loop"), (fetches + 1) * 6)

    def test_timeout_is_kept(self):
        for name in ("slow", "silent", "trickle"):
            eventually(lambda: self.failures(name), timeout=60)
            took = self.metric("districtd_pull_duration_seconds", name)
            self.assertGreaterEqual(took, 1.99)
            self.assertLess(took, 15)


class Portals(PullCase):
    """What a portal asks for, and how it publishes its figures."""

    def secret(self, name, text):
        path = self.nginx.directory / name
        path.write_text(text)
        return path

    def setUp(self):
        self.nginx = self.make_nginx("""
            location /bearer/ { if ($http_authorization != "Bearer s3cret") { return 401; } }
            location /basic/ { if ($http_authorization != "Basic dXNlcjpw") { return 401; } }
            location /key/ { if ($http_x_api_key != "k 1") { return 403; } }
            location /away/ { return 302 http://localhost:$server_port/key/figures.csv; }""")
        for folder in ("bearer", "basic", "key"):
            (self.nginx.root / folder).mkdir()

    def test_credentials_come_from_files(self):
        for folder, key, text in (("bearer", "bearer_file", "s3cret\n"),
                                  ("basic", "basic_file", "user:p\n"),
                                  ("key", "header_file", "X-Api-Key: k 1\n")):
            publish(self.nginx, csv("大学生村医,2026-06-30,60"), f"{folder}/figures.csv")
            with self.subTest(key):
                self.make(source("portal", f"{self.nginx.url}/{folder}/figures.csv")
                          + f'{key} = "{self.secret(key, text)}"\n')
                eventually(lambda: self.doctors() == 60)
                self.daemon.stop()

    def test_credential_does_not_travel_to_another_host(self):
        publish(self.nginx, csv("大学生村医,2026-06-30,60"), "key/figures.csv")
        self.make(source("portal", f"{self.nginx.url}/away/figures.csv")
                  + f'header_file = "{self.secret("header_file", "X-Api-Key: k 1")}"\n'
                  + 'redirect_hosts = ["localhost"]\n')
        eventually(lambda: self.failures("portal").get("status"))
        self.assertIsNone(self.doctors())

    def test_redirect_to_another_host_is_followed_only_where_it_is_allowed(self):
        publish(self.nginx, csv("大学生村医,2026-06-30,60"))
        self.nginx.configure("location /elsewhere { return 302 http://localhost:$server_port/figures.csv; }")
        self.nginx.restart()
        url = f"{self.nginx.url}/elsewhere"
        self.make(source("portal", url) + source("allowed", url)
                  + 'redirect_hosts = ["elsewhere.example", "LOCALHOST"]\n')
        eventually(lambda: self.failures("portal").get("redirect"))
        (record,) = [r for r in self.logged_failures() if r["source"] == "portal"][:1]
        self.assertIn(f"redirect_hosts has to name 'localhost:{self.nginx.port}'", record["message"])
        eventually(lambda: self.success("allowed") == 1)

    def test_json_of_another_shape(self):
        publish(self.nginx, json.dumps({"data": {"items": [
            {"name": "大学生村医", "period": {"end": "2026-06-30"}, "done": "60名"},
            {"name": "规范化率", "period": {"end": "2026年6月"}, "done": "93%"}]}}), "figures.json")
        self.make(source("portal", f"{self.nginx.url}/figures.json") + """
[http_pull.json]
rows = "/data/items"
target = "/name"
as_of = "/period/end"
value = "/done"
""")
        eventually(lambda: self.doctors() == 60)
        self.assertEqual(self.daemon.metric("district_target_actual", target="health.rate"), 0.93)


class Tls(PullCase):
    def setUp(self):
        port = free_port()
        self.nginx = Nginx()
        self.addCleanup(self.nginx.stop)
        self.certificate, key = make_certificate(self.nginx.directory, "portal")
        self.nginx.configure(f"listen 127.0.0.1:{port} ssl; ssl_certificate {self.certificate};"
                             f"ssl_certificate_key {key};")
        self.nginx.start()
        publish(self.nginx, csv("大学生村医,2026-06-30,60"))
        self.url = f"https://127.0.0.1:{port}/figures.csv"

    def test_certificate_that_nobody_vouches_for_is_refused(self):
        self.make(source("portal", self.url))
        eventually(lambda: self.failures("portal").get("tls"))
        self.assertIn("certificate", self.logged_failures()[0]["message"])
        self.assertIsNone(self.doctors())

    def test_private_authority_is_trusted_for_its_source_alone(self):
        other = self.nginx.directory / "none.pem"
        other.write_text("")
        self.make(source("portal", self.url) + f'ca_file = "{self.certificate}"\n'
                  + source("other", self.url) + f'ca_file = "{other}"\n')
        eventually(lambda: self.doctors() == 60)
        eventually(lambda: self.failures("other").get("tls"))

    def test_trusted_certificate(self):
        self.make(source("portal", self.url), {"SSL_CERT_FILE": str(self.certificate)})
        eventually(lambda: self.doctors() == 60)


if __name__ == "__main__":
    unittest.main()

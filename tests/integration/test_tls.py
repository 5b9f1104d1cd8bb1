"""TLS as departments meet it: real curl, `send` and `confirm` against the daemon's own port."""

import gzip
import http.client
import json
import re
import ssl
import subprocess
import unittest

from district import (CULTURE, HEALTH, OBSERVATIONS, OFFICE, OFFICE_TOKEN, TARGETS, TOKENS,
                      csv)
from servers import Districtd, eventually, free_port, make_certificate, run_districtd

ROW = csv("文旅投资,2026-06-30,12.6亿元")


class TlsDaemon(Districtd):
    """The daemon with [http.tls] on a second port; its files are server.crt and server.key."""

    def __init__(self, serves="tokens"):
        self.tls_port = free_port()
        super().__init__()
        self.certificate, _ = make_certificate(self.directory, "server")
        self.arrange(serves=serves)

    def arrange(self, serves="tokens", name="server", http=""):
        self.configure(
            f'[http]\nlisten = ["127.0.0.1:@PORT@"]\n{http}\n'
            f'[http.tls]\nlisten = ["127.0.0.1:{self.tls_port}"]\ncertificate = "{name}.crt"\n'
            f'key = "{name}.key"\nserves = "{serves}"\n'
            f'{OFFICE_TOKEN}',
            targets=TARGETS, tokens=TOKENS)

    @property
    def tls_url(self):
        return f"https://localhost:{self.tls_port}"

    def curl(self, path, *arguments, token=None, trusted=None, body=None):
        """curl as a clerk runs it; the CompletedProcess, with the status as the last line of stdout."""
        command = ["curl", "-sS", f"{self.tls_url}{path}", "--cacert", trusted or self.certificate,
                   "-w", "\n%{http_code}", *arguments]
        if token:
            command += ["-H", f"Authorization: Bearer {token}"]
        if body is not None:
            command += ["--data-binary", "@-", "-H", "Content-Type: text/csv"]
        return subprocess.run(command, input=body.encode() if isinstance(body, str) else body,
                              capture_output=True, timeout=60, check=False)

    def asked(self, path, *arguments, **options):
        """(status, body) of what curl got; fails where it got nothing."""
        done = self.curl(path, *arguments, **options)
        assert done.returncode == 0, done.stderr.decode()
        body, _, status = done.stdout.decode().rpartition("\n")
        return int(status), body

    def subject(self):
        """The common name of the certificate that a new connection is shown."""
        pem = ssl.get_server_certificate(("127.0.0.1", self.tls_port))
        text = subprocess.run(["openssl", "x509", "-noout", "-subject"], input=pem.encode(),
                              capture_output=True, check=True).stdout.decode()
        return re.search(r"CN\s*=\s*(\S+)", text)[1]

    def events(self, name):
        return [line for line in self.log_lines() if line["event"] == name]


class Push(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = TlsDaemon()
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.start()

    def test_curl_pushes_and_gets_a_receipt(self):
        status, body = self.daemon.asked(OBSERVATIONS, token=TOKENS[CULTURE], body=ROW)
        self.assertEqual(status, 200, body)
        self.assertEqual(json.loads(body)["rows"], 1)
        self.assertEqual(
            self.daemon.metric("district_target_actual", target="culture-tourism.investment"), 1.26e9)

    def test_a_large_body_waits_for_the_word_to_go_on_and_comes_whole(self):
        rows = [f"大学生村医,2026-05-{day:02d},{day},{'备注' * 400}" for day in range(1, 29)] * 20
        done = self.daemon.curl(OBSERVATIONS, "-v", "-H", "Expect: 100-continue",
                                token=TOKENS[HEALTH], body=csv(*rows))
        self.assertEqual(done.stdout.decode().splitlines()[-1], "200", done.stderr.decode()[-2000:])
        self.assertIn(b"100 Continue", done.stderr)
        self.assertEqual(json.loads(done.stdout.decode().splitlines()[0])["rows"], len(rows))

    def test_gzip_and_a_key_work_as_without_tls(self):
        answers = [self.daemon.asked(OBSERVATIONS, "-H", "Content-Encoding: gzip",
                                     "-H", "Idempotency-Key: k1", token=TOKENS[HEALTH],
                                     body=gzip.compress(csv("大学生村医,2026-06-30,55").encode()))
                   for _ in range(2)]
        self.assertEqual(answers[0][0], 200)
        self.assertEqual(answers[0], answers[1])

    def test_who_does_not_trust_the_certificate_sends_nothing(self):
        stranger, _ = make_certificate(self.daemon.directory, "stranger")
        before = self.daemon.metric("districtd_submissions_total", department=HEALTH,
                                    result="taken", collector="http_push")
        done = self.daemon.curl(OBSERVATIONS, token=TOKENS[HEALTH], trusted=stranger,
                                body=csv("大学生村医,2026-06-30,1"))
        self.assertEqual(done.returncode, 60, done.stderr)
        self.assertEqual(before, self.daemon.metric(
            "districtd_submissions_total", department=HEALTH, result="taken", collector="http_push"))

    def test_plain_http_is_told_to_use_https(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.tls_port, timeout=20)
        self.addCleanup(connection.close)
        connection.request("POST", OBSERVATIONS, ROW.encode(), {"Authorization": f"Bearer {TOKENS[CULTURE]}"})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 400)
        error = json.loads(answer.read())["error"]
        self.assertEqual(error["code"], "tls_expected")
        self.assertIn("https://", error["message"])

    def test_nothing_older_than_tls_1_2_is_spoken(self):
        done = self.daemon.curl(OBSERVATIONS, "--tls-max", "1.1", token=TOKENS[CULTURE], body=ROW)
        self.assertEqual(done.returncode, 35, done.stderr)
        self.assertEqual(self.daemon.asked(OBSERVATIONS, "--tls-max", "1.2", token=TOKENS[CULTURE],
                                           body=ROW)[0], 200)

    def test_what_needs_no_token_is_not_there_and_everything_else_asks(self):
        for path in ("/-/healthy", "/-/ready"):
            status, body = self.daemon.asked(path)
            self.assertEqual(status, 404, path)
            self.assertEqual(json.loads(body)["error"]["code"], "not_found")
            self.assertEqual(self.daemon.get(path).status, 200, path)
        for path in ("/metrics", "/api/v1/targets", "/bulletins/", "/api/v1/departments"):
            self.assertEqual(self.daemon.asked(path)[0], 401, path)
            self.assertEqual(self.daemon.asked(path, token=TOKENS[CULTURE])[0], 403, path)
            self.assertEqual(self.daemon.asked(path, token=OFFICE)[0], 200, path)
            self.assertEqual(self.daemon.get(path).status, 200, path)
        self.assertEqual(self.daemon.asked("/-/reload", "-X", "POST")[0], 401)

    def test_a_department_reads_its_own_receipts_and_the_office_all(self):
        _, body = self.daemon.asked(OBSERVATIONS, token=TOKENS[CULTURE], body=ROW)
        path = "/api/v1/submissions/" + json.loads(body)["submission"]
        self.assertEqual(self.daemon.asked(path)[0], 401)
        self.assertEqual(self.daemon.asked(path, token="guess")[0], 401)
        self.assertEqual(self.daemon.asked(path, token=TOKENS[CULTURE]), (200, body))
        self.assertEqual(self.daemon.asked(path, token=OFFICE), (200, body))
        # Another department learns no more than of one that never was.
        hidden = self.daemon.asked(path, token=TOKENS[HEALTH])
        never = self.daemon.asked("/api/v1/submissions/20200101-1", token=TOKENS[HEALTH])
        self.assertEqual(hidden[0], 404)
        self.assertEqual(json.loads(hidden[1])["error"]["code"],
                         json.loads(never[1])["error"]["code"])
        waiting = "/api/v1/submissions"
        self.assertEqual(self.daemon.asked(waiting)[0], 401)
        self.assertEqual(self.daemon.asked(waiting, token=TOKENS[CULTURE])[0], 403)
        self.assertEqual(self.daemon.asked(waiting, token=OFFICE)[0], 200)

    def test_a_requests_id_leads_from_the_answer_to_the_log(self):
        done = self.daemon.curl(OBSERVATIONS, "-D", "-", "-H", "X-Request-Id: excel-7",
                                token=TOKENS[CULTURE], body=ROW)
        self.assertIn("x-request-id: excel-7", done.stdout.decode().lower())
        (record,) = eventually(lambda: [r for r in self.daemon.events("submission")
                                        if r["request"] == "excel-7"])
        self.assertEqual((record["department"], record["collector"], record["result"]),
                         (CULTURE, "http_push", "taken"))
        self.assertRegex(record["submission"], r"^\d{8}-\d+$")
        refused = self.daemon.curl(OBSERVATIONS, "-D", "-", token="guess", body=ROW)
        ours = re.search(r"(?i)x-request-id: (\S+)", refused.stdout.decode())[1]
        (record,) = eventually(lambda: [r for r in self.daemon.events("request_refused")
                                        if r["request"] == ours])
        self.assertEqual((record["code"], record["handler"], record["peer"]),
                         (401, OBSERVATIONS, "127.0.0.1"))

    def test_send_and_confirm_trust_a_private_authority_where_told(self):
        file, token = self.daemon.directory / "6月.csv", self.daemon.directory / "token"
        file.write_text(ROW)
        token.write_text(TOKENS[CULTURE] + "\n")
        to = ("--server", self.daemon.tls_url, "--token-file", token)
        done = run_districtd("send", file, *to)
        self.assertEqual(done.returncode, 1)
        self.assertIn("证书不可信", done.stderr)
        done = run_districtd("send", file, *to, "--ca-file", self.daemon.certificate)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("共 1 行", done.stdout)
        office = self.daemon.directory / "office"
        office.write_text(OFFICE + "\n")
        done = run_districtd("confirm", "20260101-1", "--server", self.daemon.tls_url,
                             "--token-file", office, "--ca-file", self.daemon.certificate)
        self.assertIn("没有编号为“20260101-1”的报送", done.stderr)
        done = run_districtd("send", file, *to, "--ca-file", self.daemon.directory / "none.pem")
        self.assertEqual(done.returncode, 2, "a wrong command line")


class Certificate(unittest.TestCase):
    def start(self, **options):
        self.daemon = TlsDaemon(**options)
        self.addCleanup(self.daemon.stop)
        self.daemon.start()

    def renew(self, name):
        """As certbot does: one file after the other, each by a rename."""
        certificate, key = make_certificate(self.daemon.directory, name, days=90)
        certificate.rename(self.daemon.certificate)
        key.rename(self.daemon.directory / "server.key")

    def expiry(self):
        return self.daemon.metric("districtd_http_certificate_expiry_timestamp_seconds")

    def test_renewed_files_are_taken_by_themselves_and_open_connections_go_on(self):
        self.start()
        context = ssl.create_default_context(cafile=self.daemon.certificate)
        connection = http.client.HTTPSConnection("localhost", self.daemon.tls_port, timeout=30,
                                                 context=context)
        self.addCleanup(connection.close)

        def push():
            connection.request("POST", OBSERVATIONS, ROW.encode(), {
                "Authorization": f"Bearer {TOKENS[CULTURE]}", "Content-Type": "text/csv"})
            answer = connection.getresponse()
            answer.read()
            return answer.status

        self.assertEqual(push(), 200)
        before = self.expiry()
        self.assertEqual(self.daemon.subject(), "server")
        self.renew("renewed")
        eventually(lambda: self.daemon.subject() == "renewed", timeout=40, interval=0.2)
        self.assertEqual(push(), 200)
        self.assertGreater(self.expiry(), before + 80 * 86400)
        self.assertEqual(len(self.daemon.events("certificate_reloaded")), 1)
        # Two days were left of the first; the second is good for longer.
        self.assertEqual(len(self.daemon.events("certificate_expires")), 1)

    def test_a_reload_takes_them_at_once(self):
        self.start()
        self.renew("renewed")
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(self.daemon.subject(), "renewed")
        make_certificate(self.daemon.directory, "moved")
        self.daemon.arrange(name="moved")
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(self.daemon.subject(), "moved")

    def test_a_reload_with_files_that_do_not_fit_changes_nothing(self):
        self.start()
        make_certificate(self.daemon.directory, "other")
        (self.daemon.directory / "other.key").write_text("no key")
        self.daemon.arrange(name="other", http='max_body = "1KiB"')
        answer = self.daemon.reload()
        self.assertEqual(answer.status, 422)
        self.assertIn("other.key", answer.json()["error"]["message"])
        self.assertEqual(self.daemon.subject(), "server")
        self.assertEqual(self.daemon.post(OBSERVATIONS, csv(*["x,y,z"] * 500),
                                          token=TOKENS[CULTURE]).status, 422)

    def test_where_it_listens_and_what_it_serves_needs_a_restart(self):
        self.start()
        self.daemon.arrange(serves="all")
        answer = self.daemon.reload()
        self.assertEqual(answer.status, 422)
        self.assertIn("[http.tls] serves", answer.json()["error"]["message"])
        self.daemon.restart()
        self.assertEqual(self.daemon.asked("/-/ready")[0], 200)
        self.assertIn(b"district_target_goal", self.daemon.curl("/metrics").stdout)

    def test_check_proves_it_and_says_until_when_it_is_valid(self):
        daemon = TlsDaemon()
        self.addCleanup(daemon.stop)
        done = run_districtd("check", "--config", daemon.config_path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"TLS: \S+server.crt is valid until 20\d\d-\d\d-\d\d \d\d:\d\d")
        (daemon.directory / "server.key").unlink()
        for command in ("check", "run"):
            done = run_districtd(command, "--config", daemon.config_path)
            self.assertEqual(done.returncode, 1)
            self.assertIn("server.key: No such file", done.stderr)


class Limits(unittest.TestCase):
    def setUp(self):
        self.daemon = TlsDaemon()
        self.addCleanup(self.daemon.stop)

    def test_they_are_read_from_the_configuration_and_change_with_a_reload(self):
        self.daemon.arrange(http='max_header = "2KiB"\nmax_body = "2KiB"')
        self.daemon.start()
        long_header = ("-H", "X-Long: " + "x" * 3000)
        body = csv(*["大学生村医,2026-06-30,55"] * 100)
        self.assertEqual(self.daemon.asked(OBSERVATIONS, *long_header, token=TOKENS[HEALTH],
                                           body=ROW)[0], 431)
        self.assertEqual(self.daemon.asked(OBSERVATIONS, token=TOKENS[HEALTH], body=body)[0], 413)
        self.daemon.arrange()
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(self.daemon.asked(OBSERVATIONS, *long_header, token=TOKENS[HEALTH],
                                           body=body)[0], 200)

    def test_idle_connections_make_room_for_new_ones(self):
        self.daemon.arrange(http="max_connections = 4")
        self.daemon.start()
        idle = [http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=20)
                for _ in range(8)]
        for connection in idle:
            self.addCleanup(connection.close)
            connection.request("GET", "/-/ready")
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 200)
        self.assertEqual(self.daemon.asked(OBSERVATIONS, token=TOKENS[CULTURE], body=ROW)[0], 200)


if __name__ == "__main__":
    unittest.main()

"""Who may use what of the real daemon: pages of other sites, other listeners, tokens, and the socket
by which the commands of its machine speak to it."""

import base64
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import unittest

from district import CULTURE, OBSERVATIONS, OFFICE, OFFICE_TOKEN, TARGETS, TOKENS, csv
from servers import (OPERATOR, Districtd, Prometheus, Response, eventually, free_port, run_districtd,
                     token_block)

READER = "token-of-a-reader"
ROW = csv("文旅投资,2026-06-30,12.6亿元")
BULLETINS = """
[bulletins]
directory = "bulletins"
templates = "@TEMPLATES@"
"""
TEMPLATES = pathlib.Path(__file__).resolve().parents[2] / "config" / "bulletins"


def own_address():
    """An address of this machine that is not on loopback, else None. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return None


def ask(port, method, path, headers=None, *, address="127.0.0.1", token=None):
    """One request with exactly these headers; Host is the address unless they say otherwise."""
    connection = http.client.HTTPConnection(address, port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        headers = {"Host": f"{address}:{port}"} | (headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if method == "POST":
            headers["Content-Length"] = "0"
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return Response(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def code(answer):
    return answer.json()["error"]["code"]


class PagesOfOtherSites(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Districtd(OFFICE_TOKEN, targets=TARGETS, tokens=TOKENS)
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.start()

    def ask(self, method, path, headers=None, **options):
        return ask(self.daemon.port, method, path, headers, **options)

    def reloads(self):
        return len([line for line in self.daemon.log_lines() if line["event"] == "reloaded"])

    def test_a_page_can_neither_reload_nor_resend(self):
        before = self.reloads()
        ways = {
            "a form": {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site",
                       "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
            "a script": {"Origin": "http://evil.example"},
            "a sandboxed page": {"Origin": "null"},
            "a rebound name": {"Host": f"evil.example:{self.daemon.port}",
                               "Origin": f"http://evil.example:{self.daemon.port}"},
            "an old browser": {},
            "our own page": {"Origin": self.daemon.url, "Sec-Fetch-Site": "same-origin"},
        }
        for path in ("/-/reload", "/-/bulletins/monthly-2026-07-08/resend?all=1"):
            for way, headers in ways.items():
                with self.subTest(path=path, way=way):
                    self.assertIn(self.ask("POST", path, headers).status, (401, 403, 421))
            self.assertEqual(self.ask("POST", path, token=READER).status, 401)
            self.assertEqual(self.ask("POST", path, token=TOKENS[CULTURE]).status, 403)
        self.assertEqual(self.reloads(), before)

    def test_the_operator_and_the_office_can(self):
        for token in (OPERATOR, OFFICE):
            self.assertEqual(self.ask("POST", "/-/reload", token=token).status, 200)
            answer = self.ask("POST", "/-/bulletins/monthly-2020-01-01/resend", token=token)
            self.assertEqual((answer.status, code(answer)), (404, "unknown_bulletin"))

    def test_a_page_reads_nothing(self):
        for path in ("/metrics", "/api/v1/targets", "/-/ready", "/nowhere"):
            rebound = self.ask("GET", path, {"Host": "evil.example"})
            self.assertEqual((rebound.status, code(rebound)), (421, "unknown_host"))
            self.assertIn("[http] hosts", rebound.text)
            image = self.ask("GET", path, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors",
                                           "Sec-Fetch-Dest": "image"})
            self.assertEqual((image.status, code(image)), (403, "foreign_page"))
        link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "document"}
        self.assertEqual(self.ask("GET", "/api/v1/targets", link).status, 200)

    def test_what_a_proxy_passes_on_is_not_read_locally(self):
        for header in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP",
                       "X-WEBAUTH-USER", "Remote-User", "X-Remote-User"):
            with self.subTest(header):
                self.assertEqual(self.ask("GET", "/metrics", {header: "admin"}).status, 401)
                self.assertEqual(
                    self.ask("GET", "/metrics", {header: "admin"}, token=OPERATOR).status, 200)
        self.assertEqual(self.ask("GET", "/metrics").status, 200)
        self.assertEqual(self.ask("GET", "/metrics", {"Host": "localhost"}).status, 200)

    def test_an_encoded_slash_is_no_way_round(self):
        for path in ("/-%2Freload", "/%2D%2Freload", "/bulletins%2F", "/api/v1%2Ftargets"):
            for method in ("GET", "POST"):
                self.assertEqual(self.ask(method, path, token=OPERATOR).status, 404, path)

    def test_guesses_are_slowed_and_counted_and_good_tokens_go_on(self):
        def counted(name, **labels):
            return self.daemon.metric(f"districtd_http_requests_{name}_total", **labels)

        unknown = counted("turned_away", reason="unknown_credential")
        statuses = [self.ask("POST", OBSERVATIONS, token=f"guess{i}").status for i in range(60)]
        self.assertEqual(set(statuses), {401, 429})
        slowed = self.ask("POST", OBSERVATIONS, token="guess")
        if slowed.status == 429:  # else three seconds have passed
            self.assertIn(slowed.headers["Retry-After"], ("1", "2", "3"))
            self.assertEqual(code(slowed), "too_many_failures")
        self.assertEqual(self.daemon.post(OBSERVATIONS, ROW, token=TOKENS[CULTURE]).status, 200)
        self.assertGreaterEqual(
            counted("turned_away", reason="unknown_credential"), unknown + statuses.count(401))
        self.assertGreaterEqual(counted("turned_away", reason="too_many_failures"),
                                statuses.count(429))
        self.assertGreater(counted("admitted", **{"as": "department"}), 0)


class OtherListeners(unittest.TestCase):
    """One on a wildcard, which is not on loopback wherever the client comes from, and one for bulletins."""

    @classmethod
    def setUpClass(cls):
        cls.network, cls.bulletins = free_port(), free_port()
        cls.daemon = Districtd()
        cls.addClassCleanup(cls.daemon.stop)
        (cls.daemon.directory / "password").write_text("pass word\n")
        cls.arrange('metrics_password_file = "password"')
        cls.daemon.start()

    @classmethod
    def arrange(cls, http):
        cls.daemon.configure(
            f'[http]\nlisten = ["127.0.0.1:@PORT@", "0.0.0.0:{cls.network}"]\n{http}\n'
            f'[http.bulletins]\nlisten = ["127.0.0.1:{cls.bulletins}"]\n'
            + BULLETINS.replace("@TEMPLATES@", str(TEMPLATES))
            + OFFICE_TOKEN + token_block("reader", READER), targets=TARGETS, tokens=TOKENS)

    def test_reading_from_elsewhere_needs_a_token_of_a_role_that_reads(self):
        for path in ("/api/v1/targets", "/bulletins/", "/metrics"):
            self.assertEqual(ask(self.network, "GET", path).status, 401, path)
            self.assertEqual(ask(self.network, "GET", path, {"Host": "localhost"}).status, 401, path)
            for token, status in ((READER, 200), (OFFICE, 200), (OPERATOR, 200),
                                  (TOKENS[CULTURE], 403), ("guess", 401)):
                self.assertEqual(ask(self.network, "GET", path, token=token).status, status, path)
        for path in ("/-/healthy", "/-/ready"):
            self.assertEqual(ask(self.network, "GET", path).status, 200)
        self.assertEqual(ask(self.network, "POST", "/-/reload", token=READER).status, 403)

    def test_a_department_reads_its_own_receipt_from_elsewhere(self):
        receipt = self.daemon.post(OBSERVATIONS, ROW, token=TOKENS[CULTURE]).json()
        path = f"/api/v1/submissions/{receipt['submission']}"
        self.assertEqual(ask(self.network, "GET", path).status, 401)
        self.assertEqual(ask(self.network, "GET", path, token=TOKENS[CULTURE]).status, 200)
        self.assertEqual(ask(self.network, "GET", path, token=TOKENS["health"]).status, 404)

    def test_the_password_reads_the_metrics_alone(self):
        basic = {"Authorization": "Basic " + base64.b64encode(b"prometheus:pass word").decode()}
        self.assertEqual(ask(self.network, "GET", "/metrics", basic).status, 200)
        self.assertEqual(ask(self.network, "GET", "/api/v1/targets", basic).status, 403)
        self.assertEqual(ask(self.network, "POST", "/-/reload", basic).status, 403)
        self.assertIn("Basic", str(ask(self.network, "GET", "/metrics").headers.get_all(
            "WWW-Authenticate")))

    def test_addresses_that_may_scrape_come_with_a_reload(self):
        self.assertEqual(ask(self.network, "GET", "/metrics").status, 401)
        self.addCleanup(self.daemon.reload)
        self.addCleanup(self.arrange, 'metrics_password_file = "password"')
        self.arrange('metrics_from = ["127.0.0.0/8"]')
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(ask(self.network, "GET", "/metrics").status, 200)
        self.assertEqual(ask(self.network, "GET", "/api/v1/targets").status, 401)
        self.assertEqual(ask(self.network, "GET", "/metrics", {
            "Host": "evil.example", "Authorization": "Bearer x"}).status, 401)
        self.assertEqual(
            ask(self.network, "GET", "/metrics", {"X-Forwarded-For": "127.0.0.1"}).status, 401)
        self.arrange('metrics_from = ["10.1.0.0/16"]\nhosts = ["district.example.org"]')
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(ask(self.network, "GET", "/metrics",
                             {"Host": "district.example.org"}).status, 401)
        self.assertEqual(ask(self.network, "GET", "/-/ready").status, 421)

    def test_a_real_address_of_the_machine_is_known_as_host(self):
        address = own_address()
        if address is None:
            self.skipTest("this machine has no address but loopback")
        self.assertEqual(ask(self.network, "GET", "/-/ready", address=address).status, 200)
        self.assertEqual(ask(self.network, "GET", "/metrics", address=address).status, 401)
        self.assertEqual(ask(self.network, "GET", "/-/ready", {"Host": socket.gethostname()}).status,
                         200)

    def test_the_listener_of_bulletins_serves_nothing_else(self):
        self.assertEqual(ask(self.bulletins, "GET", "/bulletins/").status, 200)
        self.assertEqual(ask(self.bulletins, "GET", "/bulletins").status, 301)
        self.assertEqual(ask(self.bulletins, "HEAD", "/bulletins/").status, 200)
        answer = ask(self.bulletins, "GET", "/bulletins/monthly-2020-01-01")
        self.assertEqual((answer.status, code(answer)), (404, "unknown_bulletin"))
        for method, path in (("GET", "/metrics"), ("GET", "/api/v1/targets"), ("GET", "/-/ready"),
                             ("GET", "/-/healthy"), ("POST", "/-/reload"), ("POST", OBSERVATIONS),
                             ("POST", "/-/bulletins/monthly-2020-01-01/resend")):
            answer = ask(self.bulletins, method, path, token=OPERATOR)
            self.assertEqual((answer.status, code(answer)), (404, "not_found"), path)
        self.assertEqual(ask(self.bulletins, "POST", "/bulletins/").status, 405)
        # A page whose name was pointed here may make up a token.
        for made_up in ({}, {"Authorization": "Bearer x"}):
            headers = {"Host": "evil.example"} | made_up
            self.assertEqual(ask(self.bulletins, "GET", "/bulletins/", headers).status, 421)


class RealPrometheus(unittest.TestCase):
    def test_scrapes_the_loopback_listener_with_nothing(self):
        with Districtd(targets=TARGETS) as daemon, Prometheus([daemon.url]) as prometheus:
            prometheus.wait_for("district_target_goal")
            self.assertGreater(
                daemon.metric("districtd_http_requests_admitted_total", **{"as": "local"}), 0)


class Check(unittest.TestCase):
    def test_a_listener_beyond_loopback_without_a_way_to_the_metrics_is_refused_with_what_to_do(self):
        daemon = Districtd('[http]\nlisten = ["0.0.0.0:@PORT@"]\n', targets=TARGETS)
        self.addCleanup(daemon.stop)
        for command in ("check", "run"):
            done = run_districtd(command, "--config", daemon.config_path)
            self.assertEqual(done.returncode, 1)
            self.assertIn("is reached from other machines", done.stderr)
            self.assertIn("districtd token new --role reader", done.stderr)

    def test_tokens_of_each_role_are_made_and_taken(self):
        for arguments, line in ((("--role", "reader"), 'role = "reader"'),
                                (("--role", "operator"), 'role = "operator"'),
                                (("--role", "office"), 'role = "office"'),
                                (("--office",), 'role = "office"'),
                                (("--department", CULTURE), f'department = "{CULTURE}"')):
            done = run_districtd("token", "new", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            block = done.stdout[done.stdout.index("[[token]]"):]
            self.assertIn(line, block)
            daemon = Districtd(block, targets=TARGETS)
            self.addCleanup(daemon.stop)
            self.assertEqual(run_districtd("check", "--config", daemon.config_path).returncode, 0)
        for wrong in (("--role", "leader"), ("--role", "reader", "--department", CULTURE),
                      ("--role", "reader", "--office")):
            self.assertEqual(run_districtd("token", "new", *wrong).returncode, 2, wrong)
        self.assertEqual(run_districtd("token", "new").returncode, 1)


class ControlSocket(unittest.TestCase):
    def start(self, **options):
        daemon = Districtd(targets=TARGETS, tokens=TOKENS, **options)
        self.addCleanup(daemon.stop)
        return daemon.start()

    def command(self, daemon, *arguments, **options):
        return run_districtd(*arguments, "--config", daemon.config_path, **options)

    def goal(self, daemon):
        return daemon.metric("district_target_goal", target="culture-tourism.investment")

    def test_a_reload_waits_for_the_outcome(self):
        daemon = self.start()
        daemon.write_targets(TARGETS.replace("goal = 30\n", "goal = 20\n"))
        done = self.command(daemon, "reload")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "reloaded: 5 targets are in force\n")
        self.assertEqual(self.goal(daemon), 2e9)
        (asked,) = [line for line in daemon.log_lines() if line["event"] == "control_request"]
        self.assertEqual((asked["command"], asked["user"]), ("reload", os.geteuid()))

    def test_a_refused_reload_fails_with_the_findings(self):
        daemon = self.start()
        daemon.write_targets(TARGETS.replace("goal = 30\n", "gaol = 30\ncadense = \"month\"\n"))
        done = self.command(daemon, "reload")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        findings = done.stderr.splitlines()
        for key in ("gaol", "cadense"):
            self.assertTrue([line for line in findings
                             if re.search(rf"targets\.toml:\d+:1: unknown key '{key}'", line)], key)
        self.assertIn("the configuration of before stays in force", findings[-1])
        self.assertEqual(self.goal(daemon), 3e9)
        self.assertEqual(daemon.metric("districtd_config_last_reload_successful"), 0)

    def test_a_configuration_that_is_no_toml_is_refused_and_sighup_goes_on_working(self):
        daemon = self.start()
        good = daemon.config_path.read_text()
        daemon.config_path.write_text("[store\n" + good)
        done = self.command(daemon, "reload")
        self.assertEqual(done.returncode, 1)
        self.assertIn("districtd.toml:1:", done.stderr)
        daemon.config_path.write_text(good)
        daemon.write_targets(TARGETS.replace("goal = 30\n", "goal = 20\n"))
        daemon.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.goal(daemon) == 2e9)

    def test_the_socket_is_the_owners_and_goes_with_the_daemon(self):
        daemon = self.start()
        name = daemon.directory / "districtd.db.control"
        self.assertTrue(stat.S_ISSOCK(name.stat().st_mode))
        self.assertEqual(name.stat().st_mode & 0o777, 0o600)
        daemon.kill()
        self.assertTrue(name.exists())
        done = self.command(daemon, "reload")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no districtd of this configuration runs here", done.stderr)
        daemon.start()
        self.assertEqual(self.command(daemon, "reload").returncode, 0)
        daemon.terminate()
        self.assertFalse(name.exists())
        self.assertEqual(self.command(daemon, "reload").returncode, 1)

    def test_with_systemd_it_is_in_the_units_runtime_directory(self):
        runtime = pathlib.Path(tempfile.mkdtemp(prefix="runtime-"))
        self.addCleanup(shutil.rmtree, runtime)
        unit = {"RUNTIME_DIRECTORY": str(runtime)}
        daemon = self.start(environment=unit)
        link = daemon.directory / "districtd.db.control"
        self.assertTrue(stat.S_ISSOCK((runtime / "control.sock").stat().st_mode))
        self.assertEqual(os.readlink(link), str(runtime / "control.sock"))
        # As a person calls it, and as ExecReload= does: then even what is no TOML is the daemon's to
        # refuse, and it counts the failure.
        self.assertEqual(self.command(daemon, "reload").returncode, 0)
        good = daemon.config_path.read_text()
        daemon.config_path.write_text("[store\n" + good)
        done = self.command(daemon, "reload", env=os.environ | unit)
        self.assertEqual(done.returncode, 1)
        self.assertIn("stays in force", done.stderr)
        self.assertEqual(daemon.metric("districtd_config_last_reload_successful"), 0)
        daemon.config_path.write_text(good)
        self.assertEqual(self.command(daemon, "reload", env=os.environ | unit).returncode, 0)
        daemon.terminate()
        self.assertEqual((link.is_symlink(), (runtime / "control.sock").exists()), (False, False))
        # And without systemd again.
        daemon._environment = {}
        daemon.start()
        self.assertEqual(self.command(daemon, "reload").returncode, 0)

    def test_a_name_that_is_too_long_is_said_and_the_daemon_runs(self):
        folder = "x" * 100
        daemon = self.start(config_text=f'[store]\npath = "{folder}/d.db"\n')
        (said,) = [line for line in daemon.log_lines() if line["event"] == "control_socket_failed"]
        self.assertIn("bytes", said["message"])
        done = self.command(daemon, "reload")
        self.assertEqual(done.returncode, 1)
        self.assertIn("RuntimeDirectory=", done.stderr)
        self.assertEqual(daemon.reload().status, 200)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_another_user_is_refused(self):
        daemon = self.start()
        name = daemon.directory / "districtd.db.control"
        daemon.directory.chmod(0o755)
        name.chmod(0o666)  # as if the mode had not kept them out
        script = ("import os, socket, sys\n"
                  "os.setgid(65534); os.setuid(65534)\n"
                  "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n"
                  "s.sendall(b'{\"command\":\"reload\"}\\n'); print(s.recv(4096).decode())\n")
        done = subprocess.run(["python3", "-c", script, str(name)], capture_output=True, text=True,
                              timeout=60, check=True)
        self.assertIn("only root and the daemon's own user", done.stdout)
        eventually(lambda: [line for line in daemon.log_lines()
                            if line["event"] == "control_refused" and line["user"] == 65534])
        self.assertEqual([line for line in daemon.log_lines() if line["event"] == "reloaded"], [])


if __name__ == "__main__":
    unittest.main()

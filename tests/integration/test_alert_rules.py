"""The alert rules and Alertmanager's configuration, as Prometheus' own tools see them."""

import ctypes
import datetime
import json
import pathlib
import re
import tomllib
import unittest

from district import department, report, target
from servers import (REPOSITORY, Districtd, Nginx, Prometheus, amtool, eventually, free_port,
                     make_certificate, promtool, run_districtd)

PROMETHEUS = REPOSITORY / "config/prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
RULE_TESTS = sorted((REPOSITORY / "tests/rules").glob("*.test.yml"))
EXAMPLE = REPOSITORY / "config/alertmanager/example"
TOKEN = "token-of-culture"

# Something of everything that a rule asks for.
CATALOGUE = (report("2020-03-06")
             + 'programme = "long"\nperiod = [2020-01-01, 2199-12-31]\n'
             + department("culture", "区文旅局")
             + target("culture.slow", "有预测的", goal=30, unit="亿元", start="2020-01-01",
                      deadline="2199-12-31")
             + target("culture.investment", "文旅投资", goal=30, unit="亿元", start="2020-01-01",
                      deadline="2020-12-31")
             + target("culture.late", "迟报的", "level", goal=95, unit="%", start="2020-01-01",
                      deadline="2199-12-31"))
HOLDING = """
[intake]
hold = ["over_100_percent"]
"""
ALERTING = """
[alerting]

[[contact]]
role = "supervision"
webhook_url = "http://127.0.0.1:9/supervision"

[[contact]]
role = "operators"
webhook_url = "http://127.0.0.1:9/operators"

[[contact]]
department = "culture"
webhook_url = "http://127.0.0.1:9/culture"

[[http_pull]]
name = "portal"
department = "culture"
url = "@NGINX@/figures.csv"
"""

# Of the scrape configuration, where there is one; every rule works without it.
OF_THE_SCRAPE = {"district"}
METRIC = r"\b((?:district|districtd|process)[a-z]*[:_][a-z_:]+|up)\b"
SELECTOR = re.compile(METRIC + r"(?:\{([^}]*)\})?")
MATCHER = re.compile(r'([a-z_]+)\s*(=~|=|!=|!~)\s*(?:"([^"]*)"|%q)')
LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right) \(([^)]*)\)")


def clock_is_told():
    """Whether this machine's kernel says if its clock is in time (adjtimex), as to the daemon."""
    return ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512)) >= 0


class Files(unittest.TestCase):
    def check(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_promtool_takes_the_rules_and_the_configuration(self):
        self.check(promtool("check", "rules", *RULES))
        self.check(promtool("check", "config", PROMETHEUS / "prometheus.yml"))

    def test_every_rule_does_what_its_tests_say(self):
        self.check(promtool("test", "rules", *RULE_TESTS))

    def test_every_alert_is_tested_both_ways(self):
        text = "".join(path.read_text() for path in RULE_TESTS)
        for name in re.findall(r"- alert: (\w+)", "".join(path.read_text() for path in RULES)):
            with self.subTest(name):
                self.assertRegex(text, rf"- alertname: {name}\n +eval_time: \w+\n +exp_alerts:")
                self.assertRegex(text, rf"- {{alertname: {name}, eval_time: \w+}}")

    def test_every_runbook_is_a_heading_of_a_document(self):
        links = re.findall(r"runbook_url: (\S+)", "".join(path.read_text() for path in RULES))
        alerts = re.findall(r"- alert: (\w+)", "".join(path.read_text() for path in RULES))
        self.assertEqual(links, [f"docs/alerts.md#{name.lower()}" for name in alerts])
        document = (REPOSITORY / "docs/alerts.md").read_text()
        headings = {heading.lower() for heading in re.findall(r"^#+ (\w+)$", document, re.M)}
        self.assertEqual({link.partition("#")[2] for link in links} - headings, set())

    def test_no_threshold_of_a_target_stands_in_a_rule(self):
        text = (PROMETHEUS / "rules/targets.yml").read_text()
        for expression in re.findall(r"expr: >-\n((?: {10}.*\n)+)", text):
            # The number of a status is none: the table of statuses has it.
            expression = re.sub(r"(district:target_announced:code) == \d+", r"\1 == 1", expression)
            compared = re.findall(r"(?:[<>]=?|==|!=)\s*(bool )?(\S+)", expression)
            self.assertLessEqual({right for _, right in compared}, {"0", "0)", "1", "on"}, expression)


class AgainstTheDaemon(unittest.TestCase):
    """Every metric and label of a rule, looked for in what Prometheus scraped from the daemon."""

    @classmethod
    def setUpClass(cls):
        nginx = Nginx().start()
        cls.addClassCleanup(nginx.stop)
        (nginx.root / "figures.csv").write_text("target,as_of,value\nculture.late,2020-01-31,96%\n")
        daemon = Districtd()
        cls.addClassCleanup(daemon.stop)
        make_certificate(daemon.directory, "server")
        # Nobody has told the holidays of this year.
        alerting = ALERTING.replace("[alerting]", "[alerting]\nworking_days_only = true")
        daemon.configure(HOLDING + alerting.replace("@NGINX@", nginx.url) + f"""
[http.tls]
listen = ["127.0.0.1:{free_port()}"]
certificate = "server.crt"
key = "server.key"
""", targets=CATALOGUE, tokens={"culture": TOKEN})
        daemon.start()
        rows = [f"culture.investment,2020-0{month}-28,{month}亿元" for month in range(1, 5)]
        rows += [f"culture.slow,2020-0{month}-28,0.0{month}亿元" for month in range(1, 4)]
        answer = daemon.post("/api/v1/observations",
                             "\n".join(["target,as_of,value", *rows,
                                        "culture.investment,2020-05-28,1亿元",  # less than before
                                        "culture.late,2020-01-28,120%",  # waits
                                        "culture.no,2020-01-31,1"]),
                             token=TOKEN)
        counts = [answer.json()[what] for what in ("rejected", "flagged", "held")]
        assert counts == [1, 2, 1], answer
        eventually(lambda: daemon.metric("districtd_pull_success", name="portal") == 1)
        cls.prometheus = Prometheus([daemon.url], rules=RULES, scrape_interval="500ms")
        cls.addClassCleanup(cls.prometheus.stop)
        cls.prometheus.start().wait_for("districtd_ready == 1", timeout=40)
        cls.prometheus.wait_for("district:target_red_since:timestamp_seconds", timeout=40)
        cls.rules = [rule for group in cls.prometheus.get("/api/v1/rules").json()["data"]["groups"]
                     for rule in group["rules"]]

    def series(self, metric):
        found = self.prometheus.query(metric)
        if not found and metric == "districtd_clock_synchronised" and not clock_is_told():
            return [{"job": "districtd", "instance": "d"}]
        self.assertTrue(found, f"the daemon does not export {metric}")
        return [each["metric"] for each in found]

    def check_matchers(self, metric, matchers):
        labels = self.series(metric)
        for name, operator, value in MATCHER.findall(matchers):
            with self.subTest(metric=metric, label=name):
                known = {each[name] for each in labels if name in each}
                self.assertTrue(known, f"{metric} has no label {name}")
                if operator in ("=", "!=") and value:
                    self.assertIn(value, known)
                elif value:
                    for alternative in value.split("|"):
                        self.assertIn(alternative, known)

    def test_expressions_use_what_is_exported(self):
        self.assertGreater(len(self.rules), 15)
        for rule in self.rules:
            with self.subTest(rule["name"]):
                self.assertEqual(rule["health"], "ok", rule.get("lastError"))
                expression = rule["query"]
                selectors = SELECTOR.findall(expression)
                self.assertTrue(selectors, expression)
                known = set(OF_THE_SCRAPE)
                for metric, matchers in selectors:
                    self.check_matchers(metric, matchers)
                    known.update(*(each.keys() for each in self.series(metric)))
                for listed in LABELS.findall(expression):
                    names = {name.strip() for name in listed.split(",")} - {""}
                    self.assertEqual(names - known, set(), expression)

    def test_annotations_ask_for_what_is_exported(self):
        asked = 0
        for rule in self.rules:
            for text in rule.get("annotations", {}).values():
                # What is asked for inside of a query, not prose.
                for metric in set(re.findall(METRIC, "".join(re.findall(r'"[^"]*"', text)))):
                    asked += 1
                    self.series(metric)
                for label in re.findall(r"\$labels\.([a-z_]+)", text):
                    known = {name for metric, _ in SELECTOR.findall(rule["query"])
                             for each in self.series(metric) for name in each} | OF_THE_SCRAPE
                    self.assertIn(label, known, rule["name"])
                for label in re.findall(r'\| label "([a-z_]+)"', text):
                    self.assertTrue(all(label in each
                                        for each in self.series("district_target_info")))
        self.assertGreater(asked, 40)

    def test_each_alert_says_whom_it_concerns_in_words(self):
        for rule in self.rules:
            if rule["type"] != "alerting":
                continue
            with self.subTest(rule["name"]):
                self.assertIn(rule["labels"]["severity"], {"info", "warning", "critical"})
                self.assertIn(rule["labels"]["audience"], {"department", "supervision", "operator"})
                for name in ("summary", "description", "advice"):
                    self.assertRegex(rule["annotations"][name], "[一-鿿]")


class Generated(unittest.TestCase):
    """`districtd config alertmanager` with amtool as the judge."""

    def write(self, config, targets=CATALOGUE):
        daemon = Districtd(config, targets=targets)
        self.addCleanup(daemon.stop)
        return daemon

    def generate(self, daemon, *more):
        return run_districtd("config", "alertmanager", "--config", daemon.config_path, *more)

    def test_the_example_is_what_is_written_from_it(self):
        done = run_districtd("config", "alertmanager", "--config", EXAMPLE / "districtd.toml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((EXAMPLE / "alertmanager.yml").read_text(), done.stdout)
        contacts = tomllib.loads((EXAMPLE / "districtd.toml").read_text())["contact"]
        self.assertEqual(len(contacts), 13)

    def test_amtool_takes_whatever_the_names_and_addresses_are(self):
        targets = CATALOGUE.replace('"区文旅局"', json.dumps('区"文旅": {}\\ # 局', ensure_ascii=False))
        daemon = self.write("""
[district]
name = '''金"东': # {}\\'''
time_zone = "Asia/Shanghai"
[alerting]
smtp_smarthost = "[::1]:25"
smtp_from = "a'b#c@example.cn"
smtp_username = '''用户"'\\: #'''
smtp_password_file = '''a "file": # {}'''
wecom_corp_id = '''ww"1'''
wecom_agent_id = "1"
wecom_secret_file = "secret"
quiet_hours = ["00:00-08:30", "12:00-14:00", "18:00-24:00"]
working_days_only = true
documents_url = "https://oa.example.cn/%E6%96%87?a=1&b='2'"
[[contact]]
role = "supervision"
email = ["s@example.cn", "o'neill@example.cn"]
[[contact]]
role = "operators"
wecom_tags = '''1|"2"'''
[[contact]]
department = "culture"
webhook_url = "http://[::1]:9/x?a='b'&c=%22#d"
webhook_token_file = '''it's "here"'''
""", targets)
        (daemon.directory / "secret").write_text('s"3\\cret: #{}\n')
        out = daemon.directory / "am.yml"
        self.assertEqual(self.generate(daemon, "--out", out).returncode, 0)
        text = out.read_text()
        out.write_text(text.replace("/usr/share/districtd/alertmanager",
                                    str(REPOSITORY / "config/alertmanager")))
        done = amtool("check-config", out)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr + text)
        self.assertIn("1 templates", done.stdout)

    def test_what_is_wrong_is_named_with_its_line_and_nothing_is_written(self):
        for wrong, where in (
            (ALERTING.replace('webhook_url = "http://127.0.0.1:9/culture"', ""),
             r"districtd\.toml:12:1: the \[\[contact\]\] of the department 'culture' has no address"),
            (ALERTING.replace('[[contact]]\ndepartment = "culture"\n', "[[contact]]\n"
                              'department = "cultur"\n'),
             r"districtd\.toml:2:1: the department 'culture' \(区文旅局\) has no \[\[contact\]\]"),
            (ALERTING.replace("[alerting]", '[alerting]\nquiet_hours = ["18:00-08:30"]'),
             r"districtd\.toml:3:15: the quiet hours '18:00-08:30' end before they begin"),
            (ALERTING.replace('webhook_url = "http://127.0.0.1:9/culture"',
                              'webhook_url_file = "absent"'),
             r"districtd\.toml:14:20: \S*absent cannot be read"),
        ):
            with self.subTest(where):
                daemon = self.write(wrong.replace("@NGINX@", "http://127.0.0.1:9"))
                checked = run_districtd("check", "--config", daemon.config_path)
                self.assertEqual(checked.returncode, 1)
                self.assertRegex(checked.stderr, where)
                out = daemon.directory / "am.yml"
                done = self.generate(daemon, "--out", out)
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, where)
                self.assertIn("nothing was written", done.stderr)
                self.assertFalse(out.exists())
                out.write_text("before")
                self.generate(daemon, "--out", out)
                self.assertEqual(out.read_text(), "before")
                self.assertEqual(self.generate(daemon).stdout, "")

    def test_a_new_file_is_not_for_everybody_and_one_that_is_there_keeps_its_mode(self):
        daemon = self.write(ALERTING.replace("@NGINX@", "http://127.0.0.1:9"))
        out = daemon.directory / "am.yml"
        for mode in (0o640, 0o604):
            done = self.generate(daemon, "--out", out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(out.stat().st_mode & 0o777, mode)
            out.chmod(0o604)
        self.assertEqual(sorted(path.name for path in daemon.directory.glob("am.yml*")), ["am.yml"])
        done = self.generate(daemon, "--out", daemon.directory / "absent/am.yml")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "absent/am.yml cannot be created: No such file")

    def test_check_counts_the_contacts(self):
        daemon = self.write(ALERTING.replace("@NGINX@", "http://127.0.0.1:9"))
        done = run_districtd("check", "--config", daemon.config_path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(", 1 pull sources, 0 bulletins, 3 contacts\n", done.stdout)
        self.assertNotIn("note:", done.stdout)

    def test_check_names_a_year_whose_holidays_are_not_known(self):
        quiet = ALERTING.replace("[alerting]", "[alerting]\nworking_days_only = true")
        daemon = self.write(quiet.replace("@NGINX@", "http://127.0.0.1:9"),
                            CATALOGUE.replace("2199-12-31", "2021-12-31"))
        done = run_districtd("check", "--config", daemon.config_path)
        self.assertEqual(done.returncode, 0, done.stderr)
        named = re.findall(r"note: \[catalogue\] holidays names no file for (\d+): .* depend quiet "
                           r"days off of alerts \(\[alerting\] working_days_only\)", done.stdout)
        # Those of the catalogue, the present one, and at the end of a year the coming one.
        self.assertEqual(named[:2], ["2020", "2021"])
        today = datetime.date.today()
        self.assertEqual(named[2:], [str(today.year + more) for more in range(
            1 + (today.month >= 11))])


if __name__ == "__main__":
    unittest.main()

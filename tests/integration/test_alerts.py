"""A lagging value, all the way to the department: real districtd, Prometheus, Alertmanager."""

import datetime
import json
import os
import pathlib
import unittest
import zoneinfo

import district
from receivers import MailServer, WebhookReceiver
from servers import (REPOSITORY, Alertmanager, Districtd, Prometheus, amtool, eventually,
                     run_districtd)

RULES = sorted((REPOSITORY / "config/prometheus/rules").glob("*.yml"))
TEMPLATES = REPOSITORY / "config/alertmanager/*.tmpl"
TOKENS = {"culture": "token-of-culture", "health": "token-of-health"}
PROMISED = 15  # seconds from the push to the message, in a test's configuration

# Half of each target's two years has passed at the end of last month: its figure is not stale.
FIRST = datetime.date.today().replace(day=1)
AS_OF = f"{FIRST - datetime.timedelta(days=1)}"
START = FIRST.replace(year=FIRST.year - 1)
DEADLINE = FIRST.replace(year=FIRST.year + 1) - datetime.timedelta(days=1)

HEAD = (district.report() + f'programme = "two-years"\nperiod = [{START}, {DEADLINE}]\n'
        + '\n[defaults]\ncadence = "none"\n'
        + district.department("culture", '区"文旅"局') + district.department("health", "区卫健局"))
ALERTING = """
[alerting]
smtp_smarthost = "{smtp}"
smtp_from = "districtd@example.gov.cn"
smtp_require_tls = false
wecom_corp_id = "corp"
wecom_agent_id = "1000002"
wecom_secret_file = "wecom.secret"
wecom_api_url = "{webhook}/wecom/"
group_wait = "{wait}"
group_interval = "2s"
repeat_every = "1d"
escalate_after = "5s"
templates = "{templates}"
documents_url = "http://oa.example.gov.cn/districtd"
{more}
[[contact]]
department = "culture"
email = ["culture@example.gov.cn", "second@example.gov.cn"]
webhook_url = "{webhook}/culture"

[[contact]]
department = "health"
webhook_url_file = "health.url"
webhook_token_file = "health.token"
wecom_users = "zhang|li"

[[contact]]
role = "supervision"
webhook_url = "{webhook}/supervision"

[[contact]]
role = "operators"
webhook_url = "{webhook}/operators"
"""


def target(id, name, kind="cumulative", goal=30, unit="亿元", direction="at_least"):
    return district.target(id, name, kind, goal=goal, unit=unit, direction=direction,
                           start=f"{START}", deadline=f"{DEADLINE}")


CATALOGUE = HEAD + "".join((
    target("culture.investment", '文旅"投资"\\一期'),
    target("culture.cost", "经费", goal=500, unit="万元", direction="at_most"),
    target("culture.rate", "满意率", kind="level", goal=95, unit="%"),
    target("culture.fine", "达标的", unit="个"),
    *(target(f"health.fence-{i}", f"界桩{i}", goal=100, unit="个") for i in range(3)),
))


class AlertsCase(unittest.TestCase):
    def start(self, server):
        self.addCleanup(server.stop)
        return server.start()

    def make_alertmanager(self, more="", wait="1s", holidays=None):
        """The receivers and an Alertmanager with what `districtd config alertmanager` writes."""
        self.webhook, self.mail = self.start(WebhookReceiver()), self.start(MailServer())
        config = ALERTING.format(smtp=self.mail.address, webhook=self.webhook.url,
                                 templates=TEMPLATES, more=more, wait=wait)
        targets = CATALOGUE
        if holidays is not None:
            config += '\n[catalogue]\nfiles = ["targets.toml"]\nholidays = ["holidays.toml"]\n'
            targets = None
        self.districtd = Districtd(config, targets=targets, tokens=TOKENS)
        self.addCleanup(self.districtd.stop)
        folder = self.districtd.directory
        self.districtd.write_targets(CATALOGUE)
        (folder / "holidays.toml").write_text(holidays or "")
        (folder / "wecom.secret").write_text("secret-of-wecom\n")
        (folder / "health.url").write_text(f"{self.webhook.url}/health\n")
        (folder / "health.token").write_text("token-of-the-receiver")
        self.generated = folder / "alertmanager.yml"
        done = run_districtd("config", "alertmanager", "--config", self.districtd.config_path,
                             "--out", self.generated)
        self.assertEqual(done.returncode, 0, done.stderr)
        checked = amtool("check-config", self.generated)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.alertmanager = self.start(Alertmanager(self.generated))

    def at(self, where):
        return self.webhook.messages(f"/{where}")

    def tell(self, *alerts):
        """Hands alerts to Alertmanager as Prometheus would."""
        body = [{"labels": labels, "annotations": {"summary": labels["alertname"]}}
                for labels in alerts]
        answer = self.alertmanager.post("/api/v2/alerts", json.dumps(body),
                                        {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 200, answer)


def summaries(message, status="firing"):
    return sorted(alert["annotations"]["summary"] for alert in message["alerts"]
                  if alert["status"] == status)


class FromThePushToTheMessage(AlertsCase):
    def push(self, department, *rows):
        body = "target,as_of,value\n" + "".join(f"{name},{AS_OF},{value}\n" for name, value in rows)
        answer = self.districtd.post("/api/v1/observations", body, token=TOKENS[department])
        self.assertEqual((answer.status, answer.json()["rejected"]), (200, 0), answer)

    def alerts_of(self, department):
        """What Alertmanager holds for the department, by name and target."""
        return sorted((alert["labels"]["alertname"], alert["labels"]["target"])
                      for alert in self.alertmanager.alerts()
                      if alert["labels"].get("audience") == "department"
                      and alert["labels"].get("department") == department)

    def pass_a_fence(self, number):
        """An alert that comes later has arrived, so what was to come before it has come."""
        self.push("health", (f"health.fence-{number}", 41))
        eventually(lambda: any(f"界桩{number}（区卫健局）欠进度" in summaries(message)
                               for message in self.at("health")), timeout=40)

    def test_one_message_then_the_resolution_and_no_restart_repeats_anything(self):
        # As by default, messages rarely leave in the middle of an evaluation of the rules.
        self.make_alertmanager(wait="3s")
        self.districtd.start()
        prometheus = self.start(Prometheus(
            [self.districtd.url], rules=RULES, scrape_interval="1700ms",
            alertmanager=self.alertmanager.url, arguments=["--rules.alert.resend-delay=5s"]))
        prometheus.wait_for('up{job="districtd"} == 1', timeout=40)

        lagging = (("culture.investment", 12.6), ("culture.cost", 300), ("culture.rate", 93.6),
                   ("culture.fine", 20))
        self.push("culture", *lagging)
        eventually(lambda: self.at("culture"), timeout=PROMISED)
        self.check_the_first_message()
        eventually(lambda: self.mail.mails("culture@example.gov.cn"))
        self.check_the_first_mail()

        self.districtd.terminate()
        prometheus.wait_for('up{job="districtd"} == 0')
        self.districtd.start()
        prometheus.wait_for('up{job="districtd"} == 1')
        self.pass_a_fence(0)

        prometheus.restart()
        eventually(lambda: len([alert for alert in prometheus.alerts()
                                if alert["labels"].get("department") == "culture"
                                and alert["labels"]["audience"] == "department"]) == 3, timeout=40)
        self.pass_a_fence(1)

        held = self.alerts_of("culture")
        self.alertmanager.restart()
        eventually(lambda: self.alerts_of("culture") == held, timeout=40)
        self.pass_a_fence(2)

        self.assertEqual(len(self.at("culture")), 1, self.at("culture")[1:])
        self.assertEqual(len(self.mail.mails("culture@example.gov.cn")), 1)
        self.check_the_escalation()
        self.check_what_health_got()

        self.push("culture", *((name, value) for (name, _), value in
                               zip(lagging, (16, 200, 96, 21))))
        # The rules are evaluated one after the other. A message that leaves just then has a part.
        eventually(lambda: self.at("culture")[-1]["status"] == "resolved", timeout=PROMISED)
        resolutions = self.at("culture")[1:]
        self.assertLessEqual(len(resolutions), 2)
        self.assertEqual({summary for message in resolutions
                          for summary in summaries(message, "resolved")},
                         set(summaries(self.at("culture")[0])))
        mail = eventually(lambda: self.mail.mails("culture@example.gov.cn")[len(resolutions):])[0]
        self.assertRegex(mail["Subject"], r'^区"文旅"局：目标进度提醒（\d 项已解除）$')
        text = mail.get_body(("plain",)).get_content()
        self.assertIn('□ 经费（区"文旅"局）超出控制——现已解除', text)
        self.assertNotIn("已占上限", text)  # those were the numbers of before
        eventually(lambda: self.alerts_of("culture") == [])
        self.assertEqual(len(self.at("culture")), 1 + len(resolutions))

    def check_the_first_message(self):
        message = self.at("culture")[0]
        self.assertEqual(message["status"], "firing")
        described = {alert["annotations"]["summary"]: alert["annotations"]["description"]
                     for alert in message["alerts"]}
        self.assertEqual(described, {
            '文旅"投资"\\一期（区"文旅"局）欠进度':
                f"完成率 42.0%，序时进度 50.0%，偏差 -8.0 个百分点，实际 12.6 亿元，目标 30 亿元，截至 {AS_OF}。",
            '经费（区"文旅"局）超出控制':
                f"已占上限的 60.0%，序时进度 50.0%，偏差 -10.0 个百分点，实际 300 万元，上限 500 万元，截至 {AS_OF}。",
            '满意率（区"文旅"局）略滞后':
                f"实际 93.6%，应达 95%，偏差 -1.4 个百分点，截至 {AS_OF}。",
        })
        self.assertEqual({alert["labels"]["severity"] for alert in message["alerts"]},
                         {"warning", "info"})
        self.assertEqual(message["groupLabels"], {"audience": "department", "department": "culture", "programme": "two-years"})
        self.assertEqual(self.at("health"), [])

    def check_the_first_mail(self):
        mail, = self.mail.mails("culture@example.gov.cn")
        self.assertEqual(self.mail.mails("second@example.gov.cn"), [mail])
        self.assertEqual(mail["Subject"], '区"文旅"局：目标进度提醒（3 项需处理）')
        text = mail.get_body(("plain",)).get_content()
        page = mail.get_body(("html",)).get_content()
        if folder := os.environ.get("DISTRICTD_MAIL"):  # to look at it
            pathlib.Path(folder, "mail.html").write_text(page)
            pathlib.Path(folder, "mail.txt").write_text(text)
        self.assertIn("完成率 42.0%，序时进度 50.0%，偏差 -8.0 个百分点", text)
        self.assertIn("http://oa.example.gov.cn/districtd/docs/alerts.md#districttargetbehind", text)
        self.assertIn("实际 12.6 亿元", page)
        self.assertIn("文旅&#34;投资&#34;\\一期", page)
        # The worse comes first.
        self.assertLess(page.index("欠进度"), page.index("略滞后"))

    def check_the_escalation(self):
        told = eventually(lambda: [
            alert for message in self.at("supervision") for alert in message["alerts"]
            if alert["labels"].get("target") == "culture.investment"], timeout=40)
        self.assertEqual(told[0]["labels"]["alertname"], "DistrictTargetEscalated")
        self.assertRegex(told[0]["annotations"]["summary"],
                         r'^文旅"投资"\\一期（区"文旅"局）亮红灯已 \d+ (秒|分钟)未解除$')
        self.assertEqual({alert["labels"]["audience"] for message in self.at("supervision")
                          for alert in message["alerts"]}, {"supervision"})

    def check_what_health_got(self):
        self.assertEqual({headers["Authorization"] for headers in self.webhook.headers("/health")},
                         {"Bearer token-of-the-receiver"})
        sent = eventually(lambda: self.webhook.messages("/wecom/message/send"))
        self.assertEqual((sent[0]["touser"], sent[0]["agentid"]), ("zhang|li", "1000002"))
        self.assertEqual(
            sent[0]["text"]["content"],
            "区卫健局：目标进度提醒（1 项需处理）\n"
            "■ 界桩0（区卫健局）欠进度：完成率 41.0%，序时进度 50.0%，偏差 -9.0 个百分点，"
            f"实际 41 个，目标 100 个，截至 {AS_OF}。")


class WhoIsTold(AlertsCase):
    OF_CULTURE = {"audience": "department", "department": "culture", "instance": "d",
                  "target": "culture.investment", "severity": "warning"}
    DOWN = {"alertname": "DistrictdDown", "audience": "operator", "severity": "critical",
            "instance": "d"}

    def test_routes_by_department_and_severity(self):
        self.make_alertmanager()
        for labels, receiver in (
            ({"audience": "department", "department": "culture"}, "department-culture"),
            ({"audience": "department", "department": "health"}, "department-health"),
            ({"audience": "department", "department": "health", "notice": "once"},
             "department-health-once"),
            ({"audience": "department", "department": "new"}, "supervision"),
            ({"audience": "supervision", "department": "health"}, "supervision"),
            ({"audience": "operator", "severity": "warning"}, "operators"),
            ({"audience": "operator", "severity": "critical"}, "operators"),
        ):
            with self.subTest(labels):
                done = amtool("config", "routes", "test", f"--config.file={self.generated}",
                              *(f"{name}={value}" for name, value in labels.items()))
                self.assertEqual(done.stdout.strip(), receiver, done.stderr)

    def inhibited(self):
        return {alert["labels"]["alertname"] for alert in self.alertmanager.alerts()
                if alert["status"]["inhibitedBy"]}

    def test_the_worse_of_a_target_silences_the_less_bad(self):
        self.make_alertmanager()
        lesser = ("DistrictTargetBehind", "DistrictTargetAtRisk", "DistrictGoalOutOfReach")
        other = self.OF_CULTURE | {"alertname": "DistrictTargetAtRisk", "target": "culture.cost"}
        foretold = self.OF_CULTURE | {"target": "culture.rate"}
        self.tell(other, foretold | {"alertname": "DistrictGoalOutOfReach"},
                  foretold | {"alertname": "DistrictTargetAtRisk"}, self.OF_CULTURE | {"alertname": "DistrictTargetOverdue"},
                  self.OF_CULTURE | {"alertname": "DistrictReportOverdue"},
                  *(self.OF_CULTURE | {"alertname": name} for name in lesser))
        message = eventually(lambda: self.at("culture"))[0]
        self.assertEqual(
            sorted((alert["labels"]["alertname"], alert["labels"]["target"])
                   for alert in message["alerts"]),
            [("DistrictGoalOutOfReach", "culture.rate"),
             ("DistrictReportOverdue", "culture.investment"),
             ("DistrictTargetAtRisk", "culture.cost"),
             ("DistrictTargetOverdue", "culture.investment")])
        self.assertEqual(self.inhibited(), set(lesser))

    def test_while_districtd_is_down_nothing_else_is_said_of_it(self):
        self.make_alertmanager()
        self.tell(self.DOWN, self.OF_CULTURE | {"alertname": "DistrictTargetOverdue"},
                  self.DOWN | {"alertname": "DistrictdStoreFailing"},
                  {"alertname": "DistrictTargetEscalated", "audience": "supervision",
                   "instance": "d", "severity": "critical"},
                  self.OF_CULTURE | {"alertname": "DistrictTargetBehind", "instance": "another"})
        self.assertEqual(summaries(eventually(lambda: self.at("operators"))[0]), ["DistrictdDown"])
        self.assertEqual(summaries(eventually(lambda: self.at("culture"))[0]),
                         ["DistrictTargetBehind"])
        self.assertEqual(self.inhibited(), {"DistrictTargetOverdue", "DistrictdStoreFailing",
                                            "DistrictTargetEscalated"})
        self.assertEqual(self.at("supervision"), [])

    def test_what_is_critical_for_the_server_comes_in_quiet_hours_and_nothing_else(self):
        self.make_alertmanager('quiet_hours = ["00:00-12:00", "12:00-24:00"]')
        self.tell(self.OF_CULTURE | {"alertname": "DistrictTargetBehind"},
                  {"alertname": "DistrictTargetEscalated", "audience": "supervision",
                   "severity": "critical"},
                  {"alertname": "DistrictdStoreSlow", "audience": "operator",
                   "severity": "warning"})
        # Handed in later and waited for as long: what was not muted would have come before it.
        self.tell({"alertname": "DistrictdStoreFailing", "audience": "operator",
                   "severity": "critical"})
        self.assertEqual(summaries(eventually(lambda: self.at("operators"))[0]),
                         ["DistrictdStoreFailing"])
        self.assertEqual((self.at("culture"), self.at("supervision"), len(self.at("operators"))),
                         ([], [], 1))

    def test_a_department_gets_one_message_and_not_forty(self):
        self.make_alertmanager()
        self.tell(*(self.OF_CULTURE | {"alertname": "DistrictTargetBehind", "target": f"t{i}"}
                    for i in range(40)))
        self.tell({"alertname": "DistrictTargetBehind", "audience": "department",
                   "department": "health"})
        eventually(lambda: self.at("health"))
        message, = eventually(lambda: self.at("culture"))
        self.assertEqual(len(message["alerts"]), 40)

    def news_on(self, day_off):
        """What is sent to the department where today is a day off, or is worked."""
        today = datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Shanghai")).date()
        other = today + datetime.timedelta(days=-3 if today.day > 15 else 3)
        off = today if day_off else other
        holidays = f'year = {today.year}\nsource = "s"\n[[holiday]]\nname = "h"\nfrom = {off}\n'
        if not day_off and today.weekday() >= 5:
            holidays += f"working_days = [{today}]\n"
        self.make_alertmanager("working_days_only = true", holidays=holidays)
        self.tell(self.OF_CULTURE | {"alertname": "DistrictTargetBehind"})
        self.tell({"alertname": "DistrictdStoreFailing", "audience": "operator",
                   "severity": "critical"})
        eventually(lambda: self.at("operators"))
        return self.at("culture") if day_off else eventually(lambda: self.at("culture"))

    def test_on_a_holiday_nothing_is_sent(self):
        self.assertEqual(self.news_on(day_off=True), [])

    def test_on_a_working_day_it_is_sent(self):
        self.assertEqual(summaries(self.news_on(day_off=False)[0]), ["DistrictTargetBehind"])


if __name__ == "__main__":
    unittest.main()

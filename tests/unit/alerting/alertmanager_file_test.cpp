// What `districtd config alertmanager` writes. That Alertmanager takes it and does what it should
// is tested with the real one: tests/integration/test_alerts.py, test_alert_rules.py.
#include "daemon/alerting/alertmanager_file.h"

#include <gmock/gmock.h>

#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::HasSubstr;
using testing::Not;

class AlertmanagerFileTest : public FilesTest {
 protected:
  AlertmanagerFileTest() {
    loaded_.configuration.district_name = "金东";
    Alerting& alerting = loaded_.configuration.alerting.emplace();
    alerting.smtp_smarthost = "mail:25";
    alerting.smtp_from = "a@b.cn";
    Contact contact;
    contact.role = ContactRole::supervision;
    contact.email = {"s@b.cn"};
    loaded_.configuration.contacts.push_back(contact);
  }

  Alerting& alerting() { return *loaded_.configuration.alerting; }
  Contact& contact() { return loaded_.configuration.contacts.front(); }
  void set_holidays(std::vector<HolidayYear> years) {
    loaded_.catalogue.catalogue = Catalogue({}, {}, {}, WorkingDays{years});
  }
  Result<std::string, Findings> write_it() const {
    return alertmanager_file(loaded_, "districtd.toml");
  }
  std::string text() const {
    auto made = write_it();
    if (!made) {
      ADD_FAILURE() << to_string(made.error().front());
      return {};
    }
    return *std::move(made);
  }
  std::string finding() const {
    const auto made = write_it();
    return made ? "no finding" : to_string(made.error().front());
  }

  Loaded loaded_;
};

TEST_F(AlertmanagerFileTest, WithoutAlertingThereIsNothingToWrite) {
  loaded_.configuration.alerting.reset();
  EXPECT_THAT(finding(), HasSubstr("districtd.toml: there is no table [alerting]"));
}

TEST_F(AlertmanagerFileTest, WhateverATextHoldsItIsOneYamlString) {
  loaded_.configuration.district_name = "金东\nroute: {}";
  loaded_.configuration.alerting->smtp_username = "a\"b\\c\n#: {}\x01";
  alerting().smtp_password_file = "/a b/'p'";
  const std::string yaml = text();
  EXPECT_THAT(yaml, HasSubstr("# Alertmanager's configuration for 金东 route: {}.\n"));
  EXPECT_THAT(yaml, HasSubstr("smtp_auth_username: \"a\\\"b\\\\c\\x0a#: {}\\x01\"\n"));
  EXPECT_THAT(yaml, HasSubstr("smtp_auth_password_file: \"/a b/'p'\"\n"));
}

TEST_F(AlertmanagerFileTest, SecretsComeFromTheFirstLineOfTheirFiles) {
  contact().webhook_url_file = write("url", "http://x/secret\r\nmore\n");
  alerting().wecom_corp_id = "ww1";
  alerting().wecom_secret_file = write("secret", "s3cret");
  const std::string yaml = text();
  EXPECT_THAT(yaml, HasSubstr("- url: \"http://x/secret\"\n"));
  EXPECT_THAT(yaml, HasSubstr("wechat_api_secret: \"s3cret\"\n"));
}

TEST_F(AlertmanagerFileTest, ASecretThatIsNotThereIsAFindingWhereItsFileIsNamed) {
  contact().webhook_url_file = folder_ / "absent";
  contact().webhook_url_place = {"districtd.toml", 12, 20, ""};
  EXPECT_THAT(finding(), AllOf(HasSubstr("districtd.toml:12:20: "),
                               HasSubstr("absent cannot be read: No such file")));
  contact().webhook_url_file = write("empty", "\nhttp://x/\n");
  EXPECT_THAT(finding(), HasSubstr("empty has nothing in its first line"));
  contact().webhook_url_file = write("odd", "http://x/\xff\n");
  EXPECT_THAT(finding(), HasSubstr("odd has other than printable ASCII"));
  contact().webhook_url_file = write("word", "s3cret\n");
  EXPECT_THAT(finding(), AllOf(HasSubstr("word has no URL"), Not(HasSubstr("s3cret"))));
}

TEST_F(AlertmanagerFileTest, HolidaysAreQuietAndWorkedWeekendsAreNot) {
  alerting().working_days_only = true;
  loaded_.configuration.time_zone = "Asia/Shanghai";
  HolidayYear year;
  year.year = 2026;
  for (unsigned day = 1; day <= 7; ++day) year.days_off.push_back(date_of(2026, 10, day));
  year.days_off.push_back(date_of(2026, 10, 31));
  year.days_off.push_back(date_of(2026, 1, 1));
  year.working_days = {date_of(2026, 10, 10)};
  set_holidays({year});
  EXPECT_THAT(
      text(),
      HasSubstr("  - name: \"working-days\"\n    time_intervals:\n"
                "      - {weekdays: [\"monday:friday\"], location: \"Asia/Shanghai\"}\n"
                "      - {days_of_month: [\"10\"], months: [\"10\"], years: [\"2026\"], location: "
                "\"Asia/Shanghai\"}\n"
                "  - name: \"holidays\"\n    time_intervals:\n"
                "      - {days_of_month: [\"1\"], months: [\"1\"], years: [\"2026\"], location: "
                "\"Asia/Shanghai\"}\n"
                "      - {days_of_month: [\"1:7\", \"31\"], months: [\"10\"], years: [\"2026\"], "
                "location: \"Asia/Shanghai\"}\n"));
}

TEST_F(AlertmanagerFileTest, WithoutQuietTimesNothingIsMuted) {
  EXPECT_THAT(text(), AllOf(Not(HasSubstr("time_intervals")), Not(HasSubstr("mute"))));
  alerting().working_days_only = true;
  EXPECT_THAT(text(), AllOf(HasSubstr("active_time_intervals: [\"working-days\"]"),
                            Not(HasSubstr("holidays"))));
}

TEST_F(AlertmanagerFileTest, TheDocumentsAddressStandsInEveryTemplate) {
  alerting().documents_url = "http://oa/";
  EXPECT_THAT(
      text(),
      HasSubstr(
          R"(html: "{{ define \"districtd.link\" }}说明：http://oa/{{ .Annotations.runbook_url }}{{ end }}{{ template \"districtd.html\" . }}")"));
}

}  // namespace
}  // namespace districtd

// [alerting] and [[contact]]: what is read, and what is found with its place.
#include "daemon/config/alerting.h"

#include <gmock/gmock.h>

#include "daemon/config/configuration.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

// Seven lines, so that what a test adds begins on line 8.
constexpr std::string_view kNeeded = R"([district]
name = "金东"
[catalogue]
files = ["c.toml"]
[store]
path = "d.db"

)";
constexpr std::string_view kAlerting = R"([alerting]
smtp_smarthost = "mail.example.cn:465"
smtp_from = "a@example.cn"
)";
constexpr std::string_view kRoles = R"([[contact]]
role = "supervision"
email = ["s@example.cn"]
[[contact]]
role = "operators"
webhook_url = "http://127.0.0.1:9/x"
)";
constexpr std::string_view kCulture = R"([[contact]]
department = "culture-tourism"
email = ["c@example.cn"]
)";

std::string all(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

class AlertingTest : public FilesTest {
 protected:
  AlertingTest() { write("c.toml", small_catalogue()); }

  Configuration good(const std::string& more) {
    auto loaded = load_configuration(write("districtd.toml", all({kNeeded, more})));
    if (!loaded) {
      ADD_FAILURE() << to_string(loaded.error().front());
      return {};
    }
    return std::move(loaded->configuration);
  }
  // "LINE:COLUMN: message" of each.
  std::vector<std::string> found(const std::string& more) {
    auto loaded = load_configuration(write("districtd.toml", all({kNeeded, more})));
    std::vector<std::string> texts;
    if (!loaded) {
      for (const Finding& finding : loaded.error()) {
        texts.push_back(std::to_string(finding.line) + ':' + std::to_string(finding.column) + ": " +
                        finding.message);
      }
    }
    return texts;
  }
  std::vector<std::string> found_in_alerting(std::string_view keys) {
    return found(all({kAlerting, keys, kRoles, kCulture}));
  }
};

TEST_F(AlertingTest, WithoutItsTablesNothingIsAskedFor) {
  const Configuration c = good("");
  EXPECT_FALSE(c.alerting);
  EXPECT_THAT(c.contacts, IsEmpty());
}

TEST_F(AlertingTest, EveryKeyIsRead) {
  const Configuration c = good(all({kAlerting, R"(smtp_username = "u"
smtp_password_file = "smtp.password"
smtp_require_tls = false
wecom_corp_id = "ww1"
wecom_agent_id = "1000002"
wecom_secret_file = "/run/wecom.secret"
wecom_api_url = "https://qyapi.example.cn/cgi-bin"
quiet_hours = ["00:00-08:30", "18:00-24:00"]
working_days_only = true
group_wait = "2m"
group_interval = "10m"
repeat_every = "1d"
escalate_after = "3d"
templates = "/srv/*.tmpl"
documents_url = "http://oa.example.cn/districtd"
)",
                                    kRoles, R"([[contact]]
department = "culture-tourism"
email = ["c@example.cn", "d@example.cn"]
wecom_users = "zhang|li"
wecom_parties = "2"
wecom_tags = "3"
webhook_url_file = "culture.url"
webhook_token_file = "culture.token"
)"}));
  const Alerting& a = *c.alerting;
  EXPECT_EQ(a.smtp_smarthost, "mail.example.cn:465");
  EXPECT_EQ(a.smtp_from, "a@example.cn");
  EXPECT_EQ(a.smtp_username, "u");
  EXPECT_EQ(a.smtp_password_file, folder_ / "smtp.password");
  EXPECT_FALSE(a.smtp_require_tls);
  EXPECT_EQ(a.wecom_corp_id, "ww1");
  EXPECT_EQ(a.wecom_agent_id, "1000002");
  EXPECT_EQ(a.wecom_secret_file, "/run/wecom.secret");
  EXPECT_EQ(a.wecom_api_url, "https://qyapi.example.cn/cgi-bin/");
  EXPECT_THAT(a.quiet_hours, ElementsAre(TimeOfDay{0, 510}, TimeOfDay{1080, 1440}));
  EXPECT_TRUE(a.working_days_only);
  EXPECT_EQ(a.group_wait, 120s);
  EXPECT_EQ(a.group_interval, 600s);
  EXPECT_EQ(a.repeat_every, 86400s);
  EXPECT_EQ(a.escalate_after, 3 * 86400s);
  EXPECT_EQ(a.templates, "/srv/*.tmpl");
  EXPECT_EQ(a.documents_url, "http://oa.example.cn/districtd/");
  ASSERT_EQ(c.contacts.size(), 3U);
  EXPECT_EQ(c.contacts[0].role, ContactRole::supervision);
  EXPECT_EQ(c.contacts[1].role, ContactRole::operators);
  EXPECT_EQ(c.contacts[2].department, "culture-tourism");
  EXPECT_THAT(c.contacts[2].email, ElementsAre("c@example.cn", "d@example.cn"));
  EXPECT_EQ(c.contacts[2].wecom_users, "zhang|li");
  EXPECT_EQ(c.contacts[2].webhook_url_file, folder_ / "culture.url");
  EXPECT_EQ(c.contacts[2].webhook_token_file, folder_ / "culture.token");
}

TEST_F(AlertingTest, AContactWithoutAnAddressIsFoundWhereItStands) {
  EXPECT_THAT(found(all({kAlerting, kRoles, "[[contact]]\ndepartment = \"culture-tourism\"\n"})),
              ElementsAre(AllOf(
                  testing::StartsWith("17:1: the [[contact]] of the department "
                                      "'culture-tourism' has no address; expected 'email'"))));
}

TEST_F(AlertingTest, ADepartmentWithoutAContactIsFound) {
  EXPECT_THAT(found(all({kAlerting, kRoles})),
              ElementsAre("8:1: the department 'culture-tourism' (区文旅局) has no [[contact]]; "
                          "[alerting] needs one for each department of the catalogue"));
}

TEST_F(AlertingTest, BothOfficesNeedAContact) {
  EXPECT_THAT(found(all({kAlerting, kCulture})),
              ElementsAre(HasSubstr("role = \"supervision\""), HasSubstr("role = \"operators\"")));
}

TEST_F(AlertingTest, QuietHoursThatEndBeforeTheyBeginSayHowANightIsWritten) {
  EXPECT_THAT(found_in_alerting("quiet_hours = [\"18:00-08:30\"]\n"),
              ElementsAre("11:15: the quiet hours '18:00-08:30' end before they begin; a night is "
                          "written as two windows: \"18:00-24:00\", \"00:00-08:30\""));
  EXPECT_THAT(found_in_alerting("quiet_hours = [\"18:00-00:00\"]\n"),
              ElementsAre(EndsWith("end before they begin; expected such as \"18:00-24:00\"")));
  EXPECT_THAT(found_in_alerting("quiet_hours = [\"08:00-08:00\"]\n"),
              ElementsAre(EndsWith("end before they begin; expected such as \"18:00-24:00\"")));
}

TEST_F(AlertingTest, QuietHoursAreTimesOfDay) {
  for (const char* const bad :
       {"18-24", "18:00", "18:00-24:01", "25:00-26:00", "08:60-09:00", "8:00-9:00", "night", ""}) {
    EXPECT_THAT(found_in_alerting(all({"quiet_hours = [\"", bad, "\"]\n"})),
                ElementsAre(HasSubstr("is no part of a day")))
        << bad;
  }
}

TEST_F(AlertingTest, WhatGoesTogetherIsAskedForTogether) {
  EXPECT_THAT(found_in_alerting("smtp_username = \"u\"\n"),
              ElementsAre(HasSubstr("'smtp_username' and 'smtp_password_file' go together")));
  EXPECT_THAT(found_in_alerting("wecom_corp_id = \"ww1\"\n"),
              ElementsAre(HasSubstr("go together; some of them are missing")));
  EXPECT_THAT(found(all({"[alerting]\n", kRoles, kCulture})),
              ElementsAre(HasSubstr("'email' needs 'smtp_smarthost'"),
                          HasSubstr("'email' needs 'smtp_smarthost'")));
  EXPECT_THAT(found(all({kAlerting, kRoles,
                         "[[contact]]\ndepartment = \"culture-tourism\"\nwecom_users = \"a\"\n"})),
              ElementsAre(HasSubstr("WeCom needs 'wecom_corp_id'")));
  EXPECT_THAT(found(std::string{kCulture}),
              ElementsAre("8:1: a [[contact]] needs the table [alerting], which is missing"));
  EXPECT_THAT(found(all({kAlerting, kRoles, kCulture, "webhook_token_file = \"t\"\n"})),
              ElementsAre(HasSubstr("without a webhook")));
}

TEST_F(AlertingTest, AContactIsOneDepartmentsOrOneOffices) {
  EXPECT_THAT(found(all({kAlerting, kRoles, kCulture, "[[contact]]\nemail = [\"x@y.cn\"]\n"})),
              ElementsAre(HasSubstr("needs 'department' (an id) or 'role'")));
  EXPECT_THAT(found(all({kAlerting, kRoles, kCulture, "role = \"operators\"\n"})),
              testing::Contains(HasSubstr("and not both")));
  EXPECT_THAT(found(all({kAlerting, kRoles, kCulture, kCulture})),
              ElementsAre(HasSubstr("two [[contact]] are of the department 'culture-tourism'")));
  EXPECT_THAT(found(all({kAlerting, kRoles, kCulture,
                         "[[contact]]\ndepartment = \"sports\"\nemail = [\"x@y.cn\"]\n"})),
              ElementsAre("21:14: department 'sports' is not in the catalogue"));
  EXPECT_THAT(found(all({kAlerting, kRoles, kCulture, "phone = \"1\"\n"})),
              ElementsAre(HasSubstr("unknown key 'phone' in [[contact]]")));
}

TEST_F(AlertingTest, WhatIsNoAddressIsFound) {
  for (const char* const bad :
       {"office", "a@", "@b", "a@b,c@d", "a b@c", "a@b@c", "{{ . }}@b", "张三<a@b>"}) {
    EXPECT_THAT(found(all({kAlerting, kRoles, "[[contact]]\ndepartment = \"culture-tourism\"\n",
                           "email = [\"", bad, "\"]\n"})),
                ElementsAre(HasSubstr("is no e-mail address")))
        << bad;
  }
  EXPECT_THAT(found(all({kAlerting, kRoles, "[[contact]]\ndepartment = \"culture-tourism\"\n",
                         "webhook_url = \"ftp://secret@x/\"\n"})),
              ElementsAre("19:15: 'webhook_url' is no URL; expected http://... or https://..."));
  EXPECT_THAT(found(all({"[alerting]\nsmtp_smarthost = \"mail\"\nsmtp_from = \"a@b.cn\"\n", kRoles,
                         kCulture})),
              ElementsAre(HasSubstr("9:18: 'mail' is no mail server")));
  EXPECT_THAT(found_in_alerting("escalate_after = \"soon\"\n"),
              ElementsAre(HasSubstr("'soon' is no duration")));
  EXPECT_THAT(found_in_alerting("documents_url = \"docs\"\n"),
              ElementsAre(HasSubstr("'documents_url' is no URL")));
  EXPECT_THAT(found(all({kAlerting, kRoles, kCulture, "wecom_users = \"{{ . }}\"\n"})),
              testing::Contains(HasSubstr("'wecom_users' has blanks or braces")));
}

}  // namespace
}  // namespace districtd

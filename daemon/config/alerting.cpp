#include "daemon/config/alerting.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "base/toml_values.h"

namespace districtd {

namespace {

bool has_controls_or_blanks(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) == 0x7f;
  });
}

// What stands in mail headers and on command lines: one address, no display name.
bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && !has_controls_or_blanks(text) &&
         text.find_first_of(",;<>()\"{}\\") == std::string_view::npos;
}

bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || has_controls_or_blanks(text)) return false;
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && end == digits.data() + digits.size() && port > 0;
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "HH:MM" as minutes; nullopt for anything else.
std::optional<int> minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!is_number(text.substr(0, 2)) || !is_number(text.substr(3))) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) return std::nullopt;
  return hour * 60 + minute;
}

void read_window(TomlTable& table, const std::string& text, std::vector<TimeOfDay>& windows) {
  const std::string_view whole = text;
  const std::size_t dash = whole.find('-');
  const auto begin = minutes(whole.substr(0, dash));
  const auto end = dash == std::string_view::npos ? std::nullopt : minutes(whole.substr(dash + 1));
  if (!begin || !end) {
    table.add_finding("quiet_hours", "'" + text +
                                         "' is no part of a day; expected such as "
                                         "\"18:00-24:00\"");
    return;
  }
  if (*end <= *begin) {
    const std::string from = text.substr(0, dash);
    const std::string to = text.substr(dash + 1);
    std::string message = "the quiet hours '" + text + "' end before they begin";
    message +=
        *end > 0 && *begin < 1440 && *end != *begin
            ? "; a night is written as two windows: \"" + from + "-24:00\", \"00:00-" + to + "\""
            : "; expected such as \"18:00-24:00\"";
    table.add_finding("quiet_hours", message);
    return;
  }
  windows.push_back({*begin, *end});
}

class AlertingReader {
 public:
  explicit AlertingReader(const std::filesystem::path& base) : base_(base) {}

  AlertingTables read(TomlTable& root) && {
    if (auto table = root.table("alerting")) {
      tables_.place = root.place("alerting");
      read_alerting(*table);
    }
    std::set<std::string> seen;
    for (TomlTable& table : root.tables("contact")) read_contact(table, seen);
    if (tables_.alerting) find_missing_roles(root);
    return std::move(tables_);
  }

 private:
  std::filesystem::path path(TomlTable& table, std::string_view key) const {
    const std::string text = table.text(key).value_or("");
    if (text.empty()) return {};
    if (text.starts_with("${")) {
      table.add_finding(key, "'" + std::string{key} +
                                 "' begins with a variable; expected a path that "
                                 "Alertmanager can read");
      return {};
    }
    return std::filesystem::absolute(base_ / text).lexically_normal();
  }

  void read_alerting(TomlTable& table) {
    Alerting a;
    a.smtp_smarthost = table.text("smtp_smarthost").value_or("");
    if (!a.smtp_smarthost.empty() && !is_host_and_port(a.smtp_smarthost)) {
      table.add_finding("smtp_smarthost", "'" + a.smtp_smarthost +
                                              "' is no mail server; expected such as "
                                              "\"mail.example.gov.cn:465\"");
    }
    a.smtp_from = table.text("smtp_from").value_or("");
    if (!a.smtp_from.empty() && !is_address(a.smtp_from)) {
      table.add_finding("smtp_from", "'" + a.smtp_from +
                                         "' is no e-mail address; expected such as "
                                         "\"districtd@example.gov.cn\"");
    }
    if (a.smtp_smarthost.empty() != a.smtp_from.empty()) {
      table.add_finding(a.smtp_from.empty() ? "smtp_smarthost" : "smtp_from",
                        "'smtp_smarthost' and 'smtp_from' go together; one of them is missing");
    }
    a.smtp_username = table.text("smtp_username").value_or("");
    a.smtp_password_file = path(table, "smtp_password_file");
    if (a.smtp_username.empty() != a.smtp_password_file.empty()) {
      table.add_finding(
          a.smtp_username.empty() ? "smtp_password_file" : "smtp_username",
          "'smtp_username' and 'smtp_password_file' go together; one of them is missing");
    }
    a.smtp_require_tls = table.flag("smtp_require_tls").value_or(true);
    read_wecom(table, a);
    for (const std::string& text : table.texts("quiet_hours")) {
      read_window(table, text, a.quiet_hours);
    }
    a.working_days_only = table.flag("working_days_only").value_or(false);
    read_duration(table, "group_wait", a.group_wait);
    read_duration(table, "group_interval", a.group_interval);
    read_duration(table, "repeat_every", a.repeat_every);
    read_duration(table, "escalate_after", a.escalate_after);
    a.templates = table.text("templates").value_or(a.templates);
    a.documents_url = table.text("documents_url").value_or("");
    check_url(table, "documents_url", a.documents_url);
    if (!a.documents_url.empty() && !a.documents_url.ends_with('/')) a.documents_url += '/';
    table.finish();
    tables_.alerting = std::move(a);
  }

  void read_wecom(TomlTable& table, Alerting& a) const {
    a.wecom_corp_id = table.text("wecom_corp_id").value_or("");
    a.wecom_agent_id = table.text("wecom_agent_id").value_or("");
    a.wecom_secret_file = path(table, "wecom_secret_file");
    a.wecom_secret_place = table.place("wecom_secret_file");
    a.wecom_api_url = table.text("wecom_api_url").value_or("");
    check_url(table, "wecom_api_url", a.wecom_api_url);
    if (!a.wecom_api_url.empty() && !a.wecom_api_url.ends_with('/')) a.wecom_api_url += '/';
    const int given = static_cast<int>(!a.wecom_corp_id.empty()) +
                      static_cast<int>(!a.wecom_agent_id.empty()) +
                      static_cast<int>(!a.wecom_secret_file.empty());
    if (given != 0 && given != 3) {
      table.add_finding(
          "wecom_corp_id",
          "'wecom_corp_id', 'wecom_agent_id' and 'wecom_secret_file' go together; some of "
          "them are missing");
    }
  }

  void read_contact(TomlTable& table, std::set<std::string>& seen) {
    Contact contact;
    const std::string who = read_whose(table, contact);
    contact.email = table.texts("email");
    for (const std::string& address : contact.email) {
      if (!is_address(address)) {
        table.add_finding("email", "'" + address +
                                       "' is no e-mail address; expected such as "
                                       "\"office@example.gov.cn\"");
      }
    }
    contact.wecom_users = table.text("wecom_users").value_or("");
    contact.wecom_parties = table.text("wecom_parties").value_or("");
    contact.wecom_tags = table.text("wecom_tags").value_or("");
    for (const auto& [key, value] : {std::pair{"wecom_users", &contact.wecom_users},
                                     std::pair{"wecom_parties", &contact.wecom_parties},
                                     std::pair{"wecom_tags", &contact.wecom_tags}}) {
      if (has_controls_or_blanks(*value) || value->find('{') != std::string::npos) {
        table.add_finding(key, "'" + std::string{key} +
                                   "' has blanks or braces; expected ids as WeCom "
                                   "shows them, with | between several");
      }
    }
    contact.webhook_url = table.text("webhook_url").value_or("");
    check_url(table, "webhook_url", contact.webhook_url);
    contact.webhook_url_file = path(table, "webhook_url_file");
    contact.webhook_url_place = table.place("webhook_url_file");
    contact.webhook_token_file = path(table, "webhook_token_file");
    if (!contact.webhook_url.empty() && !contact.webhook_url_file.empty()) {
      table.add_finding("webhook_url",
                        "'webhook_url' and 'webhook_url_file' in one [[contact]]; expected "
                        "one of them");
    }
    if (!contact.webhook_token_file.empty() && !contact.has_webhook()) {
      table.add_finding("webhook_token_file",
                        "'webhook_token_file' without a webhook; expected "
                        "'webhook_url' or 'webhook_url_file'");
    }
    table.finish();
    check_ways(table, contact, who);
    if (!who.empty() && !seen.insert(who).second) {
      table.add_finding("department", "two [[contact]] are of " + who +
                                          "; one is enough, it takes several addresses");
    }
    tables_.contacts.push_back(std::move(contact));
  }

  // How messages call it: "the department 'health'".
  std::string read_whose(TomlTable& table, Contact& contact) {
    const auto role = table.word("role", {"supervision", "operators"});
    if (role) contact.role = *role == 0 ? ContactRole::supervision : ContactRole::operators;
    contact.department = table.text("department").value_or("");
    if (table.has("role") == table.has("department")) {
      table.add_finding(
          "department",
          "a [[contact]] needs 'department' (an id) or 'role' (supervision or operators), "
          "and not both");
      return {};
    }
    if (!contact.department.empty()) {
      tables_.departments.emplace_back(table.place("department"), contact.department);
      return "the department '" + contact.department + "'";
    }
    if (!role) return {};
    return contact.role == ContactRole::supervision ? "the role 'supervision'"
                                                    : "the role 'operators'";
  }

  void check_ways(const TomlTable& table, const Contact& contact, const std::string& who) const {
    if (contact.email.empty() && !contact.has_wecom() && !contact.has_webhook()) {
      table.add_finding("",
                        "the [[contact]] of " + (who.empty() ? "nobody" : who) +
                            " has no address; expected 'email', 'wecom_users', 'wecom_parties', "
                            "'wecom_tags', 'webhook_url' or 'webhook_url_file'");
    }
    if (!tables_.alerting) {
      table.add_finding("", "a [[contact]] needs the table [alerting], which is missing");
      return;
    }
    if (!contact.email.empty() && tables_.alerting->smtp_smarthost.empty()) {
      table.add_finding("email", "'email' needs 'smtp_smarthost' and 'smtp_from' in [alerting]");
    }
    if (contact.has_wecom() && tables_.alerting->wecom_corp_id.empty()) {
      table.add_finding("wecom_users",
                        "WeCom needs 'wecom_corp_id', 'wecom_agent_id' and 'wecom_secret_file' in "
                        "[alerting]");
    }
  }

  void find_missing_roles(const TomlTable& root) const {
    for (const auto& [role, what] :
         {std::pair{ContactRole::supervision, "\"supervision\": escalations go there"},
          std::pair{ContactRole::operators,
                    "\"operators\": what concerns the server goes there"}}) {
      const bool is_there =
          std::any_of(tables_.contacts.begin(), tables_.contacts.end(),
                      [role = role](const Contact& contact) { return contact.role == role; });
      if (!is_there) {
        root.add_finding("alerting",
                         std::string{"[alerting] needs a [[contact]] with role = "} + what);
      }
    }
  }

  const std::filesystem::path& base_;
  AlertingTables tables_;
};

}  // namespace

AlertingTables read_alerting(TomlTable& root, const std::filesystem::path& base) {
  return AlertingReader{base}.read(root);
}

void find_departments_without_contact(
    const AlertingTables& tables,
    const std::vector<std::pair<std::string, std::string>>& departments, Findings& findings) {
  if (!tables.alerting) return;
  for (const auto& [id, name] : departments) {
    const bool is_there =
        std::any_of(tables.contacts.begin(), tables.contacts.end(),
                    [&id = id](const Contact& contact) { return contact.department == id; });
    if (is_there) continue;
    Finding finding = tables.place;
    finding.message.append("the department '").append(id).append("' (").append(name);
    finding.message +=
        ") has no [[contact]]; [alerting] needs one for each department of the catalogue";
    findings.push_back(std::move(finding));
  }
}

}  // namespace districtd

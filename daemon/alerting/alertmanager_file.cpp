#include "daemon/alerting/alertmanager_file.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>
#include <vector>
#include <boost/url/parse.hpp>

#include "base/digest.h"

namespace districtd {

namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

// What concerns the server is said again sooner, and at first at once.
constexpr std::chrono::seconds kCriticalRepeat = 4h;
constexpr std::chrono::seconds kOperatorsWait = 30s;

// A double-quoted YAML scalar: whatever the text, it is this text and nothing else.
std::string yaml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x" + to_hex(std::string_view{&c, 1});
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string yaml_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + yaml_text(text);
  return out + ']';
}

std::string seconds(std::chrono::seconds duration) {
  return std::to_string(duration.count()) + 's';
}

std::string clock_time(int minutes) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(minutes / 60) + ':' + two(minutes % 60);
}

class Writer {
 public:
  Writer(const Loaded& loaded, const std::filesystem::path& file)
      : configuration_(loaded.configuration), catalogue_(loaded.catalogue.catalogue), file_(file) {}

  Result<std::string, Findings> write() && {
    if (!configuration_.alerting) {
      return Findings{{file_.string(), 0, 0,
                       "there is no table [alerting], so there is nothing to write; "
                       "docs/configuration.md describes it"}};
    }
    alerting_ = &*configuration_.alerting;
    line("# Alertmanager's configuration for " + one_line(configuration_.district_name) + '.');
    line("# Written by `districtd config alertmanager` from the contacts in districtd.toml; what");
    line("# is changed here is lost when it is written again.");
    write_global();
    line("templates: [" + yaml_text(alerting_->templates) + "]");
    write_routes();
    write_inhibition();
    write_times();
    write_receivers();
    if (!findings_.empty()) return std::move(findings_);
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += text + '\n'; }

  static std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
  }

  // The first line of a file that only who may see it can read.
  std::string secret(const std::filesystem::path& file, const Finding& place) {
    auto text = read_text(file);
    Finding finding = place;
    if (!text) {
      finding.message = file.string() + ' ' + text.error().message;
      findings_.push_back(std::move(finding));
      return {};
    }
    std::string line = *text;
    line.resize(std::min(line.find_first_of("\r\n"), line.size()));
    if (line.empty()) {
      finding.message = file.string() + " has nothing in its first line; expected the secret";
    } else if (!std::all_of(line.begin(), line.end(),
                            [](char c) { return c >= ' ' && c <= '~'; })) {
      finding.message = file.string() + " has other than printable ASCII in its first line";
    }
    if (!finding.message.empty()) findings_.push_back(std::move(finding));
    return line;
  }

  std::string secret_url(const Contact& contact) {
    const std::size_t before = findings_.size();
    std::string url = secret(contact.webhook_url_file, contact.webhook_url_place);
    const auto parsed = boost::urls::parse_uri(url);
    if (findings_.size() == before &&
        (!parsed || !parsed->scheme().starts_with("http") || parsed->host().empty())) {
      findings_.push_back(contact.webhook_url_place);
      findings_.back().message =
          contact.webhook_url_file.string() +
          " has no URL in its first line; expected http://... or https://...";
    }
    return url;
  }

  void write_global() {
    line("global:");
    line("  resolve_timeout: 5m");
    if (!alerting_->smtp_smarthost.empty()) {
      line("  smtp_smarthost: " + yaml_text(alerting_->smtp_smarthost));
      line("  smtp_from: " + yaml_text(alerting_->smtp_from));
      line(std::string{"  smtp_require_tls: "} + (alerting_->smtp_require_tls ? "true" : "false"));
    }
    if (!alerting_->smtp_username.empty()) {
      line("  smtp_auth_username: " + yaml_text(alerting_->smtp_username));
      line("  smtp_auth_password_file: " + yaml_text(alerting_->smtp_password_file.string()));
    }
    if (alerting_->wecom_corp_id.empty()) return;
    line("  wechat_api_corp_id: " + yaml_text(alerting_->wecom_corp_id));
    line("  wechat_api_secret: " +
         yaml_text(secret(alerting_->wecom_secret_file, alerting_->wecom_secret_place)));
    if (!alerting_->wecom_api_url.empty()) {
      line("  wechat_api_url: " + yaml_text(alerting_->wecom_api_url));
    }
  }

  bool has_holidays() const { return !catalogue_.working_days().days_off().empty(); }

  // Which times a route keeps quiet.
  void write_quiet(const std::string& indent) {
    std::vector<std::string> mute;
    if (!alerting_->quiet_hours.empty()) mute.emplace_back("quiet-hours");
    if (alerting_->working_days_only && has_holidays()) mute.emplace_back("holidays");
    if (!mute.empty()) line(indent + "mute_time_intervals: " + yaml_list(mute));
    if (alerting_->working_days_only) line(indent + "active_time_intervals: [\"working-days\"]");
  }

  void write_routes() {
    line("route:");
    line("  # What no route below takes, such as a department that was added since.");
    line("  receiver: \"supervision\"");
    line("  group_by: [\"audience\", \"district\", \"department\", \"programme\"]");
    line("  group_wait: " + seconds(alerting_->group_wait));
    line("  group_interval: " + seconds(alerting_->group_interval));
    line("  repeat_interval: " + seconds(alerting_->repeat_every));
    line("  routes:");
    line("    - matchers: ['audience=\"operator\"']");
    line("      receiver: \"operators\"");
    line("      group_by: [\"audience\"]");
    line("      group_wait: " + seconds(std::min(kOperatorsWait, alerting_->group_wait)));
    write_quiet("      ");
    line("      routes:");
    line("        # At any time of day.");
    line("        - matchers: ['severity=\"critical\"']");
    line("          receiver: \"operators\"");
    line("          group_by: [\"audience\", \"severity\"]");
    line("          repeat_interval: " +
         seconds(std::min(kCriticalRepeat, alerting_->repeat_every)));
    line("    - matchers: ['audience=\"supervision\"']");
    line("      receiver: \"supervision\"");
    line("      group_by: [\"audience\"]");
    write_quiet("      ");
    for (const Contact& contact : configuration_.contacts) {
      if (contact.role == ContactRole::department) write_department_route(contact.department);
    }
  }

  // One group, so one message, whatever befalls how many of its targets. What tells of an event
  // and not of a state has a message of its own, which nothing takes back.
  void write_department_route(const std::string& id) {
    line("    - matchers: ['audience=\"department\"', 'department=" + yaml_text(id) + "']");
    line("      receiver: " + yaml_text("department-" + id));
    line("      group_by: [\"audience\", \"district\", \"department\", \"programme\"]");
    write_quiet("      ");
    line("      routes:");
    line("        - matchers: ['notice=\"once\"']");
    line("          receiver: " + yaml_text("department-" + id + "-once"));
    line(
        "          group_by: [\"audience\", \"district\", \"department\", \"programme\", "
        "\"notice\"]");
    write_quiet("          ");
  }

  void write_inhibition() {
    line("inhibit_rules:");
    line("  # While districtd is down nothing is known, so nothing is said but that.");
    line("  - source_matchers: ['alertname=\"DistrictdDown\"']");
    line("    target_matchers: ['alertname!=\"DistrictdDown\"', 'alertname=~\"District.+\"']");
    line("    equal: [\"district\", \"instance\"]");
    line("  # 逾期未完成 over 欠进度 and 难以完成 over 略滞后, of the same target.");
    line("  - source_matchers: ['alertname=\"DistrictTargetOverdue\"']");
    line(
        "    target_matchers: "
        "['alertname=~\"DistrictTargetBehind|DistrictTargetAtRisk|DistrictGoalOutOfReach\"']");
    line("    equal: [\"district\", \"instance\", \"programme\", \"target\"]");
    line("  - source_matchers: ['alertname=~\"DistrictTargetBehind|DistrictGoalOutOfReach\"']");
    line("    target_matchers: ['alertname=\"DistrictTargetAtRisk\"']");
    line("    equal: [\"district\", \"instance\", \"programme\", \"target\"]");
  }

  std::string location() const {
    return ", location: " + yaml_text(configuration_.time_zone) + '}';
  }

  void write_times() {
    if (alerting_->quiet_hours.empty() && !alerting_->working_days_only) return;
    line("time_intervals:");
    if (!alerting_->quiet_hours.empty()) {
      line("  - name: \"quiet-hours\"");
      line("    time_intervals:");
      for (const TimeOfDay& window : alerting_->quiet_hours) {
        line("      - {times: [{start_time: " + yaml_text(clock_time(window.begin)) +
             ", end_time: " + yaml_text(clock_time(window.end)) + "}]" + location());
      }
    }
    if (!alerting_->working_days_only) return;
    line("  - name: \"working-days\"");
    line("    time_intervals:");
    line("      - {weekdays: [\"monday:friday\"]" + location());
    write_days(catalogue_.working_days().days_worked_instead());
    if (!has_holidays()) return;
    line("  - name: \"holidays\"");
    line("    time_intervals:");
    write_days(catalogue_.working_days().days_off());
  }

  // One interval a month, its days as ranges.
  void write_days(const std::set<Date>& days) {
    std::map<std::chrono::year_month, std::vector<std::pair<unsigned, unsigned>>> months;
    for (const Date day : days) {
      const std::chrono::year_month_day date{day};
      auto& ranges = months[date.year() / date.month()];
      const auto number = static_cast<unsigned>(date.day());
      if (!ranges.empty() && ranges.back().second + 1 == number) {
        ranges.back().second = number;
      } else {
        ranges.emplace_back(number, number);
      }
    }
    for (const auto& [month, ranges] : months) {
      std::vector<std::string> texts;
      for (const auto& [first, last] : ranges) {
        texts.push_back(std::to_string(first) + (first == last ? "" : ':' + std::to_string(last)));
      }
      line("      - {days_of_month: " + yaml_list(texts) + ", months: [\"" +
           std::to_string(static_cast<unsigned>(month.month())) + "\"], years: [\"" +
           std::to_string(static_cast<int>(month.year())) + "\"]" + location());
    }
  }

  void write_receivers() {
    line("receivers:");
    for (const Contact& contact : configuration_.contacts) {
      switch (contact.role) {
        case ContactRole::supervision:
          write_receiver("supervision", contact, true);
          break;
        case ContactRole::operators:
          write_receiver("operators", contact, true);
          break;
        case ContactRole::department:
          write_receiver("department-" + contact.department, contact, true);
          write_receiver("department-" + contact.department + "-once", contact, false);
          break;
      }
    }
  }

  // A template with the address of the documents, where there is one.
  std::string text_template(std::string_view name) const {
    std::string text;
    if (!alerting_->documents_url.empty()) {
      text = "{{ define \"districtd.link\" }}说明：" + alerting_->documents_url +
             "{{ .Annotations.runbook_url }}{{ end }}";
    }
    return yaml_text(text + "{{ template \"" + std::string{name} + "\" . }}");
  }

  void write_receiver(const std::string& name, const Contact& contact, bool says_resolved) {
    const std::string resolved = says_resolved ? "true" : "false";
    line("  - name: " + yaml_text(name));
    if (!contact.email.empty()) {
      std::string to;
      for (const std::string& address : contact.email) to += (to.empty() ? "" : ", ") + address;
      line("    email_configs:");
      line("      - to: " + yaml_text(to));
      line("        send_resolved: " + resolved);
      line("        headers: {Subject: " + text_template("districtd.subject") + '}');
      line("        html: " + text_template("districtd.html"));
      line("        text: " + text_template("districtd.text"));
    }
    if (contact.has_wecom()) {
      line("    wechat_configs:");
      line("      - agent_id: " + yaml_text(alerting_->wecom_agent_id));
      for (const auto& [key, value] : {std::pair{"to_user", &contact.wecom_users},
                                       std::pair{"to_party", &contact.wecom_parties},
                                       std::pair{"to_tag", &contact.wecom_tags}}) {
        if (!value->empty()) line(std::string{"        "} + key + ": " + yaml_text(*value));
      }
      line("        send_resolved: " + resolved);
      line("        message: " + text_template("districtd.wecom"));
    }
    if (contact.has_webhook()) write_webhook(contact, resolved);
  }

  void write_webhook(const Contact& contact, const std::string& resolved) {
    line("    webhook_configs:");
    line("      - url: " +
         yaml_text(contact.webhook_url_file.empty() ? contact.webhook_url : secret_url(contact)));
    line("        send_resolved: " + resolved);
    if (contact.webhook_token_file.empty()) return;
    line("        http_config:");
    line("          authorization: {credentials_file: " +
         yaml_text(contact.webhook_token_file.string()) + '}');
  }

  const Configuration& configuration_;
  const Catalogue& catalogue_;
  const std::filesystem::path& file_;
  const Alerting* alerting_ = nullptr;
  std::string text_;
  Findings findings_;
};

}  // namespace

Result<std::string, Findings> alertmanager_file(const Loaded& loaded,
                                                const std::filesystem::path& file) {
  return Writer{loaded, file}.write();
}

}  // namespace districtd

// Who is told of alerts, how and when: [alerting] and [[contact]] of the configuration.
// docs/configuration.md describes the keys, docs/alerts.md what is done with them.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/findings.h"
#include "base/toml_table.h"

namespace districtd {

// Part of a day, in minutes from midnight; begin < end <= 1440.
struct TimeOfDay {
  int begin = 0;
  int end = 0;
  friend bool operator==(const TimeOfDay&, const TimeOfDay&) = default;
};

enum class ContactRole {
  department,
  supervision,  // 督查室: escalations, and what belongs to nobody
  operators,    // who runs the server
};

// Where messages go. Has at least one of e-mail, WeCom and webhook.
struct Contact {
  ContactRole role = ContactRole::department;
  std::string department;  // its id; "" for the other roles
  std::vector<std::string> email;
  std::string wecom_users;    // "|" between several, as WeCom has it
  std::string wecom_parties;  // likewise
  std::string wecom_tags;     // likewise
  std::string webhook_url;    // "" where webhook_url_file is
  std::filesystem::path webhook_url_file;
  std::filesystem::path webhook_token_file;  // Alertmanager reads it
  // Where webhook_url_file stands, for findings of who reads it.
  Finding webhook_url_place;

  bool has_wecom() const {
    return !wecom_users.empty() || !wecom_parties.empty() || !wecom_tags.empty();
  }
  bool has_webhook() const { return !webhook_url.empty() || !webhook_url_file.empty(); }
};

struct Alerting {
  std::string smtp_smarthost;  // HOST:PORT
  std::string smtp_from;
  std::string smtp_username;
  std::filesystem::path smtp_password_file;  // Alertmanager reads it
  bool smtp_require_tls = true;

  std::string wecom_corp_id;
  std::string wecom_agent_id;
  std::filesystem::path wecom_secret_file;  // read by whoever writes Alertmanager's configuration
  std::string wecom_api_url;                // "" is WeCom's own
  Finding wecom_secret_place;

  std::vector<TimeOfDay> quiet_hours;  // the district's time
  bool working_days_only = false;
  // Rules are evaluated every 15, 30 or 60 seconds, and what they find arrives then, one rule after
  // the other. A message that leaves at that very moment has only a part of it; so these are no
  // multiples of such intervals.
  std::chrono::seconds group_wait{307};
  std::chrono::seconds group_interval{1807};
  std::chrono::seconds repeat_every{3L * 86400};
  std::chrono::seconds escalate_after{7L * 86400};
  std::string templates = "/usr/share/districtd/alertmanager/*.tmpl";
  std::string documents_url;  // what runbook links begin with; "" leaves them relative
};

// What stands in the configuration, and the departments that its contacts name.
struct AlertingTables {
  std::optional<Alerting> alerting;  // empty: alerts are not this configuration's business
  std::vector<Contact> contacts;
  std::vector<std::pair<Finding, std::string>> departments;  // place and id
  Finding place;                                             // of [alerting]
};

// Reads [alerting] and [[contact]]. What is wrong with them is found in the tables. A path that is
// relative begins at `base`; one with "${CREDENTIALS_DIRECTORY}" is a finding, for Alertmanager
// reads most of them.
AlertingTables read_alerting(TomlTable& root, const std::filesystem::path& base);

// A finding for each department, of those given as id and name, without a contact.
void find_departments_without_contact(
    const AlertingTables& tables,
    const std::vector<std::pair<std::string, std::string>>& departments, Findings& findings);

}  // namespace districtd

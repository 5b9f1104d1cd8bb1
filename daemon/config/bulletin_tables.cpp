#include "daemon/config/bulletin_tables.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace districtd {

namespace {

class BulletinTables {
 public:
  BulletinTables(std::filesystem::path folder, std::string district, DepartmentsNamed& departments)
      : folder_(std::move(folder)), district_(std::move(district)), departments_(departments) {}

  BulletinConfig read(TomlTable& root) && {
    std::error_code ignored;
    if (std::filesystem::is_directory(folder_ / "bulletins", ignored)) {
      bulletins_.templates = folder_ / "bulletins";
    }
    bulletins_.issuer = district_ + "督查室";
    if (auto table = root.table("bulletins")) {
      bulletins_.directory = read_path(*table, "directory", folder_, true).value_or("");
      bulletins_.templates =
          read_path(*table, "templates", folder_, false).value_or(bulletins_.templates);
      bulletins_.issuer = table->text("issuer").value_or(bulletins_.issuer);
      bulletins_.link = table->text("link").value_or("");
      check_url(*table, "link", bulletins_.link);
      if (!bulletins_.link.empty() && !bulletins_.link.ends_with('/')) bulletins_.link += '/';
      read_duration(*table, "converter_timeout", bulletins_.converter_timeout);
      read_duration(*table, "retry_after", bulletins_.retry_after);
      if (const auto attempts = table->integer("attempts", 1, 100)) {
        bulletins_.attempts = static_cast<int>(*attempts);
      }
      table->finish();
    }
    read_smtp(root);
    read_webhooks(root);
    for (TomlTable& table : root.tables("bulletin")) read_bulletin(table);
    return std::move(bulletins_);
  }

 private:
  void read_bulletin(TomlTable& table) {
    BulletinEntry entry;
    entry.name = table.text("name", true).value_or("");
    check_name(table, entry.name, "[[bulletin]]", bulletins_.entries);
    if (const auto kind =
            table.word("kind", {"daily", "weekly", "monthly", "quarterly", "annual"})) {
      entry.kind = static_cast<BulletinKind>(*kind);
    } else if (!table.has("kind")) {
      table.add_finding(
          "kind",
          "'kind' is missing in [[bulletin]]; expected daily, weekly, monthly, quarterly or "
          "annual");
    }
    if (const auto text = table.text("schedule", true)) {
      auto parsed = Timetable::parse(*text);
      if (!parsed) {
        table.add_finding("schedule", parsed.error());
      } else {
        entry.schedule = *parsed;
      }
    }
    if (table.flag("next_working_day").value_or(false)) entry.schedule.move_to_working_days();
    if (table.has("department")) {
      entry.department = read_department(table, departments_);
    }
    read_outputs(table, entry);
    if (bulletins_.directory.empty()) {
      table.add_finding("name",
                        "bulletins need the table [bulletins] with the directory to keep them in");
    }
    table.finish();
    bulletins_.entries.push_back(std::move(entry));
  }

  void read_outputs(TomlTable& table, BulletinEntry& entry) {
    for (const std::string& word : table.texts("formats")) {
      const auto found =
          std::find_if(kAllBulletinFormats.begin(), kAllBulletinFormats.end(),
                       [&](BulletinFormat format) { return to_string(format) == word; });
      if (found == kAllBulletinFormats.end()) {
        table.add_finding("formats",
                          "'" + word +
                              "' is no format; expected html, pdf, docx, xlsx, csv, json or "
                              "text");
      } else if (std::find(entry.formats.begin(), entry.formats.end(), *found) ==
                 entry.formats.end()) {
        entry.formats.push_back(*found);
      }
    }
    if (!table.has("formats")) {
      entry.formats = {BulletinFormat::html, BulletinFormat::pdf, BulletinFormat::xlsx};
    }
    entry.email = table.texts("email");
    for (const std::string& recipient : entry.email) {
      if (parse_mail_address(recipient)) continue;
      table.add_finding("email",
                        "'" + recipient +
                            "' is no address; expected such as \"ducha@example.org\" or \"督查室 "
                            "<ducha@example.org>\"");
    }
    if (!entry.email.empty() && !bulletins_.smtp) {
      table.add_finding("email", "e-mail needs the table [smtp] with the server to send by");
    }
    entry.webhooks = table.texts("webhooks");
    for (const std::string& webhook : entry.webhooks) {
      if (bulletins_.find_webhook(webhook) != nullptr) continue;
      table.add_finding("webhooks", "there is no [[webhook]] called '" + webhook + "'");
    }
  }

  // Names files, addresses and metrics.
  template <typename Named>
  static void check_name(TomlTable& table, const std::string& name, std::string_view what,
                         const std::vector<Named>& others) {
    if (name.empty()) return;
    const bool is_good = name.size() <= 60 && std::all_of(name.begin(), name.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                         });
    if (!is_good) {
      table.add_finding("name", "'" + name + "' is no name; expected at most 60 of a-z, 0-9 and -");
    }
    for (const Named& other : others) {
      if (other.name != name) continue;
      table.add_finding("name", "two " + std::string{what} + " are called '" + name + "'");
    }
  }

  // A secret stands in a file of its own; that it is there is seen before it is needed.
  std::filesystem::path secret(TomlTable& table, std::string_view key, bool required) {
    const auto file = read_path(table, key, folder_, required);
    if (!file) return {};
    auto text = read_text(*file);
    if (!text) {
      table.add_finding(key, to_string(text.error()));
    }
    return *file;
  }

  void read_smtp(TomlTable& root) {
    auto table = root.table("smtp");
    if (!table) return;
    SmtpServer smtp;
    smtp.host = table->text("host", true).value_or("");
    if (const auto security = table->word("security", {"none", "starttls", "tls"})) {
      smtp.security = static_cast<SmtpServer::Security>(*security);
    }
    if (smtp.security == SmtpServer::Security::tls) smtp.port = 465;
    if (smtp.security == SmtpServer::Security::none) smtp.port = 25;
    if (const auto port = table->integer("port", 1, 65535)) {
      smtp.port = static_cast<std::uint16_t>(*port);
    }
    smtp.from = table->text("from", true).value_or("");
    if (!smtp.from.empty() && !parse_mail_address(smtp.from)) {
      table->add_finding(
          "from",
          "'" + smtp.from + "' is no address; expected such as \"督查室 <ducha@example.org>\"");
    }
    smtp.user = table->text("user").value_or("");
    smtp.password_file = secret(*table, "password_file", !smtp.user.empty());
    smtp.ca_file = read_path(*table, "ca_file", folder_, false).value_or("");
    read_duration(*table, "timeout", smtp.timeout);
    table->finish();
    bulletins_.smtp = std::move(smtp);
  }

  void read_webhooks(TomlTable& root) {
    auto& webhooks = bulletins_.webhooks;
    for (TomlTable& table : root.tables("webhook")) {
      Webhook webhook;
      webhook.name = table.text("name", true).value_or("");
      check_name(table, webhook.name, "[[webhook]]", webhooks);
      if (const auto form = table.word("form", {"wecom", "dingtalk", "json"})) {
        webhook.form = static_cast<Webhook::Form>(*form);
      }
      webhook.url = table.text("url").value_or("");
      check_url(table, "url", webhook.url);
      webhook.url_file = secret(table, "url_file", false);
      if (webhook.url.empty() == webhook.url_file.empty()) {
        table.add_finding(
            "url", "[[webhook]] needs 'url', or 'url_file' with the URL in it, and not both");
      }
      webhook.secret_file = secret(table, "secret_file", false);
      if (!webhook.secret_file.empty() && webhook.form != Webhook::Form::dingtalk) {
        table.add_finding("secret_file", "'secret_file' signs for form = \"dingtalk\" only");
      }
      read_duration(table, "timeout", webhook.timeout);
      table.finish();
      webhooks.push_back(std::move(webhook));
    }
  }

  std::filesystem::path folder_;
  std::string district_;
  DepartmentsNamed& departments_;
  BulletinConfig bulletins_;
};

}  // namespace

BulletinConfig read_bulletins(TomlTable& root, const std::filesystem::path& folder,
                              const std::string& district, DepartmentsNamed& departments) {
  return BulletinTables{folder, district, departments}.read(root);
}

}  // namespace districtd

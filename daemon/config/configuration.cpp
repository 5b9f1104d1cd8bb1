#include "daemon/config/configuration.h"

#include <date/tz.h>

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <utility>
#include <boost/asio/ip/address.hpp>
#include <boost/url.hpp>

#include "daemon/config/toml_table.h"

namespace districtd {

namespace {

struct Suffix {
  std::string_view text;
  std::uint64_t factor;
};

std::optional<std::uint64_t> parse_scaled(std::string_view text,
                                          std::initializer_list<Suffix> suffixes) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number == 0 || number > (1ULL << 32)) return std::nullopt;
  const std::string_view rest{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  for (const Suffix& suffix : suffixes) {
    if (rest == suffix.text) return number * suffix.factor;
  }
  return std::nullopt;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string base64(std::string_view text) {
  // Room for the terminating NUL, which EVP writes.
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(length));
  return encoded;
}

// HOST:PORT with a numeric address, as the server binds it.
bool is_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  std::string host{text.substr(0, colon)};
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (no_address) return false;
  std::uint16_t port = 0;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && !digits.empty() && end == digits.data() + digits.size();
}

class ConfigurationReader {
 public:
  explicit ConfigurationReader(const std::filesystem::path& file) : file_(file) {}

  std::variant<Loaded, Findings> read(
      const std::function<void(const Configuration&)>& before_catalogue) && {
    auto parsed = read_toml(file_);
    if (auto* const finding = std::get_if<Finding>(&parsed)) return Findings{std::move(*finding)};
    const std::string name = file_.string();
    TomlTable root{std::get<toml::table>(parsed), "the configuration", {name, &findings_}};
    read_district(root);
    read_catalogue_files(root);
    read_store(root);
    read_http(root);
    read_metrics(root);
    read_log(root);
    read_tokens(root);
    for (const std::filesystem::path& more : token_files_) read_token_file(more);
    read_csv_drops(root);
    read_http_pulls(root);
    read_contacts(root);
    read_bulletins(root);
    read_intake(root);
    root.finish();
    if (findings_.empty() && before_catalogue) before_catalogue(configuration_);
    return load_all();
  }

 private:
  // The catalogue is loaded even where the configuration has findings, so that all are seen at
  // once.
  std::variant<Loaded, Findings> load_all() {
    auto catalogue = load_catalogue(configuration_.catalogue_files, configuration_.holiday_files);
    if (auto* const more = std::get_if<Findings>(&catalogue)) {
      if (!configuration_.catalogue_files.empty()) {
        findings_.insert(findings_.end(), more->begin(), more->end());
      }
      return std::move(findings_);
    }
    auto& loaded = std::get<LoadedCatalogue>(catalogue);
    for (const auto& [place, department] : departments_named_) {
      if (loaded.catalogue.find_department(department)) continue;
      Finding finding = place;
      finding.message = "department '" + department + "' is not in the catalogue";
      findings_.push_back(std::move(finding));
    }
    find_unreachable_departments(loaded.catalogue);
    if (!findings_.empty()) return std::move(findings_);
    return Loaded{std::move(configuration_), std::move(loaded)};
  }

  // nullopt where the path leans on a variable that is not set.
  std::optional<std::filesystem::path> resolve(const std::string& text,
                                               const std::filesystem::path& base) const {
    constexpr std::string_view kCredentials = "${CREDENTIALS_DIRECTORY}";
    if (!text.starts_with(kCredentials)) return base.parent_path() / text;
    // Read once at load, before any thread could change the environment.
    const char* const directory =
        std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    if (directory == nullptr) return std::nullopt;
    return std::filesystem::path{directory + text.substr(kCredentials.size())};
  }

  std::optional<std::filesystem::path> path(TomlTable& table, std::string_view key, bool required) {
    const auto text = table.text(key, required);
    if (!text || text->empty()) return std::nullopt;
    const auto resolved = resolve(*text, file_);
    if (!resolved) {
      table.find(key, "'" + *text +
                          "' leans on systemd's LoadCredential=, and "
                          "CREDENTIALS_DIRECTORY is not set");
    }
    return resolved;
  }

  std::vector<std::filesystem::path> paths(TomlTable& table, std::string_view key) const {
    std::vector<std::filesystem::path> result;
    for (const std::string& text : table.texts(key)) {
      if (const auto resolved = resolve(text, file_)) {
        result.push_back(*resolved);
      } else {
        table.find(key, "'" + text +
                            "' leans on systemd's LoadCredential=, and "
                            "CREDENTIALS_DIRECTORY is not set");
      }
    }
    return result;
  }

  void department(TomlTable& table, std::string& out) {
    const auto id = table.text("department", true);
    if (!id) return;
    departments_named_.emplace_back(table.place("department"), *id);
    out = *id;
  }

  void read_district(TomlTable& root) {
    auto table = root.table("district");
    if (!table) {
      root.find("district", "the table [district] with the district's name is missing");
      return;
    }
    configuration_.district_name = table->text("name", true).value_or("");
    if (const auto zone = table->text("time_zone")) {
      configuration_.time_zone = *zone;
      try {
        date::locate_zone(*zone);
      } catch (const std::exception&) {
        table->find("time_zone",
                    "time zone '" + *zone + "' is not known; expected such as Asia/Shanghai");
      }
    }
    table->finish();
  }

  void read_catalogue_files(TomlTable& root) {
    auto table = root.table("catalogue");
    if (!table) {
      root.find("catalogue", "the table [catalogue] with files = [...] is missing");
      return;
    }
    configuration_.catalogue_files = paths(*table, "files");
    if (configuration_.catalogue_files.empty()) {
      table->find("files", "'files' in [catalogue] names no file");
    }
    configuration_.holiday_files = paths(*table, "holidays");
    table->finish();
  }

  void read_store(TomlTable& root) {
    auto table = root.table("store");
    if (!table) {
      root.find("store", "the table [store] with the database's path is missing");
      return;
    }
    configuration_.store_path = path(*table, "path", true).value_or("");
    table->finish();
  }

  void read_metrics(TomlTable& root) {
    auto table = root.table("metrics");
    if (!table) return;
    configuration_.shows_months = table->flag("months").value_or(true);
    table->finish();
  }

  void read_http(TomlTable& root) {
    auto table = root.table("http");
    if (!table) return;
    const auto listen = table->texts("listen");
    if (!listen.empty()) configuration_.listen = listen;
    for (const std::string& address : configuration_.listen) {
      if (!is_listen_address(address)) {
        table->find("listen", "'" + address + "' is no address; expected such as 127.0.0.1:9480");
      }
    }
    if (const auto text = table->text("max_body")) {
      if (const auto size = parse_size(*text)) {
        configuration_.max_body_bytes = *size;
      } else {
        table->find("max_body", "'" + *text + "' is no size; expected such as \"16MiB\"");
      }
    }
    duration(*table, "request_timeout", configuration_.request_timeout);
    if (const auto most = table->integer("pushes_per_minute", 0, 1'000'000)) {
      configuration_.pushes_per_minute = static_cast<unsigned>(*most);
    }
    token_files_ = paths(*table, "token_files");
    table->finish();
  }

  static void duration(TomlTable& table, std::string_view key, std::chrono::seconds& out) {
    const auto text = table.text(key);
    if (!text) return;
    if (const auto parsed = parse_duration(*text)) {
      out = *parsed;
    } else {
      table.find(key,
                 "'" + *text + "' is no duration; expected such as \"30s\", \"15m\" or \"1h\"");
    }
  }

  void read_log(TomlTable& root) {
    auto table = root.table("log");
    if (!table) return;
    LogConfig& log = configuration_.log;
    if (table->word("level", {"trace", "debug", "info", "warn", "error"})) {
      log.level = *table->text("level");
    }
    if (const auto format = table->word("format", {"json", "text"})) {
      log.format = static_cast<LogFormat>(*format);
    }
    if (const auto sink = table->word("sink", {"stderr", "journald", "file"})) {
      log.sink = static_cast<LogSink>(*sink);
    }
    log.path = path(*table, "path", log.sink == LogSink::file).value_or("");
    table->finish();
  }

  void read_tokens(TomlTable& root) {
    for (TomlTable& table : root.tables("token")) {
      PushToken token;
      const auto role = table.word("role", {"department", "office"});
      token.is_office = role == std::size_t{1};
      if (!token.is_office) department(table, token.department);
      token.sha256 = table.text("sha256", true).value_or("");
      if (!token.sha256.empty() && !is_sha256(token.sha256)) {
        table.find("sha256",
                   "'sha256' in [[token]] is not 64 lower-case hex digits; "
                   "`districtd token new --department ID` prints them");
      } else if (!token.sha256.empty() && !token_hashes_.insert(token.sha256).second) {
        table.find("sha256", "two [[token]] have this 'sha256'; each token belongs to one entry");
      }
      table.finish();
      configuration_.tokens.push_back(std::move(token));
    }
  }

  void read_token_file(const std::filesystem::path& file) {
    auto parsed = read_toml(file);
    if (auto* const finding = std::get_if<Finding>(&parsed)) {
      findings_.push_back(std::move(*finding));
      return;
    }
    const std::string name = file.string();
    TomlTable root{std::get<toml::table>(parsed), "the token file", {name, &findings_}};
    read_tokens(root);
    root.finish();
  }

  void read_csv_drops(TomlTable& root) {
    for (TomlTable& table : root.tables("csv_drop")) {
      CsvDropOptions drop;
      drop.directory = path(table, "directory", true).value_or("");
      if (const auto text = table.text("max_size")) {
        if (const auto size = parse_size(*text)) {
          drop.max_bytes = *size;
        } else {
          table.find("max_size", "'" + *text + "' is no size; expected such as \"512MiB\"");
        }
      }
      const auto directory = std::filesystem::weakly_canonical(drop.directory / "");
      for (const CsvDropOptions& other : configuration_.csv_drops) {
        if (std::filesystem::weakly_canonical(other.directory / "") == directory) {
          table.find("directory", "two [[csv_drop]] have this directory; one is enough");
        }
      }
      table.finish();
      configuration_.csv_drops.push_back(std::move(drop));
    }
  }

  void read_http_pulls(TomlTable& root) {
    std::set<std::string> names;
    for (TomlTable& table : root.tables("http_pull")) {
      HttpPullSource source;
      source.name = table.text("name", true).value_or("");
      department(table, source.department);
      source.url = table.text("url", true).value_or("");
      const auto url = boost::urls::parse_uri(source.url);
      if (!source.url.empty() &&
          (!url || (url->scheme() != "http" && url->scheme() != "https") || url->host().empty())) {
        table.find("url", "'" + source.url + "' is no URL; expected http://... or https://...");
      } else if (url && url->has_userinfo()) {
        table.find("url", "a user or password in 'url' would stand in logs; leave it out");
      }
      duration(table, "every", source.every);
      duration(table, "timeout", source.timeout);
      if (const auto text = table.text("max_size")) {
        if (const auto size = parse_size(*text)) {
          source.max_bytes = *size;
        } else {
          table.find("max_size", "'" + *text + "' is no size; expected such as \"64MiB\"");
        }
      }
      if (const auto ca = path(table, "ca_file", false)) source.ca_file = ca->string();
      read_credential(table, source);
      read_json_mapping(table, source);
      if (!source.name.empty() && !names.insert(source.name).second) {
        table.find("name", "two [[http_pull]] are called '" + source.name + "'");
      }
      table.finish();
      configuration_.http_pulls.push_back(std::move(source));
    }
  }

  void read_contacts(TomlTable& root) {
    alerting_ = read_alerting(root, file_.parent_path());
    departments_named_.insert(departments_named_.end(), alerting_.departments.begin(),
                              alerting_.departments.end());
    configuration_.alerting = alerting_.alerting;
    configuration_.contacts = alerting_.contacts;
  }

  void find_unreachable_departments(const Catalogue& catalogue) {
    std::vector<std::pair<std::string, std::string>> departments;
    for (const Department& department : catalogue.departments()) {
      departments.emplace_back(department.id, department.name);
    }
    find_departments_without_contact(alerting_, departments, findings_);
  }

  void read_bulletins(TomlTable& root) {
    BulletinConfig& bulletins = configuration_.bulletins;
    bulletins.templates = file_.parent_path() / "bulletins";
    bulletins.issuer = configuration_.district_name + "督查室";
    if (auto table = root.table("bulletins")) {
      bulletins.directory = path(*table, "directory", true).value_or("");
      bulletins.templates = path(*table, "templates", false).value_or(bulletins.templates);
      bulletins.issuer = table->text("issuer").value_or(bulletins.issuer);
      bulletins.link = table->text("link").value_or("");
      if (!bulletins.link.empty()) check_url(*table, "link", bulletins.link);
      if (!bulletins.link.empty() && !bulletins.link.ends_with('/')) bulletins.link += '/';
      duration(*table, "converter_timeout", bulletins.converter_timeout);
      duration(*table, "retry_after", bulletins.retry_after);
      if (const auto attempts = table->integer("attempts", 1, 100)) {
        bulletins.attempts = static_cast<int>(*attempts);
      }
      table->finish();
    }
    read_smtp(root);
    read_webhooks(root);
    for (TomlTable& table : root.tables("bulletin")) read_bulletin(table);
  }

  void read_bulletin(TomlTable& table) {
    BulletinConfig& bulletins = configuration_.bulletins;
    BulletinEntry entry;
    entry.name = table.text("name", true).value_or("");
    name(table, entry.name, "[[bulletin]]", bulletins.entries);
    if (const auto kind =
            table.word("kind", {"daily", "weekly", "monthly", "quarterly", "annual"})) {
      entry.kind = static_cast<BulletinKind>(*kind);
    } else if (!table.has("kind")) {
      table.find("kind",
                 "'kind' is missing in [[bulletin]]; expected daily, weekly, monthly, quarterly or "
                 "annual");
    }
    if (const auto text = table.text("schedule", true)) {
      auto parsed = Timetable::parse(*text);
      if (const auto* const why = std::get_if<std::string>(&parsed)) {
        table.find("schedule", *why);
      } else {
        entry.schedule = std::get<Timetable>(parsed);
      }
    }
    if (table.flag("next_working_day").value_or(false)) entry.schedule.move_to_working_days();
    if (table.has("department")) department(table, entry.department);
    read_outputs(table, entry);
    if (bulletins.directory.empty()) {
      table.find("name", "bulletins need the table [bulletins] with the directory to keep them in");
    }
    table.finish();
    bulletins.entries.push_back(std::move(entry));
  }

  void read_outputs(TomlTable& table, BulletinEntry& entry) {
    for (const std::string& word : table.texts("formats")) {
      const auto found =
          std::find_if(kAllBulletinFormats.begin(), kAllBulletinFormats.end(),
                       [&](BulletinFormat format) { return to_string(format) == word; });
      if (found == kAllBulletinFormats.end()) {
        table.find("formats", "'" + word +
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
      table.find("email", "'" + recipient +
                              "' is no address; expected such as \"ducha@example.org\" or \"督查室 "
                              "<ducha@example.org>\"");
    }
    if (!entry.email.empty() && !configuration_.bulletins.smtp) {
      table.find("email", "e-mail needs the table [smtp] with the server to send by");
    }
    entry.webhooks = table.texts("webhooks");
    for (const std::string& webhook : entry.webhooks) {
      if (configuration_.bulletins.find_webhook(webhook) != nullptr) continue;
      table.find("webhooks", "there is no [[webhook]] called '" + webhook + "'");
    }
  }

  // Names files, addresses and metrics.
  template <typename Named>
  static void name(TomlTable& table, const std::string& name, std::string_view what,
                   const std::vector<Named>& others) {
    if (name.empty()) return;
    const bool is_good = name.size() <= 60 && std::all_of(name.begin(), name.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                         });
    if (!is_good) {
      table.find("name", "'" + name + "' is no name; expected at most 60 of a-z, 0-9 and -");
    }
    for (const Named& other : others) {
      if (other.name != name) continue;
      table.find("name", "two " + std::string{what} + " are called '" + name + "'");
    }
  }

  static void check_url(TomlTable& table, std::string_view key, const std::string& text) {
    const auto url = boost::urls::parse_uri(text);
    if (!url || (url->scheme() != "http" && url->scheme() != "https") || url->host().empty()) {
      table.find(key, "'" + text + "' is no URL; expected http://... or https://...");
    }
  }

  // A secret stands in a file of its own; that it is there is seen before it is needed.
  std::filesystem::path secret(TomlTable& table, std::string_view key, bool required) {
    const auto file = path(table, key, required);
    if (!file) return {};
    auto text = read_text(*file);
    if (const auto* const finding = std::get_if<Finding>(&text)) {
      table.find(key, to_string(*finding));
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
      table->find("from", "'" + smtp.from +
                              "' is no address; expected such as \"督查室 <ducha@example.org>\"");
    }
    smtp.user = table->text("user").value_or("");
    smtp.password_file = secret(*table, "password_file", !smtp.user.empty());
    smtp.ca_file = path(*table, "ca_file", false).value_or("");
    duration(*table, "timeout", smtp.timeout);
    table->finish();
    configuration_.bulletins.smtp = std::move(smtp);
  }

  void read_webhooks(TomlTable& root) {
    auto& webhooks = configuration_.bulletins.webhooks;
    for (TomlTable& table : root.tables("webhook")) {
      Webhook webhook;
      webhook.name = table.text("name", true).value_or("");
      name(table, webhook.name, "[[webhook]]", webhooks);
      if (const auto form = table.word("form", {"wecom", "dingtalk", "json"})) {
        webhook.form = static_cast<Webhook::Form>(*form);
      }
      webhook.url = table.text("url").value_or("");
      if (!webhook.url.empty()) check_url(table, "url", webhook.url);
      webhook.url_file = secret(table, "url_file", false);
      if (webhook.url.empty() == webhook.url_file.empty()) {
        table.find("url",
                   "[[webhook]] needs 'url', or 'url_file' with the URL in it, and not both");
      }
      webhook.secret_file = secret(table, "secret_file", false);
      if (!webhook.secret_file.empty() && webhook.form != Webhook::Form::dingtalk) {
        table.find("secret_file", "'secret_file' signs for form = \"dingtalk\" only");
      }
      duration(table, "timeout", webhook.timeout);
      table.finish();
      webhooks.push_back(std::move(webhook));
    }
  }

  // From files, so that no secret stands in a configuration that many may read.
  void read_credential(TomlTable& table, HttpPullSource& source) {
    const auto bearer = path(table, "bearer_file", false);
    const auto basic = path(table, "basic_file", false);
    const auto header = path(table, "header_file", false);
    if ((bearer ? 1 : 0) + (basic ? 1 : 0) + (header ? 1 : 0) > 1) {
      table.find("bearer_file", "one of 'bearer_file', 'basic_file' and 'header_file' is enough");
      return;
    }
    const auto first_line = [&](std::string_view key, const std::filesystem::path& file) {
      std::ifstream stream(file);
      std::string line;
      std::getline(stream, line);
      while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
      if (line.empty()) {
        table.find(key, file.string() +
                            " cannot be read, or its first line is empty; it has to "
                            "hold the credential");
      }
      return line;
    };
    source.credential_header = bearer || basic ? "Authorization" : "";
    if (bearer) source.credential = "Bearer " + first_line("bearer_file", *bearer);
    if (basic) {
      const std::string pair = first_line("basic_file", *basic);
      if (!pair.empty() && pair.find(':') == std::string::npos) {
        table.find("basic_file", basic->string() + " has to hold USER:PASSWORD");
      }
      source.credential = "Basic " + base64(pair);
    }
    if (!header) return;
    const std::string line = first_line("header_file", *header);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
      if (!line.empty()) table.find("header_file", header->string() + " has to hold NAME: VALUE");
      return;
    }
    source.credential_header = line.substr(0, colon);
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    source.credential = value == std::string::npos ? "" : line.substr(value);
  }

  static void read_json_mapping(TomlTable& table, HttpPullSource& source) {
    auto json = table.table("json");
    if (!json) return;
    JsonMapping mapping;
    const auto pointer = [&](std::string_view key, std::string& out, bool required) {
      out = json->text(key, required).value_or("");
      if (!is_json_pointer(out)) {
        json->find(key, "'" + out + "' is no JSON Pointer; expected such as \"/data/rows\"");
      }
    };
    pointer("rows", mapping.rows, false);
    pointer("target", mapping.target, true);
    pointer("as_of", mapping.as_of, true);
    pointer("value", mapping.value, true);
    pointer("note", mapping.note, false);
    json->finish();
    source.json = std::move(mapping);
  }

  void read_intake(TomlTable& root) {
    auto table = root.table("intake");
    if (!table) return;
    for (const std::string& word : table->texts("hold")) {
      const auto known = std::find_if(kOddities.begin(), kOddities.end(),
                                      [&](Oddity one) { return to_string(one) == word; });
      if (known == kOddities.end()) {
        table->find("hold", "'" + word +
                                "' is nothing that a row is flagged for; expected decrease, jump, "
                                "over_100_percent or repeated");
        continue;
      }
      configuration_.hold =
          static_cast<Oddities>(configuration_.hold | static_cast<std::uint8_t>(*known));
    }
    std::set<std::string> departments;
    for (TomlTable& each : table->tables("mapping")) {
      configuration_.mappings.push_back(read_mapping(each));
      const std::string& id = configuration_.mappings.back().department;
      if (!id.empty() && !departments.insert(id).second) {
        each.find("department", "two [[intake.mapping]] are for '" + id + "'; one is enough");
      }
    }
    table->finish();
  }

  ColumnMapping read_mapping(TomlTable& table) {
    ColumnMapping mapping;
    department(table, mapping.department);
    for (std::size_t i = 0; i < kColumns; ++i) {
      mapping.names[i] = table.texts(kColumnNames[i].english);
    }
    mapping.unit_names = table.texts("unit");
    mapping.sheet = table.text("sheet").value_or("");
    if (const auto year = table.integer("year", 1900, 2200)) {
      mapping.year = static_cast<int>(*year);
    }
    if (const auto word = table.word("percentages", {"percent", "ratio"})) {
      mapping.percentages = *word == 0 ? Percentages::percent : Percentages::ratio;
    }
    table.finish();
    return mapping;
  }

  std::filesystem::path file_;
  Findings findings_;
  AlertingTables alerting_;
  Configuration configuration_;
  std::vector<std::filesystem::path> token_files_;
  std::set<std::string> token_hashes_;
  std::vector<std::pair<Finding, std::string>> departments_named_;
};

}  // namespace

std::variant<Loaded, Findings> load_configuration(
    const std::filesystem::path& file,
    const std::function<void(const Configuration&)>& before_catalogue) {
  return ConfigurationReader{file}.read(before_catalogue);
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  const auto seconds = parse_scaled(text, {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}});
  if (!seconds || *seconds > 366ULL * 86400) return std::nullopt;
  return std::chrono::seconds{*seconds};
}

std::optional<std::size_t> parse_size(std::string_view text) {
  return parse_scaled(text, {{"", 1}, {"KiB", 1U << 10}, {"MiB", 1U << 20}, {"GiB", 1U << 30}});
}

}  // namespace districtd

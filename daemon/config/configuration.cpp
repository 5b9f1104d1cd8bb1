#include "daemon/config/configuration.h"

#include <date/tz.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/toml_values.h"
#include "daemon/config/bulletin_tables.h"
#include "daemon/config/departments_named.h"

namespace districtd {

namespace {

constexpr std::chrono::days kLeastKeepReceipts{31};
constexpr const char* kNoStore = "the table [store] with the database's path is missing";

class ConfigurationReader {
 public:
  ConfigurationReader(const std::filesystem::path& file,
                      std::span<const CollectorKind* const> collectors)
      : file_(file), folder_(file.parent_path()), collectors_(collectors) {}

  Result<Loaded, Findings> read(
      const std::function<void(const Configuration&)>& before_catalogue) && {
    auto parsed = read_toml(file_);
    if (!parsed) return Findings{std::move(parsed.error())};
    const std::string name = file_.string();
    TomlTable root{*parsed, "the configuration", {name, &findings_}};
    read_district(root);
    read_catalogue_files(root);
    read_store(root);
    configuration_.http = read_http(root, folder_, token_files_);
    read_clock(root);
    read_metrics(root);
    read_log(root);
    read_collectors(root);
    find_unreadable_metrics(root);
    read_contacts(root);
    configuration_.bulletins =
        read_bulletins(root, folder_, configuration_.district_name, departments_named_);
    read_intake(root);
    root.finish();
    if (findings_.empty() && before_catalogue) before_catalogue(configuration_);
    return load_all();
  }

 private:
  // The catalogue is loaded even where the configuration has findings, so that all are seen at
  // once.
  Result<Loaded, Findings> load_all() {
    auto catalogue = load_catalogue(configuration_.catalogue_files, configuration_.holiday_files);
    if (!catalogue) {
      if (!configuration_.catalogue_files.empty()) {
        findings_.insert(findings_.end(), catalogue.error().begin(), catalogue.error().end());
      }
      return std::move(findings_);
    }
    auto& loaded = *catalogue;
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

  void read_district(TomlTable& root) {
    auto table = root.table("district");
    if (!table) {
      root.add_finding("district", "the table [district] with the district's name is missing");
      return;
    }
    configuration_.district_name = table->text("name", true).value_or("");
    if (const auto zone = table->text("time_zone")) {
      configuration_.time_zone = *zone;
      try {
        date::locate_zone(*zone);
      } catch (const std::exception&) {
        table->add_finding(
            "time_zone", "time zone '" + *zone + "' is not known; expected such as Asia/Shanghai");
      }
    }
    table->finish();
  }

  void read_catalogue_files(TomlTable& root) {
    auto table = root.table("catalogue");
    if (!table) {
      root.add_finding("catalogue", "the table [catalogue] with files = [...] is missing");
      return;
    }
    configuration_.catalogue_files = read_paths(*table, "files", folder_);
    if (configuration_.catalogue_files.empty()) {
      table->add_finding("files", "'files' in [catalogue] names no file");
    }
    configuration_.holiday_files = read_paths(*table, "holidays", folder_);
    table->finish();
  }

  void read_store(TomlTable& root) {
    auto table = root.table("store");
    if (!table) {
      root.add_finding("store", kNoStore);
      return;
    }
    configuration_.store_path = read_path(*table, "path", folder_, true).value_or("");
    read_size(*table, "refusals_per_day", "8MiB", configuration_.refusals_per_day);
    read_keep_receipts(*table);
    table->finish();
  }

  void read_keep_receipts(TomlTable& store) {
    const auto text = store.text("keep_receipts");
    if (!text) return;
    configuration_.keep_receipts = parse_duration(*text, std::chrono::years(100));
    // What a department may still ask about: last month's receipt.
    if (configuration_.keep_receipts >= kLeastKeepReceipts) return;
    store.add_finding(
        "keep_receipts",
        "'keep_receipts' is '" + *text +
            "'; expected 31d or more, such as \"400d\": for how long a "
            "receipt keeps its errors and notes, row by row; leave it out to keep them "
            "for ever");
  }

  void read_clock(TomlTable& root) {
    auto table = root.table("clock");
    if (!table) return;
    configuration_.clock_correct_on = table->date("correct_on", true);
    table->finish();
  }

  void read_metrics(TomlTable& root) {
    auto table = root.table("metrics");
    if (!table) return;
    configuration_.shows_months = table->flag("months").value_or(true);
    table->finish();
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
    log.path = read_path(*table, "path", folder_, log.sink == LogSink::file).value_or("");
    table->finish();
  }

  void read_collectors(TomlTable& root) {
    const CollectorTables tables{
        root, folder_,
        [this](TomlTable& table) { return read_department(table, departments_named_); },
        token_files_, findings_};
    CollectorConfigs& all = configuration_.collectors;
    for (const CollectorKind* const kind : collectors_) {
      CollectorConfigs entries = kind->read(tables);
      all.insert(all.end(), std::make_move_iterator(entries.begin()),
                 std::make_move_iterator(entries.end()));
    }
    for (const HttpPushConfig* const push : entries_of<HttpPushConfig>(all)) {
      configuration_.tokens.insert(configuration_.tokens.end(), push->tokens.begin(),
                                   push->tokens.end());
    }
  }

  // Whoever comes from another machine needs something to show. A listener there which nobody can
  // scrape is most often one that was scraped before anything was asked for.
  void find_unreadable_metrics(TomlTable& root) {
    const MetricsAccess& metrics = configuration_.http.metrics;
    const auto& tokens = configuration_.tokens;
    const bool has_reader = std::any_of(tokens.begin(), tokens.end(), [](const PushToken& token) {
      return token.role == TokenRole::reader;
    });
    if (has_reader || !metrics.password_sha256.empty() || !metrics.from.empty()) return;
    for (const std::string& listen : listeners_beyond_loopback(configuration_.http)) {
      root.add_finding("http",
                       "'" + listen +
                           "' is reached from other machines, and nobody there can read /metrics "
                           "or anything else: without a token that is open on loopback alone. "
                           "Write metrics_from = [\"ADDRESS OF PROMETHEUS\"] or "
                           "metrics_password_file = \"FILE\" in [http], or add a token of role "
                           "\"reader\" (`districtd token new --role reader`); or listen on "
                           "127.0.0.1 alone");
    }
  }

  void read_contacts(TomlTable& root) {
    alerting_ = read_alerting(root, folder_);
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

  static Oddities read_oddities(TomlTable& table, const char* key) {
    Oddities set = 0;
    for (const std::string& word : table.texts(key)) {
      const auto known = std::find_if(kOddities.begin(), kOddities.end(),
                                      [&](Oddity one) { return to_string(one) == word; });
      if (known == kOddities.end()) {
        table.add_finding(key, "'" + word +
                                   "' is nothing that a row is flagged for; expected decrease, "
                                   "jump, over_100_percent or repeated");
        continue;
      }
      set = static_cast<Oddities>(set | static_cast<std::uint8_t>(*known));
    }
    return set;
  }

  void read_intake(TomlTable& root) {
    auto table = root.table("intake");
    if (!table) return;
    configuration_.hold = read_oddities(*table, "hold");
    configuration_.explain = read_oddities(*table, "explain");
    std::set<std::string> departments;
    for (TomlTable& each : table->tables("mapping")) {
      configuration_.mappings.push_back(read_mapping(each));
      const std::string& id = configuration_.mappings.back().department;
      if (!id.empty() && !departments.insert(id).second) {
        each.add_finding("department",
                         "two [[intake.mapping]] are for '" + id + "'; one is enough");
      }
    }
    table->finish();
  }

  ColumnMapping read_mapping(TomlTable& table) {
    ColumnMapping mapping;
    mapping.department = read_department(table, departments_named_);
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
  std::filesystem::path folder_;  // of the file
  std::span<const CollectorKind* const> collectors_;
  Findings findings_;
  AlertingTables alerting_;
  Configuration configuration_;
  std::vector<std::filesystem::path> token_files_;
  DepartmentsNamed departments_named_;
};

}  // namespace

Result<Loaded, Findings> load_configuration(
    const std::filesystem::path& file,
    const std::function<void(const Configuration&)>& before_catalogue,
    std::span<const CollectorKind* const> collectors) {
  return ConfigurationReader{file, collectors}.read(before_catalogue);
}

Result<std::filesystem::path, Findings> read_store_path(const std::filesystem::path& file) {
  auto parsed = read_toml(file);
  if (!parsed) return Findings{std::move(parsed.error())};
  Findings findings;
  const std::string name = file.string();
  TomlTable root{*parsed, "the configuration", {name, &findings}};
  auto table = root.table("store");
  if (!table) root.add_finding("store", kNoStore);
  auto path = table ? read_path(*table, "path", file.parent_path(), true) : std::nullopt;
  if (!findings.empty() || !path) return findings;
  return *std::move(path);
}

}  // namespace districtd

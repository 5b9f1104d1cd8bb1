#include "daemon/config/catalogue_file.h"

#include <algorithm>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/toml_table.h"
#include "daemon/config/change_table.h"
#include "daemon/config/check_table.h"
#include "daemon/config/holidays_file.h"
#include "daemon/config/plan_table.h"
#include "daemon/config/programme_table.h"
#include "daemon/config/target_table.h"

namespace districtd {

namespace {

bool is_name_of_ids(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

// Reads the files one after the other into one catalogue.
class CatalogueReader {
 public:
  // `present`: of texts that were kept, the catalogue of now; else nullptr.
  explicit CatalogueReader(const Catalogue* present)
      : programmes_(findings_, present), checks_(findings_) {}

  void read(const CatalogueSource& source) {
    if (source.role == CatalogueSource::Role::holidays) return read_year(source);
    auto parsed = parse_toml(source.text, source.name);
    if (!parsed) {
      findings_.push_back(std::move(parsed.error()));
      return;
    }
    files_.push_back(source.name);
    const std::string name = files_.back();
    TomlTable root{*parsed, "the catalogue", {name, &findings_}};
    read_report(root);
    read_defaults(root);
    for (TomlTable& table : root.tables("department")) read_department(table);
    auto targets = root.tables("target");
    ids_.reserve(ids_.size() + targets.size());
    names_.reserve(names_.size() + targets.size());
    const std::size_t before = targets_.size();
    for (TomlTable& table : targets) read_target(table);
    checks_.read(root);
    root.finish();
    put_programme(before, targets.empty());
  }

  Result<LoadedCatalogue, Findings> finish() && {
    if (findings_.empty() && targets_.empty()) {
      findings_.push_back({"the catalogue", 0, 0, "has no [[target]]"});
    }
    WorkingDays working_days{years_};
    if (findings_.empty()) {
      programmes_.finish(
          targets_, working_days, [this](std::size_t target, ProgrammeReader::Edge edge) {
            const PeriodPlace& place = period_places_[target];
            const bool is_start = edge == ProgrammeReader::Edge::start;
            return Finding{files_[place.file], is_start ? place.start.line : place.deadline.line,
                           is_start ? place.start.column : place.deadline.column, ""};
          });
    }
    if (!findings_.empty()) return std::move(findings_);
    std::vector<Programme> programmes = std::move(programmes_).programmes();
    checks_.finish(targets_, programmes);
    if (!findings_.empty()) return std::move(findings_);
    return LoadedCatalogue{
        Catalogue{std::move(reports_), std::move(departments_), std::move(targets_),
                  std::move(working_days), std::move(programmes)},
        {},
        std::move(quote_places_)};
  }

 private:
  // A finding's place in few bytes.
  struct Place {
    std::size_t file;  // index into files_
    toml::source_position position;
  };

  // Where a target's period begins and ends.
  struct PeriodPlace {
    std::size_t file;  // index into files_
    toml::source_position start;
    toml::source_position deadline;
  };

  Place place_of(const TomlTable& table, std::string_view key) const {
    return {files_.size() - 1, table.position(key)};
  }

  void read_year(const CatalogueSource& source) {
    auto year = read_holidays(source.text, source.name, findings_);
    if (!year) return;
    for (const HolidayYear& other : years_) {
      if (other.year != year->year) continue;
      findings_.push_back({source.name, 1, 1,
                           "is a second holidays file for " + std::to_string(year->year) +
                               "; one a year is enough"});
    }
    years_.push_back(std::move(*year));
  }

  void read_report(TomlTable& root) {
    auto table = root.table("report");
    if (!table) {
      programmes_.read_nothing();
      root.add_finding("report",
                       "the table [report] is missing: where do these targets come from?");
      return;
    }
    Report report;
    report.id = table->text("id", true).value_or("");
    report.publisher = table->text("publisher", true).value_or("");
    report.published = table->date("published", true).value_or(Date{});
    report.title = table->text("title", true).value_or("");
    programmes_.read(root, *table);
    table->finish();
    reports_.push_back(std::move(report));
  }

  // Of the targets from `first` on, which are those of the file at hand. `has_none`: so it has none
  // of which some were found wrong.
  void put_programme(std::size_t first, bool has_none) {
    if (has_none && !programmes_.is_named()) return;
    const std::span targets = std::span(targets_).subspan(first);
    const auto programme = programmes_.programme_of(targets);
    checks_.put_programme(programme);
    if (!programme) return;
    for (Target& target : targets) target.programme = *programme;
    if (!reports_.empty()) reports_.back().programme = programme;
  }

  // What the targets of this file have where they do not say it themselves.
  void read_defaults(TomlTable& root) {
    defaults_ = {};
    has_default_cadence_ = false;
    auto table = root.table("defaults");
    if (!table) return;
    has_default_cadence_ = table->has("cadence");
    read_reporting(*table, defaults_);
    read_tolerance(*table, "[defaults]", defaults_);
    table->finish();
    defaults_.weight = std::max(defaults_.weight, 0.0);  // found once, not at each target
  }

  void read_department(TomlTable& table) {
    Department department;
    department.id = table.text("id", true).value_or("");
    department.name = table.text("name", true).value_or("");
    table.finish();
    if (department.id.empty() || department.name.empty()) return;
    if (!is_name_of_ids(department.id)) {
      table.add_finding("id", "department id '" + department.id + "'; expected [a-z0-9-]+");
      return;
    }
    const auto [known, is_new] =
        department_by_id_.emplace(department.id, static_cast<std::uint32_t>(departments_.size()));
    if (is_new) {
      departments_.push_back(std::move(department));
    } else if (departments_[known->second].name != department.name) {
      table.add_finding("name", "department '" + department.id + "' is called '" +
                                    departments_[known->second].name + "' elsewhere, here '" +
                                    department.name + "'");
    }
  }

  void read_target(TomlTable& table) {
    const std::size_t before = findings_.size();
    Target target = defaults_;
    target.report = reports_.empty() ? 0 : static_cast<std::uint32_t>(reports_.size() - 1);
    read_identity(table, target);
    read_promise(table, target);
    read_schedule(table, target, has_default_cadence_);
    read_tolerance(table, target.id, target);
    read_last_year(table, target);
    read_days_in_force(table, target);
    target.section = table.text("section", true).value_or("");
    target.quote = table.text("quote", true).value_or("");
    auto changes = table.tables("change");
    table.finish();
    if (findings_.size() == before) check_promise(table, target);
    if (findings_.size() == before) check_schedule(table, target);
    const bool is_good = findings_.size() == before;
    for (TomlTable& change : changes) {
      if (is_good) read_change(change, findings_, target);
    }
    if (findings_.size() > before) return;
    quote_places_.push_back(table.place("quote"));
    period_places_.push_back(
        {files_.size() - 1, table.position("start"), table.position("deadline")});
    targets_.push_back(std::move(target));
  }

  void read_identity(TomlTable& table, Target& target) {
    target.id = table.text("id", true).value_or("");
    target.name = table.text("name", true).value_or("");
    if (target.id.empty()) return;
    const std::size_t dot = target.id.find('.');
    const std::string department = target.id.substr(0, dot);
    if (dot == std::string::npos || !is_name_of_ids(department) ||
        !is_name_of_ids(std::string_view{target.id}.substr(dot + 1))) {
      table.add_finding("id", "target id '" + target.id +
                                  "'; expected the department's id, a dot and [a-z0-9-]+, such as "
                                  "culture-tourism.investment");
      return;
    }
    const auto found = department_by_id_.find(department);
    if (found == department_by_id_.end()) {
      table.add_finding("id", "target '" + target.id + "' is of the department '" + department +
                                  "', which no [[department]] names");
      return;
    }
    target.department = found->second;
    if (const auto [other, is_new] = ids_.emplace(target.id, place_of(table, "id")); !is_new) {
      table.add_finding("id", "two targets have the id '" + target.id + "'; the other is at " +
                                  place_text(other->second));
    }
    if (has_controls(target.name)) {
      table.add_finding("name", "the name of '" + target.id + "' holds a control character");
    }
    if (const auto [other, is_new] =
            names_.emplace(department + "\n" + target.name, place_of(table, "name"));
        !is_new && !target.name.empty()) {
      table.add_finding("name", "two targets of '" + department + "' are called '" + target.name +
                                    "'; the other is at " + place_text(other->second));
    }
  }

  std::string place_text(const Place& place) const {
    return files_[place.file] + ":" + std::to_string(place.position.line) + ":" +
           std::to_string(place.position.column);
  }

  Findings findings_;
  std::vector<Report> reports_;
  std::vector<Department> departments_;
  std::vector<Target> targets_;
  std::vector<Finding> quote_places_;
  std::vector<PeriodPlace> period_places_;  // one a target
  std::vector<HolidayYear> years_;
  ProgrammeReader programmes_;
  CheckReader checks_;
  Target defaults_;  // of the file at hand
  bool has_default_cadence_ = false;
  std::unordered_map<std::string, std::uint32_t> department_by_id_;
  std::vector<std::string> files_;
  std::unordered_map<std::string, Place> ids_;
  std::unordered_map<std::string, Place> names_;
};

}  // namespace

Result<LoadedCatalogue, Findings> load_catalogue(
    const std::vector<std::filesystem::path>& files,
    const std::vector<std::filesystem::path>& holidays) {
  Findings findings;
  CatalogueSources sources;
  const auto read = [&](const std::filesystem::path& file, CatalogueSource::Role role) {
    auto text = read_text(file);
    if (!text) {
      findings.push_back(std::move(text.error()));
    } else {
      sources.push_back({role, file.string(), *std::move(text)});
    }
  };
  for (const auto& file : files) read(file, CatalogueSource::Role::targets);
  for (const auto& file : holidays) read(file, CatalogueSource::Role::holidays);
  if (sources.empty() && !findings.empty()) return findings;
  auto parsed = parse_catalogue(std::move(sources));
  if (findings.empty()) return parsed;
  if (!parsed) {
    findings.insert(findings.end(), parsed.error().begin(), parsed.error().end());
  }
  return findings;
}

namespace {

Result<LoadedCatalogue, Findings> parse(CatalogueSources sources, const Catalogue* present) {
  CatalogueReader reader(present);
  for (const CatalogueSource& source : sources) reader.read(source);
  auto result = std::move(reader).finish();
  if (result) result->sources = std::move(sources);
  return result;
}

}  // namespace

Result<LoadedCatalogue, Findings> parse_catalogue(CatalogueSources sources) {
  return parse(std::move(sources), nullptr);
}

Result<LoadedCatalogue, Findings> parse_kept_catalogue(CatalogueSources sources,
                                                       const Catalogue& present) {
  return parse(std::move(sources), &present);
}

}  // namespace districtd

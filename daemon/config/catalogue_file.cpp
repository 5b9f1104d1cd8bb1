#include "daemon/config/catalogue_file.h"

#include <algorithm>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "base/toml_table.h"
#include "daemon/config/change_table.h"
#include "daemon/config/check_table.h"
#include "daemon/config/department_table.h"
#include "daemon/config/holidays_file.h"
#include "daemon/config/part_table.h"
#include "daemon/config/people_table.h"
#include "daemon/config/plan_table.h"
#include "daemon/config/programme_table.h"
#include "daemon/config/target_table.h"

namespace districtd {

namespace {

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

// Reads the files one after the other into one catalogue.
class CatalogueReader {
 public:
  // `present`: of texts that were kept, the catalogue of now; else nullptr.
  explicit CatalogueReader(const Catalogue* present)
      : programmes_(findings_, present), checks_(findings_), is_kept_(present != nullptr) {}

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
    for (TomlTable& table : root.tables("department")) departments_.read(table);
    auto targets = root.tables("target");
    of_file_.clear(targets.size());
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
            const TargetPlaces& place = places_[target];
            const bool is_start = edge == ProgrammeReader::Edge::start;
            return Finding{files_[place.file], is_start ? place.start.line : place.deadline.line,
                           is_start ? place.start.column : place.deadline.column, ""};
          });
    }
    std::vector<Programme> programmes = std::move(programmes_).programmes();
    if (findings_.empty()) {
      parts_.check(
          targets_, [&](const Target& target) { return programmes[target.programme].id; },
          findings_);
    }
    if (!findings_.empty()) return std::move(findings_);
    if (!is_kept_) check_decisions(programmes);
    departments_.resolve();
    checks_.finish(targets_, programmes);
    if (!findings_.empty()) return std::move(findings_);
    Catalogue catalogue{std::move(reports_), departments_.departments(), std::move(targets_),
                        std::move(working_days), std::move(programmes)};
    departments_.check(catalogue, moved_);
    if (!findings_.empty()) return std::move(findings_);
    return LoadedCatalogue{std::move(catalogue), {}, {}, std::move(quote_places_)};
  }

 private:
  // A finding's place in few bytes.
  struct Place {
    std::size_t file;  // index into files_
    toml::source_position position;
  };

  // Where a change says when it was decided.
  struct ChangePlace {
    std::size_t target;  // index into targets_
    std::size_t number;  // of its version
    Finding place;
  };

  // The targets of one file, or of one programme, by what is unique there.
  struct TargetsCalled {
    std::unordered_map<std::string, Place> by_id;
    std::unordered_map<std::string, Place> by_name;  // "DEPARTMENT\nNAME"

    void clear(std::size_t expected) {
      by_id.clear();
      by_name.clear();
      by_id.reserve(expected);
      by_name.reserve(expected);
    }
  };

  // Where what has to fit other targets or the programme is written.
  struct TargetPlaces {
    std::size_t file;  // index into files_
    toml::source_position id;
    toml::source_position name;
    toml::source_position start;
    toml::source_position deadline;
  };

  Place place_of(const TomlTable& table, std::string_view key) const {
    return {files_.size() - 1, table.position(key)};
  }

  // What was decided before the programme began was promised so from the beginning.
  void check_decisions(const std::vector<Programme>& programmes) {
    for (ChangePlace& change : change_places_) {
      const Target& target = targets_[change.target];
      const Programme& programme = programmes[target.programme];
      const Date decided = target.version(change.number).decided;
      if (decided >= programme.first) continue;
      change.place.message =
          "a change of '" + target.id + "' was decided on " + to_string(decided) +
          ", before its programme '" + programme.id + "' began on " + to_string(programme.first) +
          "; write what had been decided by then into the [[target]] itself, or the day of the "
          "decision, " +
          to_string(programme.first) + " or later";
      findings_.push_back(std::move(change.place));
    }
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

  // Of the targets from `first` on, which are those of the file at hand: another file of the same
  // programme may have the same ids or names. `has_none`: so it has none of which some were found
  // wrong.
  void put_programme(std::size_t first, bool has_none) {
    if (has_none && !programmes_.is_named()) return;
    const std::span targets = std::span(targets_).subspan(first);
    const auto programme = programmes_.programme_of(targets);
    checks_.put_programme(programme);
    if (!programme) return;
    TargetsCalled& others = of_programme_[*programme];
    for (std::size_t i = first; i < targets_.size(); ++i) {
      targets_[i].programme = *programme;
      const TargetPlaces& places = places_[i];
      find_others(others, targets_[i], {places.file, places.id}, {places.file, places.name});
    }
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
    read_people(table, department_of(), target);
    parts_.read(table, target);
    target.section = table.text("section", true).value_or("");
    target.quote = table.text("quote", true).value_or("");
    auto changes = table.tables("change");
    table.finish();
    if (findings_.size() == before) check_promise(table, target);
    if (findings_.size() == before) check_schedule(table, target);
    const bool is_good = findings_.size() == before;
    for (TomlTable& change : changes) {
      if (!is_good || !read_change(change, findings_, departments_, target)) continue;
      if (change.has("department")) {
        moved_.push_back({static_cast<Catalogue::Index>(targets_.size()), target.changes.size(),
                          change.place("department")});
      }
      change_places_.push_back({targets_.size(), target.changes.size(),
                                change.place(change.has("decided") ? "decided" : "from")});
    }
    if (findings_.size() > before) return;
    quote_places_.push_back(table.place("quote"));
    places_.push_back({files_.size() - 1, table.position("id"), table.position("name"),
                       table.position("start"), table.position("deadline")});
    parts_.keep(table, target, targets_.size());
    targets_.push_back(std::move(target));
  }

  DepartmentOfId department_of() const {
    return [this](std::string_view id) { return departments_.find(std::string{id}); };
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
    const auto found = departments_.find(department);
    if (!found) {
      table.add_finding("id", "target '" + target.id + "' is of the department '" + department +
                                  "', which no [[department]] names");
      return;
    }
    target.department = *found;
    if (has_controls(target.name)) {
      table.add_finding("name", "the name of '" + target.id + "' holds a control character");
    }
    find_others(of_file_, target, place_of(table, "id"), place_of(table, "name"));
  }

  // Finds those of the same id, or of the same department and name, and adds this one to them.
  void find_others(TargetsCalled& targets, const Target& target, Place id, Place name) {
    if (const auto [other, is_new] = targets.by_id.emplace(target.id, id); !is_new) {
      add_finding(id, "two targets have the id '" + target.id + "'; the other is at " +
                          place_text(other->second));
    }
    if (target.name.empty()) return;
    const std::string& department = departments_.id_of(target.department);
    if (const auto [other, is_new] = targets.by_name.emplace(department + "\n" + target.name, name);
        !is_new) {
      add_finding(name, "two targets of '" + department + "' are called '" + target.name +
                            "'; the other is at " + place_text(other->second));
    }
  }

  void add_finding(const Place& place, std::string message) {
    findings_.push_back(
        {files_[place.file], place.position.line, place.position.column, std::move(message)});
  }

  std::string place_text(const Place& place) const {
    return files_[place.file] + ":" + std::to_string(place.position.line) + ":" +
           std::to_string(place.position.column);
  }

  Findings findings_;
  std::vector<Report> reports_;
  DepartmentReader departments_{findings_};
  std::vector<Target> targets_;
  std::vector<Finding> quote_places_;
  std::vector<TargetPlaces> places_;  // one a target
  std::vector<HolidayYear> years_;
  std::vector<ChangePlace> change_places_;
  std::vector<DepartmentReader::Moved> moved_;
  ProgrammeReader programmes_;
  CheckReader checks_;
  const bool is_kept_;
  PartReader parts_;
  Target defaults_;  // of the file at hand
  bool has_default_cadence_ = false;
  std::vector<std::string> files_;
  TargetsCalled of_file_;  // those of the file at hand, of whatever programme they are
  std::unordered_map<std::uint32_t, TargetsCalled> of_programme_;
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
  if (result) {
    result->sources = std::move(sources);
    result->programmes = result->catalogue.programmes();
  }
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

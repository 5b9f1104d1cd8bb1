#include "daemon/config/catalogue_file.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/toml_table.h"
#include "daemon/config/holidays_file.h"
#include "daemon/config/plan_table.h"

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
    for (TomlTable& table : targets) read_target(table);
    root.finish();
  }

  Result<LoadedCatalogue, Findings> finish() && {
    if (findings_.empty() && targets_.empty()) {
      findings_.push_back({"the catalogue", 0, 0, "has no [[target]]"});
    }
    if (!findings_.empty()) return std::move(findings_);
    return LoadedCatalogue{Catalogue{std::move(reports_), std::move(departments_),
                                     std::move(targets_), WorkingDays{years_}},
                           {},
                           std::move(quote_places_)};
  }

 private:
  // A finding's place in few bytes.
  struct Place {
    std::size_t file;  // index into files_
    toml::source_position position;
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
      root.add_finding("report",
                       "the table [report] is missing: where do these targets come from?");
      return;
    }
    Report report;
    report.id = table->text("id", true).value_or("");
    report.publisher = table->text("publisher", true).value_or("");
    report.published = table->date("published", true).value_or(Date{});
    report.title = table->text("title", true).value_or("");
    table->finish();
    reports_.push_back(std::move(report));
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
    read_schedule(table, target);
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
      if (is_good) read_change(change, target);
    }
    if (findings_.size() > before) return;
    quote_places_.push_back(table.place("quote"));
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

  static void read_promise(TomlTable& table, Target& target) {
    if (!table.has("kind")) table.add_finding("kind", "the key 'kind' is missing in [[target]]");
    if (const auto kind = table.word("kind", {"cumulative", "level", "milestone", "pledge"})) {
      target.kind = static_cast<Kind>(*kind);
    }
    if (const auto direction = table.word("direction", {"at_least", "at_most"})) {
      target.direction = static_cast<Direction>(*direction);
    }
    if (const auto commitment = table.word("commitment", {"must", "strive", "approach"})) {
      target.commitment = static_cast<Commitment>(*commitment);
    }
    const auto symbol = table.text("unit");
    const auto unit = Unit::parse(symbol.value_or(""));
    if (unit) {
      target.unit = *unit;
    } else {
      table.add_finding("unit",
                        "unit '" + *symbol + "' is none; expected such as 亿元, %, 个, 亩, 万人");
    }
    target.goal = table.number("goal");
    target.baseline = table.number("baseline");
    const bool starts_at_nothing =
        target.kind == Kind::cumulative || target.kind == Kind::milestone;
    if (starts_at_nothing && !target.baseline) target.baseline = 0;
    if (target.goal) {
      target.goal = target.unit.to_base(*target.goal);
    } else if (target.kind == Kind::milestone) {
      target.goal = 1;  // done, whatever its unit
    }
    if (target.baseline) target.baseline = target.unit.to_base(*target.baseline);
  }

  void read_schedule(TomlTable& table, Target& target) const {
    target.start = table.date("start", true).value_or(Date{});
    target.deadline = table.date("deadline", true).value_or(Date{});
    target.pace = target.kind == Kind::milestone ? Pace::deadline : Pace::monthly;
    if (const auto pace = table.word("pace", {"monthly", "deadline", "plan"})) {
      target.pace = static_cast<Pace>(*pace);
    }
    if (target.kind == Kind::pledge && !has_default_cadence_) target.cadence = Cadence::quarter;
    read_reporting(table, target);
    read_plan(table, target);
  }

  // The keys that [defaults] knows as well, but for tolerance.
  static void read_reporting(TomlTable& table, Target& target) {
    if (const auto cadence = table.word("cadence", {"none", "week", "month", "quarter"})) {
      target.cadence = static_cast<Cadence>(*cadence);
    }
    if (const auto days = table.integer("grace_days", 0, 366)) {
      target.grace_days = static_cast<int>(*days);
    }
    if (const auto days = table.integer("warn_days", 0, 3660)) {
      target.warn_days = static_cast<int>(*days);
    }
    target.due_on_working_day =
        table.flag("due_on_working_day").value_or(target.due_on_working_day);
    target.is_share = table.flag("share");
    target.weight = table.number("weight").value_or(target.weight);
    if (target.weight < 0) {
      table.add_finding("weight", "'weight' is negative; expected 0 or more, 1 is usual");
    }
  }

  static void read_tolerance(TomlTable& table, std::string_view whose, Target& target) {
    auto tolerance = table.table("tolerance");
    if (!tolerance) return;
    Tolerance& t = target.tolerance;
    t.at_risk = tolerance->number("at_risk").value_or(t.at_risk);
    t.behind = tolerance->number("behind").value_or(t.behind);
    t.ahead = tolerance->number("ahead").value_or(t.ahead);
    t.margin = tolerance->number("margin").value_or(t.margin);
    t.out_of_reach = tolerance->number("out_of_reach").value_or(t.out_of_reach);
    tolerance->finish();
    if (t.at_risk < 0 || t.behind < t.at_risk || t.ahead < 0 || t.margin < 0 ||
        t.out_of_reach < 0 || t.out_of_reach > 1) {
      table.add_finding("tolerance",
                        "tolerance of '" + std::string{whose} +
                            "'; expected 0 <= at_risk <= behind, ahead >= 0, margin >= 0 "
                            "and 0 <= out_of_reach <= 1");
    }
  }

  static void read_days_in_force(TomlTable& table, Target& target) {
    target.added = table.date("added");
    target.withdrawn = table.date("withdrawn");
    target.withdrawal_reason = table.text("withdrawal_reason").value_or("");
    if (target.added && target.withdrawn && *target.withdrawn < *target.added) {
      table.add_finding("withdrawn", "target '" + target.id + "' is withdrawn on " +
                                         to_string(*target.withdrawn) +
                                         ", before it was added on " + to_string(*target.added));
    }
    if (target.withdrawn && target.withdrawal_reason.empty()) {
      table.add_finding("withdrawn", "target '" + target.id +
                                         "' is withdrawn without 'withdrawal_reason'; expected the "
                                         "decision, such as \"区政府第12次常务会议\"");
    } else if (!target.withdrawn && !target.withdrawal_reason.empty()) {
      table.add_finding("withdrawal_reason",
                        "target '" + target.id + "' has a reason but no day; expected 'withdrawn'");
    }
  }

  // A version is the one before it with some terms changed; it is checked as the first one is.
  void read_change(TomlTable& table, Target& target) {
    const std::size_t before = findings_.size();
    Target version = target.changes.empty() ? target : target.changes.back();
    version.changes.clear();
    const Date earlier = target.changes.empty() ? target.start : version.changed_from;
    const Date deadline = version.deadline;
    version.changed_from = table.date("from", true).value_or(Date{});
    version.change_reason = table.text("reason", true).value_or("");
    if (const auto goal = table.number("goal")) version.goal = version.unit.to_base(*goal);
    if (const auto value = table.number("baseline")) {
      version.baseline = version.unit.to_base(*value);
    }
    version.deadline = table.date("deadline").value_or(version.deadline);
    if (const auto pace = table.word("pace", {"monthly", "deadline", "plan"})) {
      version.pace = static_cast<Pace>(*pace);
      if (version.pace != Pace::plan) version.plan.clear();
    }
    if (const auto days = table.integer("warn_days", 0, 3660)) {
      version.warn_days = static_cast<int>(*days);
    }
    const bool has_plan =
        table.has("plan") || table.has("plan_by_quarter") || table.has("plan_by_month");
    read_plan(table, version);
    read_tolerance(table, version.id, version);
    version.section = table.text("section").value_or(version.section);
    version.quote = table.text("quote").value_or(version.quote);
    table.finish();
    if (findings_.size() > before) return;
    const std::string who = "a change of '" + target.id + "' ";
    if (!target.changes.empty() && version.changed_from <= earlier) {
      table.add_finding("from", who + "counts from " + to_string(version.changed_from) +
                                    " on and overlaps the one before it, from " +
                                    to_string(earlier) +
                                    " on; expected changes in the order of their days, one a day");
    } else if (version.changed_from <= target.start || version.changed_from > deadline) {
      table.add_finding("from", who + "counts from " + to_string(version.changed_from) +
                                    " on; expected a day after the start " +
                                    to_string(target.start) + " and up to the deadline " +
                                    to_string(deadline));
    } else if (version.deadline < version.changed_from) {
      table.add_finding("deadline", who + "has its deadline " + to_string(version.deadline) +
                                        " before the day " + to_string(version.changed_from) +
                                        " from which it counts");
    } else if (version.pace == Pace::plan && version.deadline != deadline && !has_plan) {
      table.add_finding("deadline", who + "moves the deadline of a plan; expected a plan up to " +
                                        to_string(version.deadline) + " with it");
    } else {
      check_promise(table, version);
      check_schedule(table, version);
    }
    if (findings_.size() == before) target.changes.push_back(std::move(version));
  }

  static void check_promise(const TomlTable& table, const Target& target) {
    const std::string who = "target '" + target.id + "' ";
    if (target.kind == Kind::pledge) {
      if (target.goal)
        table.add_finding("goal", who + "is a pledge, which has no goal; what kind is it?");
      return;
    }
    if (!target.goal) {
      table.add_finding("goal", who + "has no goal; only a pledge needs none");
    } else if (target.baseline && *target.goal == *target.baseline) {
      table.add_finding("goal",
                        who + "has a goal equal to its baseline: there is nothing to reach");
    } else if (target.kind == Kind::milestone && (*target.goal <= 0 || *target.goal > 1)) {
      table.add_finding("goal",
                        who + "is a milestone; its goal lies in 0..1 and is 1 when left out");
    }
  }

  static void check_schedule(const TomlTable& table, const Target& target) {
    const std::string who = "target '" + target.id + "' ";
    if (target.deadline < target.start) {
      table.add_finding("deadline", who + "has its deadline " + to_string(target.deadline) +
                                        " before its start " + to_string(target.start));
      return;
    }
    check_plan(table, target);
  }

  Findings findings_;
  std::vector<Report> reports_;
  std::vector<Department> departments_;
  std::vector<Target> targets_;
  std::vector<Finding> quote_places_;
  std::vector<HolidayYear> years_;
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

Result<LoadedCatalogue, Findings> parse_catalogue(CatalogueSources sources) {
  CatalogueReader reader;
  for (const CatalogueSource& source : sources) reader.read(source);
  auto result = std::move(reader).finish();
  if (result) result->sources = std::move(sources);
  return result;
}

}  // namespace districtd

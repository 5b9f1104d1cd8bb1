#include "daemon/config/catalogue_file.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "daemon/config/toml_table.h"

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
  void read(const std::filesystem::path& file) {
    auto parsed = read_toml(file);
    if (auto* const finding = std::get_if<Finding>(&parsed)) {
      findings_.push_back(std::move(*finding));
      return;
    }
    files_.push_back(file.string());
    const std::string name = files_.back();
    TomlTable root{std::get<toml::table>(parsed), "the catalogue", {name, &findings_}};
    read_report(root);
    for (TomlTable& table : root.tables("department")) read_department(table);
    auto targets = root.tables("target");
    ids_.reserve(ids_.size() + targets.size());
    names_.reserve(names_.size() + targets.size());
    for (TomlTable& table : targets) read_target(table);
    root.finish();
  }

  std::variant<LoadedCatalogue, Findings> finish() && {
    if (findings_.empty() && targets_.empty()) {
      findings_.push_back({"the catalogue", 0, 0, "has no [[target]]"});
    }
    if (!findings_.empty()) return std::move(findings_);
    return LoadedCatalogue{
        Catalogue{std::move(reports_), std::move(departments_), std::move(targets_)},
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

  void read_report(TomlTable& root) {
    auto table = root.table("report");
    if (!table) {
      root.find("report", "the table [report] is missing: where do these targets come from?");
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

  void read_department(TomlTable& table) {
    Department department;
    department.id = table.text("id", true).value_or("");
    department.name = table.text("name", true).value_or("");
    table.finish();
    if (department.id.empty() || department.name.empty()) return;
    if (!is_name_of_ids(department.id)) {
      table.find("id", "department id '" + department.id + "'; expected [a-z0-9-]+");
      return;
    }
    const auto [known, is_new] =
        department_by_id_.emplace(department.id, static_cast<std::uint32_t>(departments_.size()));
    if (is_new) {
      departments_.push_back(std::move(department));
    } else if (departments_[known->second].name != department.name) {
      table.find("name", "department '" + department.id + "' is called '" +
                             departments_[known->second].name + "' elsewhere, here '" +
                             department.name + "'");
    }
  }

  void read_target(TomlTable& table) {
    const std::size_t before = findings_.size();
    Target target;
    target.report = reports_.empty() ? 0 : static_cast<std::uint32_t>(reports_.size() - 1);
    read_identity(table, target);
    read_promise(table, target);
    read_schedule(table, target);
    read_tolerance(table, target);
    target.section = table.text("section", true).value_or("");
    target.quote = table.text("quote", true).value_or("");
    table.finish();
    if (findings_.size() == before) check_promise(table, target);
    if (findings_.size() == before) check_schedule(table, target);
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
      table.find("id", "target id '" + target.id +
                           "'; expected the department's id, a dot and [a-z0-9-]+, such as "
                           "culture-tourism.investment");
      return;
    }
    const auto found = department_by_id_.find(department);
    if (found == department_by_id_.end()) {
      table.find("id", "target '" + target.id + "' is of the department '" + department +
                           "', which no [[department]] names");
      return;
    }
    target.department = found->second;
    if (const auto [other, is_new] = ids_.emplace(target.id, place_of(table, "id")); !is_new) {
      table.find("id", "two targets have the id '" + target.id + "'; the other is at " +
                           place_text(other->second));
    }
    if (has_controls(target.name)) {
      table.find("name", "the name of '" + target.id + "' holds a control character");
    }
    if (const auto [other, is_new] =
            names_.emplace(department + "\n" + target.name, place_of(table, "name"));
        !is_new && !target.name.empty()) {
      table.find("name", "two targets of '" + department + "' are called '" + target.name +
                             "'; the other is at " + place_text(other->second));
    }
  }

  std::string place_text(const Place& place) const {
    return files_[place.file] + ":" + std::to_string(place.position.line) + ":" +
           std::to_string(place.position.column);
  }

  static void read_promise(TomlTable& table, Target& target) {
    if (!table.has("kind")) table.find("kind", "the key 'kind' is missing in [[target]]");
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
      table.find("unit", "unit '" + *symbol + "' is none; expected such as 亿元, %, 个, 亩, 万人");
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

  static void read_schedule(TomlTable& table, Target& target) {
    target.start = table.date("start", true).value_or(Date{});
    target.deadline = table.date("deadline", true).value_or(Date{});
    target.pace = target.kind == Kind::milestone ? Pace::deadline : Pace::monthly;
    if (const auto pace = table.word("pace", {"monthly", "deadline", "plan"})) {
      target.pace = static_cast<Pace>(*pace);
    }
    target.cadence = target.kind == Kind::pledge ? Cadence::quarter : Cadence::month;
    if (const auto cadence = table.word("cadence", {"none", "week", "month", "quarter"})) {
      target.cadence = static_cast<Cadence>(*cadence);
    }
    target.grace_days = static_cast<int>(table.integer("grace_days", 0, 366).value_or(10));
    target.warn_days = static_cast<int>(table.integer("warn_days", 0, 3660).value_or(60));
    read_plan(table, target);
  }

  static void read_plan(TomlTable& table, Target& target) {
    constexpr std::string_view kExpected =
        "an array of [date, share] such as [[2026-06-30, 0.4], [2026-12-31, 1.0]]";
    const toml::array* const list = table.array("plan", kExpected);
    if (list == nullptr) return;
    for (const toml::node& element : *list) {
      const toml::array* const pair = element.as_array();
      const auto* const date =
          pair != nullptr && pair->size() == 2 ? (*pair)[0].as_date() : nullptr;
      const auto share =
          date != nullptr && (*pair)[1].is_number() ? (*pair)[1].value<double>() : std::nullopt;
      if (!share) {
        table.find("plan", "'plan' of '" + target.id + "'; expected " + std::string{kExpected});
        return;
      }
      const toml::date& day = date->get();
      target.plan.push_back({date_of(day.year, day.month, day.day), *share});
    }
  }

  static void read_tolerance(TomlTable& table, Target& target) {
    auto tolerance = table.table("tolerance");
    if (!tolerance) return;
    target.tolerance.at_risk = tolerance->number("at_risk").value_or(target.tolerance.at_risk);
    target.tolerance.behind = tolerance->number("behind").value_or(target.tolerance.behind);
    target.tolerance.ahead = tolerance->number("ahead").value_or(target.tolerance.ahead);
    tolerance->finish();
    if (target.tolerance.at_risk < 0 || target.tolerance.behind < target.tolerance.at_risk ||
        target.tolerance.ahead < 0) {
      table.find("tolerance", "tolerance of '" + target.id +
                                  "'; expected 0 <= at_risk <= behind and ahead >= 0");
    }
  }

  static void check_promise(const TomlTable& table, const Target& target) {
    const std::string who = "target '" + target.id + "' ";
    if (target.kind == Kind::pledge) {
      if (target.goal) table.find("goal", who + "is a pledge, which has no goal; what kind is it?");
      return;
    }
    if (!target.goal) {
      table.find("goal", who + "has no goal; only a pledge needs none");
    } else if (target.baseline && *target.goal == *target.baseline) {
      table.find("goal", who + "has a goal equal to its baseline: there is nothing to reach");
    } else if (target.kind == Kind::milestone && (*target.goal <= 0 || *target.goal > 1)) {
      table.find("goal", who + "is a milestone; its goal lies in 0..1 and is 1 when left out");
    }
  }

  static void check_schedule(const TomlTable& table, const Target& target) {
    const std::string who = "target '" + target.id + "' ";
    if (target.deadline < target.start) {
      table.find("deadline", who + "has its deadline " + to_string(target.deadline) +
                                 " before its start " + to_string(target.start));
      return;
    }
    if (target.pace != Pace::plan) {
      if (!target.plan.empty()) {
        table.find("plan", who + "has a plan, but its pace is '" +
                               std::string{to_string(target.pace)} + "'; expected pace = \"plan\"");
      }
      return;
    }
    if (target.plan.empty()) {
      table.find("pace", who + "has pace 'plan' but no plan");
      return;
    }
    Date last_date = target.start - std::chrono::days{1};
    double last_share = 0;
    for (const PlanPoint& point : target.plan) {
      if (point.date <= last_date || point.date > target.deadline || point.share < last_share ||
          point.share > 1) {
        table.find("plan", "the plan of '" + target.id + "' must rise in date and share, within " +
                               to_string(target.start) + " to " + to_string(target.deadline) +
                               " and 0 to 1; it does not at " + to_string(point.date));
        return;
      }
      last_date = point.date;
      last_share = point.share;
    }
    if (last_share != 1.0) table.find("plan", "the plan of '" + target.id + "' does not end at 1");
  }

  Findings findings_;
  std::vector<Report> reports_;
  std::vector<Department> departments_;
  std::vector<Target> targets_;
  std::vector<Finding> quote_places_;
  std::unordered_map<std::string, std::uint32_t> department_by_id_;
  std::vector<std::string> files_;
  std::unordered_map<std::string, Place> ids_;
  std::unordered_map<std::string, Place> names_;
};

}  // namespace

std::variant<LoadedCatalogue, Findings> load_catalogue(
    const std::vector<std::filesystem::path>& files) {
  CatalogueReader reader;
  for (const std::filesystem::path& file : files) reader.read(file);
  return std::move(reader).finish();
}

}  // namespace districtd

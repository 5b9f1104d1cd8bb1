#include "daemon/config/change_table.h"

#include <string>
#include <utility>

#include "daemon/config/node_table.h"
#include "daemon/config/plan_table.h"
#include "daemon/config/target_table.h"

namespace districtd {

namespace {

// The terms that a change may name; what it does not name stays as it was.
void read_terms(TomlTable& table, const DepartmentReader& departments, Target& version) {
  if (const auto goal = table.number("goal")) version.goal = version.unit.to_base(*goal);
  if (const auto value = table.number("baseline")) {
    version.baseline = version.unit.to_base(*value);
  }
  version.deadline = table.date("deadline").value_or(version.deadline);
  if (const auto pace = table.word("pace", {"monthly", "deadline", "plan", "nodes"})) {
    version.pace = static_cast<Pace>(*pace);
    if (version.pace != Pace::plan) version.plan.clear();
    if (version.pace != Pace::nodes) version.nodes.clear();
  }
  if (const auto days = table.integer("warn_days", 0, 3660)) {
    version.warn_days = static_cast<int>(*days);
  }
  read_plan(table, version);
  read_nodes(table, version);
  read_people(
      table, [&](std::string_view id) { return departments.find(std::string{id}); }, version);
  read_tolerance(table, version.id, version);
  version.section = table.text("section").value_or(version.section);
  version.quote = table.text("quote").value_or(version.quote);
}

// Whether the version's days go with those of the version before it.
void check_days(const TomlTable& table, const Target& before, const Target& version) {
  const std::string who = "a change of '" + version.id + "' ";
  const std::string from = to_string(version.changed_from);
  const bool is_first = before.changed_from == Date{};
  const bool is_same_day = version.changed_from == before.changed_from;
  if (version.changed_from <= version.start) {
    table.add_finding("from", who + "counts from " + from + " on; expected a day after the start " +
                                  to_string(version.start) +
                                  " (what was so from the start stands in [[target]])");
  } else if (!is_first && (version.changed_from < before.changed_from ||
                           (is_same_day && version.decided <= before.decided))) {
    table.add_finding("from", who + "counts from " + from +
                                  " on and overlaps the one before it, from " +
                                  to_string(before.changed_from) +
                                  " on; expected changes in the order of their days, one a day "
                                  "(of the same day again only by a later 'decided')");
  } else if (version.decided < before.decided) {
    table.add_finding("decided", who + "was decided on " + to_string(version.decided) +
                                     ", before the one above it, decided on " +
                                     to_string(before.decided) +
                                     "; write changes in the order in which they were decided");
  } else if (version.deadline < version.changed_from) {
    table.add_finding(table.has("deadline") ? "deadline" : "from",
                      who + "has its deadline " + to_string(version.deadline) + " before the day " +
                          from +
                          " from which it counts; write a later deadline with it, or a 'from' up "
                          "to the deadline ('decided' may be later)");
  }
}

}  // namespace

bool read_change(TomlTable& table, const Findings& findings, const DepartmentReader& departments,
                 Target& target) {
  const std::size_t before = findings.size();
  const Target& last = target.version(target.changes.size());
  Target version = last;
  version.changes.clear();
  version.changed_from = table.date("from", true).value_or(Date{});
  version.decided = table.date("decided").value_or(version.changed_from);
  version.change_reason = table.text("reason", true).value_or("");
  const bool has_plan =
      table.has("plan") || table.has("plan_by_quarter") || table.has("plan_by_month");
  const bool has_nodes = table.has("node");
  read_terms(table, departments, version);
  if (const auto id = table.text("department")) {
    if (const auto department = departments.find(*id)) {
      version.department = *department;
    } else {
      table.add_finding("department", "a change of '" + target.id + "' gives it to '" + *id +
                                          "', which no [[department]] names; write the id of a "
                                          "department of this file or of one before it");
    }
  }
  table.finish();
  if (findings.size() > before) return false;
  check_days(table, last, version);
  if (findings.size() > before) return false;
  if (version.pace == Pace::plan && version.deadline != last.deadline && !has_plan) {
    table.add_finding("deadline", "a change of '" + target.id +
                                      "' moves the deadline of a plan; expected a plan up to " +
                                      to_string(version.deadline) + " with it");
  } else if (version.pace == Pace::nodes && version.deadline != last.deadline && !has_nodes) {
    table.add_finding("deadline", "a change of '" + target.id +
                                      "' moves the deadline of nodes; expected "
                                      "[[target.change.node]] up to " +
                                      to_string(version.deadline) + " with it");
  } else {
    check_promise(table, version);
    check_schedule(table, version);
  }
  if (findings.size() > before) return false;
  target.changes.push_back(std::move(version));
  return true;
}

}  // namespace districtd

#include "daemon/config/change_table.h"

#include <string>
#include <utility>

#include "daemon/config/node_table.h"
#include "daemon/config/plan_table.h"
#include "daemon/config/target_table.h"

namespace districtd {

void read_change(TomlTable& table, const Findings& findings, const DepartmentOfId& department_of,
                 Target& target) {
  const std::size_t before = findings.size();
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
  if (const auto pace = table.word("pace", {"monthly", "deadline", "plan", "nodes"})) {
    version.pace = static_cast<Pace>(*pace);
    if (version.pace != Pace::plan) version.plan.clear();
    if (version.pace != Pace::nodes) version.nodes.clear();
  }
  if (const auto days = table.integer("warn_days", 0, 3660)) {
    version.warn_days = static_cast<int>(*days);
  }
  const bool has_plan =
      table.has("plan") || table.has("plan_by_quarter") || table.has("plan_by_month");
  read_plan(table, version);
  const bool has_nodes = table.has("node");
  read_nodes(table, version);
  read_people(table, department_of, version);
  read_tolerance(table, version.id, version);
  version.section = table.text("section").value_or(version.section);
  version.quote = table.text("quote").value_or(version.quote);
  table.finish();
  if (findings.size() > before) return;
  const std::string who = "a change of '" + target.id + "' ";
  if (!target.changes.empty() && version.changed_from <= earlier) {
    table.add_finding("from", who + "counts from " + to_string(version.changed_from) +
                                  " on and overlaps the one before it, from " + to_string(earlier) +
                                  " on; expected changes in the order of their days, one a day");
  } else if (version.changed_from <= target.start || version.changed_from > deadline) {
    table.add_finding("from", who + "counts from " + to_string(version.changed_from) +
                                  " on; expected a day after the start " + to_string(target.start) +
                                  " and up to the deadline " + to_string(deadline));
  } else if (version.deadline < version.changed_from) {
    table.add_finding("deadline", who + "has its deadline " + to_string(version.deadline) +
                                      " before the day " + to_string(version.changed_from) +
                                      " from which it counts");
  } else if (version.pace == Pace::plan && version.deadline != deadline && !has_plan) {
    table.add_finding("deadline", who + "moves the deadline of a plan; expected a plan up to " +
                                      to_string(version.deadline) + " with it");
  } else if (version.pace == Pace::nodes && version.deadline != deadline && !has_nodes) {
    table.add_finding("deadline", who +
                                      "moves the deadline of nodes; expected [[target.change.node]]"
                                      " up to " +
                                      to_string(version.deadline) + " with it");
  } else {
    check_promise(table, version);
    check_schedule(table, version);
  }
  if (findings.size() == before) target.changes.push_back(std::move(version));
}

}  // namespace districtd

#include "daemon/config/target_table.h"

#include <string>

#include "daemon/config/node_table.h"
#include "daemon/config/plan_table.h"

namespace districtd {

void read_promise(TomlTable& table, Target& target) {
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
  const bool starts_at_nothing = target.kind == Kind::cumulative || target.kind == Kind::milestone;
  if (starts_at_nothing && !target.baseline) target.baseline = 0;
  if (target.goal) {
    target.goal = target.unit.to_base(*target.goal);
  } else if (target.kind == Kind::milestone) {
    target.goal = 1;  // done, whatever its unit
  }
  if (target.baseline) target.baseline = target.unit.to_base(*target.baseline);
}

void read_schedule(TomlTable& table, Target& target, bool has_default_cadence) {
  target.start = table.date("start", true).value_or(Date{});
  target.deadline = table.date("deadline", true).value_or(Date{});
  target.pace = target.kind == Kind::milestone ? Pace::deadline : Pace::monthly;
  if (const auto pace = table.word("pace", {"monthly", "deadline", "plan", "nodes"})) {
    target.pace = static_cast<Pace>(*pace);
  }
  if (target.kind == Kind::pledge && !has_default_cadence) target.cadence = Cadence::quarter;
  read_reporting(table, target);
  read_plan(table, target);
  read_nodes(table, target);
}

void read_reporting(TomlTable& table, Target& target) {
  if (const auto reports = table.integer("stale_after", 1, 100)) {
    target.stale_after = static_cast<int>(*reports);
  }
  if (const auto cadence = table.word("cadence", {"none", "week", "month", "quarter"})) {
    target.cadence = static_cast<Cadence>(*cadence);
  }
  if (const auto days = table.integer("grace_days", 0, 366)) {
    target.grace_days = static_cast<int>(*days);
  }
  if (const auto days = table.integer("warn_days", 0, 3660)) {
    target.warn_days = static_cast<int>(*days);
  }
  target.due_on_working_day = table.flag("due_on_working_day").value_or(target.due_on_working_day);
  target.is_share = table.flag("share");
  target.weight = table.number("weight").value_or(target.weight);
  if (target.weight < 0) {
    table.add_finding("weight", "'weight' is negative; expected 0 or more, 1 is usual");
  }
}

void read_tolerance(TomlTable& table, std::string_view whose, Target& target) {
  auto tolerance = table.table("tolerance");
  if (!tolerance) return;
  Tolerance& t = target.tolerance;
  t.at_risk = tolerance->number("at_risk").value_or(t.at_risk);
  t.behind = tolerance->number("behind").value_or(t.behind);
  t.ahead = tolerance->number("ahead").value_or(t.ahead);
  t.margin = tolerance->number("margin").value_or(t.margin);
  t.out_of_reach = tolerance->number("out_of_reach").value_or(t.out_of_reach);
  tolerance->finish();
  if (t.at_risk < 0 || t.behind < t.at_risk || t.ahead < 0 || t.margin < 0 || t.out_of_reach < 0 ||
      t.out_of_reach > 1) {
    table.add_finding("tolerance",
                      "tolerance of '" + std::string{whose} +
                          "'; expected 0 <= at_risk <= behind, ahead >= 0, margin >= 0 "
                          "and 0 <= out_of_reach <= 1");
  }
}

void read_days_in_force(TomlTable& table, Target& target) {
  target.added = table.date("added");
  target.withdrawn = table.date("withdrawn");
  target.withdrawal_reason = table.text("withdrawal_reason").value_or("");
  if (target.added && target.withdrawn && *target.withdrawn < *target.added) {
    table.add_finding("withdrawn", "target '" + target.id + "' is withdrawn on " +
                                       to_string(*target.withdrawn) + ", before it was added on " +
                                       to_string(*target.added));
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

void check_promise(const TomlTable& table, const Target& target) {
  const std::string who = "target '" + target.id + "' ";
  if (target.kind == Kind::pledge) {
    if (target.goal)
      table.add_finding("goal", who + "is a pledge, which has no goal; what kind is it?");
    return;
  }
  if (!target.goal) {
    table.add_finding("goal", who + "has no goal; only a pledge needs none");
  } else if (target.baseline && *target.goal == *target.baseline) {
    table.add_finding("goal", who + "has a goal equal to its baseline: there is nothing to reach");
  } else if (target.kind == Kind::milestone && (*target.goal <= 0 || *target.goal > 1)) {
    table.add_finding("goal", who + "is a milestone; its goal lies in 0..1 and is 1 when left out");
  }
}

void check_schedule(const TomlTable& table, const Target& target) {
  const std::string who = "target '" + target.id + "' ";
  if (target.deadline < target.start) {
    table.add_finding("deadline", who + "has its deadline " + to_string(target.deadline) +
                                      " before its start " + to_string(target.start));
    return;
  }
  check_plan(table, target);
}

}  // namespace districtd

// What was promised: a target, and the words for its parts. docs/catalogue.md describes the TOML.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/domain/department.h"
#include "daemon/domain/unit.h"

namespace districtd {

enum class Kind {
  cumulative,  // adds up to the goal
  level,       // a rate or state to be held
  milestone,   // done or not, 0..1
  pledge,      // a promise without a number
};
enum class Direction { at_least, at_most };
enum class Pace {
  monthly,   // the schedule share
  deadline,  // nothing before the deadline, all of it then
  plan,      // the plan's shares, interpolated by month position
  nodes,     // the share of the last node that is due; nothing before the first one
};
enum class Commitment {
  must,      // 确保, 完成, 达到
  strive,    // 力争, 争取
  approach,  // 向…迈进
};

// The words of the catalogue, of JSON and of metric labels.
std::string_view to_string(Kind kind);
std::string_view to_string(Direction direction);
std::string_view to_string(Pace pace);
std::string_view to_string(Commitment commitment);
std::string_view to_string(Cadence cadence);

struct PlanPoint {
  Date date;
  double share;  // expected share of the goal at the end of that day, 0..1
};

// A dated step of a milestone (节点).
struct TargetNode {
  std::string name;  // 主体结顶
  Date due{};
  double share = 0;  // what is done at the end of that day, (0, 1]
};

// Which node of which version of a target: Target::node().
struct NodePlace {
  std::uint16_t version = 0;
  std::uint16_t number = 0;
  friend bool operator==(const NodePlace&, const NodePlace&) = default;
};

// Deviations at which the light changes, as ratios: behind below -behind, at risk below -at_risk,
// ahead from +ahead on. 0 <= at_risk <= behind. A worse status is left only where the deviation
// passes its threshold by `margin`, so that a value that hovers there does not flap. Below the
// probability `out_of_reach` of being reached the goal counts as out of reach by the forecast.
struct Tolerance {
  double at_risk = 0.0;
  double behind = 0.05;
  double ahead = 0.10;
  double margin = 0.01;
  double out_of_reach = 0.2;
};

// One promise. Invariants, kept by the catalogue loader: start <= deadline; goal is set unless kind
// is pledge; for cumulative and milestone baseline is set and differs from goal; `plan` rises, lies
// within [start, deadline] and ends at 1, and is empty unless pace is plan; `nodes` rise in day and
// share within [start, deadline], the last one is 1 at the deadline, and are empty unless pace is
// nodes; `last_year` rises within each year and ends it at 1; weight >= 0; added <= withdrawn;
// `parent` is of the same programme, kind and unit and no part itself; only a cumulative target
// with parts has sum_of_parts.
struct Target {
  std::string id;  // DEPARTMENT.NAME
  // PROGRAMME/ID, by which figures, judgements and the log know it: the same id may stand in next
  // year's programme. The catalogue sets it; no word of it holds a slash.
  std::string key;
  std::string name;
  // Index into Catalogue::departments(): the first responsible one, which the id names. Who is on
  // some day: Catalogue::department_on().
  std::uint32_t department = 0;
  std::uint32_t report = 0;     // index into Catalogue::reports()
  std::uint32_t programme = 0;  // index into Catalogue::programmes()
  Kind kind = Kind::cumulative;
  std::optional<double> goal;      // base units
  std::optional<double> baseline;  // base units; the value at the start
  Unit unit;
  Direction direction = Direction::at_least;
  Date start{};
  Date deadline{};
  Pace pace = Pace::monthly;
  std::vector<PlanPoint> plan;
  Commitment commitment = Commitment::must;
  Cadence cadence = Cadence::month;
  int grace_days = 10;  // days after a period's end before a report is overdue
  int warn_days = 60;   // paces deadline and nodes: days before that in which it is at risk
  Tolerance tolerance;
  std::string section;  // heading in the report
  std::string quote;    // verbatim

  std::optional<bool> is_share;     // whether no value can pass 100 %; empty: see plausibility.h
  int stale_after = 2;              // reports missing in a row that make it stale, >= 1
  bool due_on_working_day = false;  // a report due on a day off is due on the next working day
  double weight = 1;                // in the department's score, >= 0
  // The shapes of up to three years before, where they are known: the share of that year's total
  // that was reached by the date, in [start - n years, deadline - n years]. By date. For the
  // forecast only.
  std::vector<PlanPoint> last_year;
  double last_year_total = 0;  // of the last of them, base units; 0: the amounts are not known

  std::vector<TargetNode> nodes;    // pace nodes only, by day
  std::vector<std::uint32_t> with;  // 配合单位: indices into Catalogue::departments()
  std::string leader;               // 分管领导
  std::string owner;                // 责任人
  std::string definition;           // 口径
  std::string common;               // by which the same target of other districts is known
  std::string parent;               // of a part: the id of the target that it is a part of
  bool sum_of_parts = false;        // its value is the sum of its parts, see parts.h

  // The days on which the target counts: [added, withdrawn).
  std::optional<Date> added;      // empty: from the beginning
  std::optional<Date> withdrawn;  // empty: to the end
  std::string withdrawal_reason;  // as the catalogue says it

  // Later versions of this promise, each whole and without `changes` of its own. Neither `decided`
  // nor `changed_from` falls from one to the next. They differ in goal, baseline, deadline, pace,
  // plan, nodes, warn_days, tolerance, people, definition, section, quote or department.
  std::vector<Target> changes;
  Date changed_from{};        // of a version: the first as_of that it governs
  Date decided{};             // of a version: for judgements of an earlier day it does not exist
  std::string change_reason;  // of a version: "区政府第12次常务会议"

  // How many of the changes had been decided by day `on`.
  std::size_t changes_known(Date on) const;

  // The version by which a value as of `as_of` is judged on day `on`, and its number: 0 is the
  // target as it began, n the n-th change.
  const Target& version_on(Date as_of, Date on) const {
    return version(version_number_on(as_of, on));
  }
  std::size_t version_number_on(Date as_of, Date on) const;
  const Target& version(std::size_t number) const {
    return number == 0 ? *this : changes[number - 1];
  }

  // What the promise came to by what had been decided by day `on`, whichever as_of it governs: its
  // deadline is the one in force.
  const Target& decided_on(Date on) const {
    return changes.empty() ? *this : version(changes_known(on));
  }
  Date deadline_on(Date on) const { return decided_on(on).deadline; }
  const TargetNode& node(NodePlace place) const {
    return version(place.version).nodes[place.number];
  }
  bool is_part() const { return !parent.empty(); }

  // Of the last version.
  Date last_deadline() const { return changes.empty() ? deadline : changes.back().deadline; }

  bool is_in_force(Date d) const {
    return (!added || d >= *added) && (!withdrawn || d < *withdrawn);
  }
};

}  // namespace districtd

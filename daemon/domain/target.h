// What was promised: a target, and the words for its parts. docs/catalogue.md describes the TOML.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/calendar.h"
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

// Deviations at which the light changes, as ratios: behind below -behind, at risk below -at_risk,
// ahead from +ahead on. 0 <= at_risk <= behind.
struct Tolerance {
  double at_risk = 0.0;
  double behind = 0.05;
  double ahead = 0.10;
};

struct Department {
  std::string id;    // [a-z0-9-]+
  std::string name;  // 区文旅局
};

// One promise. Invariants, kept by the catalogue loader: start <= deadline; goal is set unless kind
// is pledge; for cumulative and milestone baseline is set and differs from goal; `plan` rises, lies
// within [start, deadline] and ends at 1, and is empty unless pace is plan.
struct Target {
  std::string id;  // DEPARTMENT.NAME
  std::string name;
  std::uint32_t department = 0;  // index into Catalogue::departments()
  std::uint32_t report = 0;      // index into Catalogue::reports()
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
  int warn_days = 60;   // pace deadline only: days before the deadline in which it is at risk
  Tolerance tolerance;
  std::string section;  // heading in the report
  std::string quote;    // verbatim
};

}  // namespace districtd

// A target's standing as people and programs see it: numbers in the catalogue's unit. One shape for
// `status`, for GET /api/v1/targets and for the table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// What is shown of a part beside its parent.
struct PartView {
  const Target* target;
  const Department* department;
  Status status;
  std::optional<Date> as_of;
  std::optional<double> actual;  // base units
  std::optional<double> goal;    // base units
  std::optional<double> progress;
};

struct TargetView {
  const Target* target;
  const Department* department;
  Assessment assessment;  // in force
  Date on{};              // the day that was asked for; of a settled programme its last one
  const Programme* programme = nullptr;
  bool is_settled = false;  // whether the programme was settled on the day that was asked for
  const Catalogue* catalogue = nullptr;  // of the target; for the names of others
  std::vector<PartView> parts{};         // those in force, in the order of the catalogue

  // What the department, which is the one responsible on that day, is called then.
  const std::string& department_name() const { return department->name_on(on); }

  // The version of the target by which it was judged.
  const Target& version() const { return target->version(assessment.version); }
};

// An array, in order; each element has target, programme, settled, name, department,
// department_name, kind, status, status_text, light, announced, last_light, settling_until,
// status_since, periods_behind, as_of, actual, expected, goal, unit, progress, expected_share,
// deviation, forecast, forecast_lower, forecast_upper, goal_probability, required_pace, reached_in,
// report_overdue, report_overdue_since, reports_missing, reports_due, reports_on_time,
// reports_corrected, score, weight, deadline, first_deadline, extended, extensions, first_goal,
// first_status (both null where nothing had been changed), projected, direction, commitment, quote,
// node_missed and node_next ({name, due, share}), with (ids of departments), leader, owner,
// definition, common, parent, sum_of_parts, parts ([{target, name, department, status, as_of,
// actual, goal, progress}]), partial_sum ({as_of, actual}), missing_parts ([{target, name,
// department}]), last_year, last_year_as_of and last_year_change. Numbers in the catalogue's unit,
// shares as ratios, null where there is none: expected, expected_share and deviation while nothing
// is expected yet.
std::string to_json(const std::vector<TargetView>& views);

// The same object for one target, with `more` (JSON members such as "\"observations\":[...]")
// appended.
std::string to_json(const TargetView& view, std::string_view more = {});

// The same columns as CSV with a header and a byte order mark, for Excel.
std::string to_csv(const std::vector<TargetView>& views);

// For a terminal: one block a department, lights, and a summary line; where the views are of
// several programmes, a section of these a programme, with nothing added across them. Deviations
// are percentage points; those that are per cent say so. `colour` adds ANSI colours; without it the
// lights are still told apart by their words.
std::string to_table(const std::vector<TargetView>& views, std::string_view title, bool colour);

}  // namespace districtd

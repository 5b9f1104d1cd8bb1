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

struct TargetView {
  const Target* target;
  const Department* department;
  Assessment assessment;  // in force
  Date on{};              // the day that was asked for
};

// An array, in order; each element has target, name, department, department_name, kind, status,
// light, status_since, periods_behind, as_of, actual, expected, goal, unit, progress,
// expected_share, deviation, forecast, forecast_lower, forecast_upper, goal_probability,
// required_pace, reached_in, report_overdue, report_overdue_since, reports_missing, reports_due,
// reports_on_time, score, weight, deadline, direction, commitment and quote. Numbers in the
// catalogue's unit, shares as ratios, null where there is none.
std::string to_json(const std::vector<TargetView>& views);

// The same object for one target, with `more` (JSON members such as "\"observations\":[...]")
// appended.
std::string to_json(const TargetView& view, std::string_view more = {});

// The same columns as CSV with a header and a byte order mark, for Excel.
std::string to_csv(const std::vector<TargetView>& views);

// For a terminal: one block a department, lights, and a summary line. `colour` adds ANSI colours;
// without it the lights are still told apart by their words.
std::string to_table(const std::vector<TargetView>& views, std::string_view title, bool colour);

std::string_view light_word(Light light);  // "green", as JSON says it

// "12.6 亿元", "95%", a milestone's "60.0%", "-8.0 个百分点": as bulletins print them. Shares to
// one decimal.
std::string format_value(const Target& target, double base_value);
std::string format_share(double ratio);
std::string format_points(double ratio);

// "73%"; "<1%" and ">99%" at the ends: a forecast is never sure.
std::string format_probability(double probability);

// "月", "季度", "周", of periods that are counted.
std::string_view period_word(Cadence cadence);

}  // namespace districtd

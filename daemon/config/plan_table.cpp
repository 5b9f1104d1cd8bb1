#include "daemon/config/plan_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace districtd {

namespace {

constexpr std::size_t kLeastOfLastYear = 3;  // values of a year
constexpr int kMostLastYears = 3;

// The same day some years before; 28 February for the 29th.
Date years_before(Date date, int years) {
  const std::chrono::year_month_day day{date};
  const std::chrono::year_month_day before = day - std::chrono::years{years};
  return before.ok() ? Date{before} : Date{before.year() / before.month() / std::chrono::last};
}

// [[date, number], ...]; nullopt where the key is absent or, with a finding, something else.
std::optional<std::vector<PlanPoint>> read_points(TomlTable& table, std::string_view key,
                                                  const Target& target, std::string_view expected) {
  const toml::array* const list = table.array(key, expected);
  if (list == nullptr) return std::nullopt;
  std::vector<PlanPoint> points;
  for (const toml::node& element : *list) {
    const toml::array* const pair = element.as_array();
    const auto* const date = pair != nullptr && pair->size() == 2 ? (*pair)[0].as_date() : nullptr;
    const auto number =
        date != nullptr && (*pair)[1].is_number() ? (*pair)[1].value<double>() : std::nullopt;
    if (!number || !std::isfinite(*number)) {
      table.add_finding(key, "'" + std::string{key} + "' of '" + target.id + "'; expected " +
                                 std::string{expected});
      return std::nullopt;
    }
    const toml::date& day = date->get();
    points.push_back({date_of(day.year, day.month, day.day), *number});
  }
  return points;
}

// One share for the end of each calendar month or quarter of the period, the deadline being the
// end of the last.
void read_shares(TomlTable& table, std::string_view key, Cadence by, Target& target) {
  const std::string expected = "an array of shares such as [0.15, 0.40, 0.70, 1.0]";
  const toml::array* const list = table.array(key, expected);
  if (list == nullptr) return;
  std::vector<Date> ends;
  for (Date end = period_end(by, target.start); end < target.deadline;
       end = period_end(by, end + std::chrono::days{1})) {
    ends.push_back(end);
  }
  ends.push_back(target.deadline);
  if (list->size() != ends.size()) {
    table.add_finding(key, "'" + std::string{key} + "' of '" + target.id + "' has " +
                               std::to_string(list->size()) + " shares; expected " +
                               std::to_string(ends.size()) + ", one for each " +
                               std::string{to_string(by)} + " from " + to_string(target.start) +
                               " to " + to_string(target.deadline));
    return;
  }
  target.plan.clear();
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto share = (*list)[i].is_number() ? (*list)[i].value<double>() : std::nullopt;
    if (!share || !std::isfinite(*share)) {
      table.add_finding(key,
                        "'" + std::string{key} + "' of '" + target.id + "'; expected " + expected);
      return;
    }
    target.plan.push_back({ends[i], *share});
  }
}

// Whether the values are those of a year: enough, rising, from the first day to the last.
bool is_a_year(std::span<const PlanPoint> points, Date first, Date last) {
  double before = 0;
  Date day = first - std::chrono::days{1};
  for (const PlanPoint& point : points) {
    if (point.date <= day || point.share < before) return false;
    day = point.date;
    before = point.share;
  }
  return points.size() >= kLeastOfLastYear && day == last && before > 0;
}

}  // namespace

void read_plan(TomlTable& table, Target& target) {
  constexpr std::array<std::string_view, 3> kKeys = {"plan", "plan_by_quarter", "plan_by_month"};
  if (std::count_if(kKeys.begin(), kKeys.end(), [&](auto key) { return table.has(key); }) > 1) {
    table.add_finding(
        "plan", "'" + target.id + "' has more than one of plan, plan_by_quarter and plan_by_month");
  }
  auto points = read_points(table, "plan", target,
                            "an array of [date, share] such as [[2026-06-30, 0.4], "
                            "[2026-12-31, 1.0]]");
  if (points) target.plan = std::move(*points);
  if (target.deadline < target.start || target.start == Date{}) {
    // Which months there are cannot be said; the dates are found wrong elsewhere.
    table.array("plan_by_quarter", "an array");
    table.array("plan_by_month", "an array");
    return;
  }
  read_shares(table, "plan_by_quarter", Cadence::quarter, target);
  read_shares(table, "plan_by_month", Cadence::month, target);
}

void check_plan(const TomlTable& table, const Target& target) {
  const std::string who = "target '" + target.id + "' ";
  const std::string_view key = table.has("plan_by_quarter") ? "plan_by_quarter"
                               : table.has("plan_by_month") ? "plan_by_month"
                                                            : "plan";
  if (target.pace != Pace::plan) {
    if (!target.plan.empty()) {
      table.add_finding(key, who + "has a plan, but its pace is '" +
                                 std::string{to_string(target.pace)} +
                                 "'; expected pace = \"plan\"");
    }
    return;
  }
  if (target.plan.empty()) {
    table.add_finding("pace", who + "has pace 'plan' but no plan");
    return;
  }
  Date last_date = target.start - std::chrono::days{1};
  double last_share = 0;
  for (const PlanPoint& point : target.plan) {
    if (point.date <= last_date || point.date > target.deadline || point.share < last_share ||
        point.share > 1) {
      table.add_finding(key, "the plan of '" + target.id +
                                 "' must rise in date and share, within " +
                                 to_string(target.start) + " to " + to_string(target.deadline) +
                                 " and 0 to 1; it does not at " + to_string(point.date));
      return;
    }
    last_date = point.date;
    last_share = point.share;
  }
  if (last_share != 1.0)
    table.add_finding(key, "the plan of '" + target.id + "' does not end at 1");
}

void read_last_year(TomlTable& table, Target& target) {
  const auto total = table.number("last_year_total");
  if (total && (*total <= 0 || !table.has("last_year") || target.kind != Kind::cumulative)) {
    table.add_finding(
        "last_year_total",
        "'last_year_total' of '" + target.id +
            "'; expected an amount above 0 beside 'last_year' of a cumulative target");
    table.array("last_year", "an array");
    return;
  }
  auto points = read_points(table, "last_year", target,
                            "an array of [date, value] such as [[2025-06-30, 11.2], "
                            "[2025-12-31, 27.5]]");
  if (!points || target.deadline < target.start) return;
  const std::string whose = "'last_year' of '" + target.id + "'";
  if (years_before(target.deadline, 1) >= target.start) {
    table.add_finding("last_year", whose + ", which lasts longer than a year; expected none");
    return;
  }
  const double last_written = points->empty() ? 0 : points->back().share;
  // From the oldest year to last year; of the earlier ones any may be missing.
  std::span<PlanPoint> left = *points;
  for (int years = kMostLastYears; years > 0; --years) {
    const Date first = years_before(target.start, years);
    const Date last = years_before(target.deadline, years);
    const auto end = std::find_if(left.begin(), left.end(), [&](const PlanPoint& point) {
      return years > 1 && point.date >= years_before(target.start, years - 1);
    });
    const auto year = left.first(static_cast<std::size_t>(end - left.begin()));
    left = left.subspan(year.size());
    if (year.empty() && years > 1) continue;
    if (!is_a_year(year, first, last)) {
      table.add_finding("last_year",
                        whose + "; expected at least " + std::to_string(kLeastOfLastYear) +
                            " values that rise, from " + to_string(first) + " on, the last as of " +
                            to_string(last) + (years > 1 ? ", or none of that year" : ""));
      return;
    }
    const double all = year.back().share;
    for (PlanPoint& point : year) point.share /= all;
  }
  target.last_year = std::move(*points);
  if (!total) return;
  target.last_year_total = target.unit.to_base(*total);
  if (std::abs(last_written - *total) > 1e-9 * std::abs(*total) &&
      std::abs(last_written - 1) > 1e-9) {
    table.add_finding(
        "last_year_total",
        "'last_year_total' of '" + target.id +
            "' is not the last value of "
            "'last_year'; expected the same amount in the target's unit, or shares that "
            "end at 1");
  }
}

}  // namespace districtd

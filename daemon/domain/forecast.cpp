#include "daemon/domain/forecast.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/level_forecast.h"
#include "daemon/domain/plausibility.h"
#include "daemon/domain/sum_forecast.h"
#include "daemon/domain/values_seen.h"

namespace districtd {

namespace {

std::span<const Reading> of_the_period(const Target& target, std::span<const Reading> readings) {
  while (!readings.empty() && readings.front().as_of < target.start) readings = readings.subspan(1);
  return readings;
}

// At the deadline it is what it is.
Forecast certain(const Target& target, double value) {
  Forecast forecast;
  forecast.goal_probability = reaches_goal(target, value) ? 1 : 0;
  if (!target.baseline || *target.baseline == *target.goal) return forecast;
  forecast.progress = forecast.lower = forecast.upper = progress_at(target, value);
  return forecast;
}

}  // namespace

bool is_foretold(const Target& target) {
  if (target.kind == Kind::level) return is_share(target) || target.unit.is_percentage();
  return target.kind == Kind::cumulative;
}

std::optional<Forecast> forecast(const Target& target, std::span<const Reading> readings,
                                 const KnownShapes& known) {
  if (!is_foretold(target)) return std::nullopt;
  const auto judged = of_the_period(target, readings);
  if (judged.size() < kLeastWithKnownShape) return std::nullopt;
  const bool are_few = judged.size() < kLeastForecastReadings;
  if (judged.back().as_of >= target.deadline) {
    return are_few ? std::nullopt : std::optional{certain(target, judged.back().value)};
  }
  if (target.kind == Kind::level) {
    if (are_few) return std::nullopt;
    const bool is_early =
        schedule_share(target.start, target.deadline, judged.back().as_of) < kFirstOfGrowth - 1e-9;
    if (is_early && !is_share(target)) return std::nullopt;
    return level_forecast(target, values_seen(target, judged));
  }
  std::vector<YearShape> earlier;
  std::span<const YearShape> own = known.own;
  if (own.empty()) own = earlier = shapes_of_earlier_readings(target, readings);
  const auto plan = shape_of_plan(target);
  const bool is_known = !own.empty() || plan || !known.others.empty();
  if (are_few && !is_known) return std::nullopt;
  return sum_forecast(target, progress_seen(target, judged), own, plan, known.others);
}

std::optional<Forecast> forecast(const Target& target, std::span<const Reading> readings) {
  const auto own = shapes_of_last_years(target);
  return forecast(target, readings, {own, {}});
}

std::optional<double> required_pace(const Target& target, const Reading& newest) {
  if (target.kind == Kind::level || target.kind == Kind::pledge || !is_reached_by_growing(target)) {
    return std::nullopt;
  }
  const double months = month_position(target.deadline) - month_position(newest.as_of);
  if (months <= 0) return std::nullopt;
  return std::max(1 - progress_at(target, newest.value), 0.0) / months;
}

std::optional<Date> reached_in(const Target& target, const Reading& newest) {
  if (!required_pace(target, newest)) return std::nullopt;
  constexpr double kMostMonths = 120;
  const double progress = progress_at(target, newest.value);
  const double begin = month_position_at_start(target.start);
  const double now = month_position(newest.as_of);
  if (progress <= 0 || now <= begin) return std::nullopt;
  const double at = progress >= 1 ? now : begin + (now - begin) / progress;
  if (at > month_position(target.deadline) + kMostMonths) return std::nullopt;
  // A position on a month's end belongs to the month that ends there.
  const auto month = static_cast<int>(std::ceil(at - 1e-9)) - 1;
  const auto first =
      std::chrono::year{month / 12} / std::chrono::month{static_cast<unsigned>(month % 12) + 1};
  return Date{first / std::chrono::last};
}

}  // namespace districtd

#include "daemon/domain/level_forecast.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

#include "daemon/domain/plausibility.h"
#include "daemon/domain/student_t.h"

namespace districtd {

namespace {

// What is believed of a rate before its first values: the variance of what a month adds to it when
// one month has passed; of a share of a whole in parts of the binomial one.
constexpr double kMonthOfRate = 0.003;
constexpr double kMonthOfShare = 0.0003;
constexpr double kLeastBinomial = 0.01;
// A month that was better than the ones before is followed by such ones: by how much the variance
// of what is left grows with each month of it.
constexpr double kPersistence = 0.5;
constexpr double kPriorDegrees = 1;  // how firmly it is believed, in values

}  // namespace

// The average of n months moves by 1/n of what the next one differs from it.
Forecast level_forecast(const Target& target, const ValuesSeen& seen) {
  const double goal = *target.goal;
  const bool is_of_a_whole = is_share(target);
  const double prior =
      is_of_a_whole ? kMonthOfShare * std::max(goal * (1 - goal), kLeastBinomial) : kMonthOfRate;
  double squares = 0;
  double month = 0;
  for (std::size_t i = 0; i < seen.count; ++i) {
    const ValuesSeen::Value& value = seen.values[i];
    const double next = static_cast<double>(value.twelfth) + value.part;
    if (i > 0) squares += std::pow(value.increment * next, 2) / (next - month);
    month = next;
  }
  const double degrees = kPriorDegrees + static_cast<double>(seen.count - 1);
  // The sum of 1 / n^2 over the months to come, by its integral.
  const double left = 1 / (month + 0.5) - 1 / (kTwelfths + 0.5);
  const double deviation = std::sqrt((kPriorDegrees * prior + squares) / degrees * left *
                                     (1 + kPersistence * (kTwelfths - month)));
  const double sign = target.direction == Direction::at_least ? 1 : -1;
  Forecast forecast;
  // Rates change for good now and then, so their tails are wider than the values so far say.
  forecast.goal_probability =
      cumulative_t(sign * (seen.newest - goal) / deviation, std::max(degrees / 2, 1.));
  if (!target.baseline || *target.baseline == goal) return forecast;
  const auto progress_of = [&](double value) {
    return progress_at(target, is_of_a_whole ? std::clamp(value, 0., 1.) : value);
  };
  const double width = t_width_80(degrees) * deviation;
  forecast.progress = progress_of(seen.newest);
  std::tie(forecast.lower, forecast.upper) =
      std::minmax({progress_of(seen.newest - width), progress_of(seen.newest + width)});
  // Less than nothing is no 完成率, but of what is below it already.
  forecast.lower = std::max(*forecast.lower, std::min(*forecast.progress, 0.0));
  return forecast;
}

}  // namespace districtd

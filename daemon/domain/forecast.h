// Where a target will be at its deadline, from what has been reported so far. docs/forecast.md has
// the method, its sources and how well it does. Pure.
#pragma once

#include <optional>
#include <span>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"

namespace districtd {

// Of progress at the deadline, as ratios. lower..upper holds it with 80% probability. A level
// without a baseline has no progress: only the probability is set.
struct Forecast {
  std::optional<double> progress;
  std::optional<double> lower;
  std::optional<double> upper;
  double goal_probability = 0;  // 0..1, of the goal being reached, or kept to, at the deadline
  friend bool operator==(const Forecast&, const Forecast&) = default;
};

// Fewer values than this tell nothing.
inline constexpr std::size_t kLeastForecastReadings = 3;

// `target`: the version in force. `readings`: by as_of; those from target.start up to the newest
// count, those of the year before tell last year's shape where the target names none. nullopt for
// pledges and before kLeastForecastReadings values.
std::optional<Forecast> forecast(const Target& target, std::span<const Reading> readings);

// Progress a month that is needed from the newest value on, so that the goal is reached at the
// deadline; 0 where it is reached. nullopt for levels and pledges, what is kept rather than reached
// (控制在…以内), and where no time is left.
std::optional<double> required_pace(const Target& target, const Reading& newest);

// The last day of the month in which the goal is reached at the average pace so far; nullopt where
// that is never or more than ten years after the deadline, and where required_pace() is.
std::optional<Date> reached_in(const Target& target, const Reading& newest);

}  // namespace districtd

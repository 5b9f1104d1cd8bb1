// Where a target will be at its deadline, from what has been reported so far. docs/forecast.md has
// the method in words, its sources and how well it does on real years. Pure.
//
// What adds up: under each shape S of the year that may be this one's, the values are increments x
// of progress over shares s of that shape,
//
//     x = theta s + noise, of variance sigma^2 s,
//     theta | sigma^2 ~ N(0.97, sigma^2 / kappa),  sigma^2 ~ inverse gamma,
//
// so that theta, the pace as a multiple of what the goal asks for, is estimated by (kappa + sum x)
// / (kappa + sum s), a value a whole period old counting 1/e; that is Bayesian chain ladder (Gisler
// and Wuethrich 2008, Credibility for the Chain Ladder Reserving Method, ASTIN Bulletin 38). The
// shapes are the target's own earlier years, its plan, those of the department's other targets, and
// five that are common. Each is believed as it was beforehand, times how well it explains the
// values so far, to the power 0.8; what is still to come is the mixture of what each says.
//
// A rate is one of the period so far (优良率, 累计增长): the later, the less a month moves it. It
// stays where it is, and wanders by what its values so far say.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"
#include "daemon/domain/year_shape.h"

namespace districtd {

// Of progress at the deadline, as ratios. lower..upper holds it with 80% probability; all three lie
// between what is done and what can be. A level without a baseline has no progress: only the
// probability is set.
struct Forecast {
  std::optional<double> progress;
  std::optional<double> lower;
  std::optional<double> upper;
  double goal_probability = 0;  // 0..1, of the goal being reached, or kept to, at the deadline
  friend bool operator==(const Forecast&, const Forecast&) = default;
};

// Fewer values than this tell nothing; where a shape of the year is known two are enough.
inline constexpr std::size_t kLeastForecastReadings = 3;
inline constexpr std::size_t kLeastWithKnownShape = 2;
// The part of the period before which a percentage that may pass 100 % (growth) says nothing.
inline constexpr double kFirstOfGrowth = 0.75;

// Whether such a target has a forecast once there are values enough. Only that has one of which it
// was measured how well it does: sums and percentages. Milestones and other levels have none.
bool is_foretold(const Target& target);

// `target`: the version in force. `readings`: by as_of; those from target.start up to the newest
// count; those of the years before tell their shapes where `known` holds none of the target's own.
// nullopt where the target is not foretold or the values are too few. At the deadline it is what it
// is.
std::optional<Forecast> forecast(const Target& target, std::span<const Reading> readings,
                                 const KnownShapes& known);

// The same of a target by itself: only its `last_year` is known.
std::optional<Forecast> forecast(const Target& target, std::span<const Reading> readings);

// Progress a month that is needed from the newest value on, so that the goal is reached at the
// deadline; 0 where it is reached. nullopt for levels and pledges, what is kept rather than reached
// (控制在…以内), and where no time is left.
std::optional<double> required_pace(const Target& target, const Reading& newest);

// The last day of the month in which the goal is reached at the average pace so far; nullopt where
// that is never or more than ten years after the deadline, and where required_pace() is.
std::optional<Date> reached_in(const Target& target, const Reading& newest);

}  // namespace districtd

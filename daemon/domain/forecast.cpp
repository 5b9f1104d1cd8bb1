#include "daemon/domain/forecast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/check.h"
#include "daemon/domain/calendar.h"

namespace districtd {

namespace {

// What is believed before the first value, see docs/forecast.md: the pace is the plan's, give or
// take a lot, and it is believed as if the plan had been seen for kPlanWeight of the year.
constexpr double kPlanWeight = 0.12;
constexpr double kPriorDegrees = 3;      // how firmly the noise is believed, in observations
constexpr double kPriorVariance = 0.03;  // of a whole year's progress around its pace

// Shares of a year in which the newest shape differs from what is believed of it, so that even a
// perfect fit leaves the rest of the year open.
constexpr double kSpeedDoubt = 0.018;

// 80 % of a normal distribution lie within this many standard deviations, of Student's t with few
// degrees of freedom within more: Cornish-Fisher's first terms.
constexpr double kNormal80 = 1.2815515655446004;

double width80(double degrees) {
  const double z = kNormal80;
  return z + (z * z * z + z) / (4 * degrees) +
         (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * degrees * degrees);
}

// P(T <= t), by the normal approximation of Wallace (1959), right to two digits from three degrees
// of freedom on.
double cumulative_t(double t, double degrees) {
  const double z = std::copysign(std::sqrt(degrees * std::log1p(t * t / degrees)), t) *
                   (8 * degrees + 1) / (8 * degrees + 3);
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

// Shapes of a year where none is known: the share of the whole that is done at share t of the time.
using Shape = double (*)(double);
constexpr std::array<Shape, 5> kShapes = {
    [](double t) { return t; },                    // even
    [](double t) { return t * (0.5 + 0.5 * t); },  // end-loaded
    [](double t) { return t * t; },                // strongly end-loaded
    [](double t) { return t * (1.5 - 0.5 * t); },  // front-loaded
    [](double t) { return t * t * (3 - 2 * t); },  // slow, fast, slow
};
// Plans of the year end loaded more often than the other way.
constexpr std::array<double, kShapes.size()> kShapePriors = {0.3, 0.25, 0.2, 0.1, 0.15};

struct Belief {
  double mean = 0;
  double variance = 0;  // of the predictive distribution
  double degrees = 0;
  double evidence = 0;  // logarithm, up to what all shapes share
};

// Increments x of progress over shares s of the shape: x = theta s + noise, variance sigma^2 s.
// Conjugate: theta given sigma normal around the plan, sigma^2 inverse gamma.
class Credibility {
 public:
  void add(double share, double progress) {
    const double s = std::max(share, 1e-6);
    shares_ += s;
    progress_ += progress;
    squares_ += progress * progress / s;
    // The logarithm of the product, taken before it becomes too small: one for each value is dear.
    product_ *= s;
    if (product_ < 1e-200) log_shares_ += std::log(std::exchange(product_, 1.0));
    ++count_;
  }

  // Of what is still to come over the share `rest`.
  Belief predict(double rest) const {
    const double weight = kPlanWeight + shares_;
    const double theta = (kPlanWeight * 1.0 + progress_) / weight;
    const double degrees = kPriorDegrees + count_;
    const double residual = std::max(squares_ + kPlanWeight * 1.0 - weight * theta * theta, 0.0);
    const double variance = (kPriorDegrees * kPriorVariance + residual) / degrees;
    Belief belief;
    belief.mean = theta * rest;
    belief.degrees = degrees;
    belief.variance = variance * (rest + rest * rest / weight);
    belief.evidence = -0.5 * (log_shares_ + std::log(product_)) - 0.5 * std::log(weight) -
                      0.5 * degrees * std::log(kPriorDegrees * kPriorVariance + residual);
    return belief;
  }

 private:
  double shares_ = 0;
  double progress_ = 0;
  double squares_ = 0;
  double product_ = 1;
  double log_shares_ = 0;
  double count_ = 0;
};

double interpolated(std::span<const PlanPoint> points, double at, Date begin, double shift) {
  double position = month_position_at_start(begin);
  double share = 0;
  for (const PlanPoint& point : points) {
    const double next = month_position(point.date) + shift;
    if (at < next) {
      return share + (point.share - share) * std::max(at - position, 0.0) / (next - position);
    }
    position = next;
    share = point.share;
  }
  return share;
}

double progress_at(const Target& target, double value) {
  return (value - *target.baseline) / (*target.goal - *target.baseline);
}

// A goal that is reached by growing, not a ceiling that is kept.
bool is_reached(const Target& target) {
  DISTRICT_CHECK(target.goal && target.baseline, "what adds up has a goal and a baseline");
  const bool grows = *target.goal > *target.baseline;
  return grows == (target.direction == Direction::at_least);
}

std::span<const Reading> of_the_period(const Target& target, std::span<const Reading> readings) {
  while (!readings.empty() && readings.front().as_of < target.start) readings = readings.subspan(1);
  return readings;
}

// Where last year's values of the same target tell its shape: at least four that rise, up to the
// eve of this year's start.
constexpr std::size_t kLeastOfLastYear = 4;
constexpr int kMostDaysBefore = 35;

std::vector<PlanPoint> shape_of_last_year(const Target& target, std::span<const Reading> readings) {
  if (!target.last_year.empty()) return target.last_year;
  const double first = month_position_at_start(target.start) - 12;
  std::vector<PlanPoint> points;
  for (const Reading& reading : readings) {
    if (reading.as_of >= target.start) break;
    if (month_position(reading.as_of) <= first) continue;
    if (!points.empty() && reading.value < points.back().share) return {};
    points.push_back({reading.as_of, reading.value});
  }
  if (points.size() < kLeastOfLastYear || !(points.back().share > 0) || points.front().share < 0 ||
      points.back().date < target.start - std::chrono::days{kMostDaysBefore}) {
    return {};
  }
  // In its unit, from nothing: what was there before last year is not known.
  const double total = points.back().share;
  for (PlanPoint& point : points) point.share /= total;
  points.back().date = target.start - std::chrono::days{1};
  return points;
}

// The time that has passed, the values, and what is left, under one shape.
template <typename ShareAt>
Belief believe(std::span<const Reading> readings, const Target& target, ShareAt share_at) {
  Credibility credibility;
  double share = 0;
  double progress = 0;
  for (const Reading& reading : readings) {
    const double next_share = share_at(month_position(reading.as_of));
    const double next = progress_at(target, reading.value);
    credibility.add(next_share - share, next - progress);
    share = next_share;
    progress = next;
  }
  Belief belief = credibility.predict(std::max(1 - share, 0.0));
  belief.mean += progress;
  return belief;
}

// The mixture of the shapes as one distribution with its mean and variance.
Belief believe_in_shapes(std::span<const Reading> readings, const Target& target) {
  const double begin = month_position_at_start(target.start);
  const double length = month_position(target.deadline) - begin;
  std::array<Credibility, kShapes.size()> credibilities;
  std::array<double, kShapes.size()> shares{};
  double progress = 0;
  for (const Reading& reading : readings) {
    const double t = std::min((month_position(reading.as_of) - begin) / length, 1.0);
    const double next = progress_at(target, reading.value);
    for (std::size_t k = 0; k < kShapes.size(); ++k) {
      const double share = kShapes[k](t);
      credibilities[k].add(share - shares[k], next - progress);
      shares[k] = share;
    }
    progress = next;
  }
  std::array<Belief, kShapes.size()> beliefs;
  double most = -1e300;
  for (std::size_t k = 0; k < kShapes.size(); ++k) {
    beliefs[k] = credibilities[k].predict(std::max(1 - shares[k], 0.0));
    most = std::max(most, beliefs[k].evidence);
  }
  Belief mixture;
  double sum = 0;
  double squares = 0;
  for (std::size_t k = 0; k < kShapes.size(); ++k) {
    const double weight = kShapePriors[k] * std::exp(beliefs[k].evidence - most);
    sum += weight;
    mixture.mean += weight * beliefs[k].mean;
    squares += weight * (beliefs[k].variance + beliefs[k].mean * beliefs[k].mean);
  }
  mixture.degrees = beliefs.front().degrees;
  mixture.mean /= sum;
  mixture.variance = std::max(squares / sum - mixture.mean * mixture.mean, 0.0);
  mixture.mean += progress;
  return mixture;
}

Forecast as_forecast(const Belief& belief, double left, bool reached) {
  const double doubt = kSpeedDoubt * left;
  const double deviation = std::sqrt(std::max(belief.variance + doubt * doubt, 1e-12));
  const double width = width80(belief.degrees) * deviation;
  const double above = 1 - cumulative_t((1 - belief.mean) / deviation, belief.degrees);
  return {belief.mean, belief.mean - width, belief.mean + width, reached ? above : 1 - above};
}

// A rate wanders: its next values lie around a mean that follows the values, each one halving the
// weight of those before (Brown 1956), and the further away the deadline the less is known.
Forecast level_forecast(const Target& target, std::span<const Reading> readings) {
  DISTRICT_CHECK(target.goal, "a target that is no pledge has a goal");
  double mean = readings.front().value;
  double squares = 0;
  for (const Reading& reading : readings.subspan(1)) {
    const double surprise = reading.value - mean;
    squares += surprise * surprise;
    mean += 0.5 * surprise;
  }
  const auto degrees = static_cast<double>(readings.size() - 1);
  const Reading& newest = readings.back();
  const double months =
      std::max(month_position(target.deadline) - month_position(newest.as_of), 0.0);
  const double least = 1e-4 * std::max(std::abs(*target.goal), 1e-6);
  const double variance = std::max(squares / degrees, least * least);
  const double deviation = std::sqrt(variance * (1 + 0.25 * months));
  const double sign = target.direction == Direction::at_least ? 1 : -1;
  Forecast forecast;
  forecast.goal_probability =
      months > 0 ? cumulative_t(sign * (mean - *target.goal) / deviation, degrees)
                 : static_cast<double>(sign * (newest.value - *target.goal) >= -1e-12);
  if (!target.baseline || *target.baseline == *target.goal) return forecast;
  if (months <= 0) mean = newest.value;
  const double width = months > 0 ? width80(degrees) * deviation : 0;
  const double one = progress_at(target, mean - width);
  const double other = progress_at(target, mean + width);
  forecast.progress = progress_at(target, mean);
  forecast.lower = std::min(one, other);
  forecast.upper = std::max(one, other);
  return forecast;
}

}  // namespace

std::optional<Forecast> forecast(const Target& target, std::span<const Reading> readings) {
  const auto judged = of_the_period(target, readings);
  if (target.kind == Kind::pledge || judged.size() < kLeastForecastReadings) return std::nullopt;
  if (target.kind == Kind::level) return level_forecast(target, judged);

  const bool reached = is_reached(target);
  const double progress = progress_at(target, judged.back().value);
  if (judged.back().as_of >= target.deadline) {
    const bool is_good = reached ? progress >= 1 - 1e-12 : progress <= 1 + 1e-12;
    return Forecast{progress, progress, progress, is_good ? 1.0 : 0.0};
  }
  const double left = 1 - schedule_share(target.start, target.deadline, judged.back().as_of);
  const auto last_year = shape_of_last_year(target, readings);
  Belief belief;
  if (!last_year.empty()) {
    belief = believe(judged, target,
                     [&](double at) { return interpolated(last_year, at, target.start, 12); });
  } else if (target.pace == Pace::plan) {
    belief = believe(judged, target,
                     [&](double at) { return interpolated(target.plan, at, target.start, 0); });
  } else {
    belief = believe_in_shapes(judged, target);
  }
  Forecast result = as_forecast(belief, left, reached);
  // What is done is done: a total that has reached its goal does not fall again but by correction.
  if (reached && progress >= 1) result.goal_probability = 1;
  return result;
}

std::optional<double> required_pace(const Target& target, const Reading& newest) {
  if (target.kind == Kind::level || target.kind == Kind::pledge || !is_reached(target)) {
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

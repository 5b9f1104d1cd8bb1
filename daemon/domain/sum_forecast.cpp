#include "daemon/domain/sum_forecast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "daemon/domain/plausibility.h"
#include "daemon/domain/student_t.h"

namespace districtd {

namespace {

// What is believed before the first value. The numbers were chosen on real years, and hold on those
// of sources that were left out, see docs/forecast.md; but how far a plan is believed is a
// judgement.
constexpr double kPlanWeight = 0.2;     // kappa: how much of a year the plan's pace counts for
constexpr double kPlanPace = 0.97;      // of the goal's: half of the goals of 8 % more than last
                                        // year are missed by 3 % and more
constexpr double kPriorDegrees = 1;     // how firmly the noise is believed, in values
constexpr double kEvidencePower = 0.8;  // below 1: values are less independent than they are taken
constexpr double kOwnYears = 0.9;       // of the belief, where last year is known
constexpr double kYearBefore = 0.6;     // an own year against the one after it
constexpr double kPlan = 0.7;           // of the rest, where the target has a plan
constexpr double kOthers = 0.85;        // of the rest, times n / (n + 1) of n shapes

// sigma^2 beforehand, of a whole year's progress around its pace, by a shape that was and by a
// curve.
constexpr double kNoiseOfYear = 0.0005;
constexpr double kNoiseOfCurve = 0.004;
// The variance of what is still to come, in parts of sigma^2: of the noise, of the pace, and of the
// shape. Neighbouring months go astray together, so that the noise of one says too much of the next
// one alone and too little of many. A year is a sample of many that might have been; of n years
// the mixture itself tells how they differ, and each is in doubt by the n-th part.
constexpr double kNoiseOfRest = 0.6;
constexpr double kDoubtOfPace = 1.5;
constexpr double kDoubtOfShape = 8;

struct Noise {
  double variance;
  double doubt;
};

// Shapes of a year where none is known, and how far each is believed.
struct CommonCurve {
  double weight;
  double (*share)(double);
};
constexpr std::array kCurves = {
    CommonCurve{0.62, [](double t) { return t; }},                    // even
    CommonCurve{0.16, [](double t) { return t * (0.5 + 0.5 * t); }},  // end-loaded
    CommonCurve{0.08, [](double t) { return t * t; }},                // strongly end-loaded
    CommonCurve{0.08, [](double t) { return t * (1.5 - 0.5 * t); }},  // front-loaded
    CommonCurve{0.06, [](double t) { return t * t * (3 - 2 * t); }},  // slow, fast, slow
};

constexpr YearShape sampled(const CommonCurve& curve) {
  YearShape shape;
  for (std::size_t k = 0; k <= kTwelfths; ++k) {
    shape.share[k] = curve.share(static_cast<double>(k) / kTwelfths);
  }
  return shape;
}

constexpr std::array<YearShape, kCurves.size()> kCommonShapes = [] {
  std::array<YearShape, kCurves.size()> shapes{};
  for (std::size_t k = 0; k < shapes.size(); ++k) shapes[k] = sampled(kCurves[k]);
  return shapes;
}();

// What is still to come, by one shape.
struct Fit {
  double mean = 0;
  double variance = 0;
  double evidence = 0;  // logarithm of the marginal likelihood, up to what all shapes share
};

Fit fit(const YearShape& shape, const Noise& noise, const ValuesSeen& seen) {
  constexpr double kLeastShare = 1e-6;
  double share = 0;
  double shares = 0;
  double progress = 0;
  double squares = 0;
  double product = 1;  // its logarithm is taken once: one for each value is dear
  for (std::size_t i = 0; i < seen.count; ++i) {
    const ValuesSeen::Value& value = seen.values[i];
    const double from = shape.share[value.twelfth];
    const double next = from + value.part * (shape.share[value.twelfth + 1] - from);
    const double step = std::max(next - share, kLeastShare);
    share = next;
    product *= step;
    shares = shares * value.memory + step;
    progress = progress * value.memory + value.increment;
    squares = squares * value.memory + value.increment * value.increment / step;
  }
  const double weight = kPlanWeight + shares;
  const double pace = (kPlanWeight * kPlanPace + progress) / weight;
  const double residual =
      std::max(squares + kPlanWeight * kPlanPace * kPlanPace - weight * pace * pace, 0.);
  const double prior = kPriorDegrees * noise.variance;
  const double degrees = kPriorDegrees + seen.weight;
  const double rest = std::max(1 - share, 0.);
  Fit result;
  result.mean = pace * rest;
  result.variance = (prior + residual) / degrees * rest *
                    (kNoiseOfRest + rest * (kDoubtOfPace / weight + noise.doubt * share));
  result.evidence = -0.5 * std::log(product * weight) - 0.5 * degrees * std::log(prior + residual);
  return result;
}

// What is still to come, by all shapes.
struct Mixture {
  double mean = 0;
  double variance = 0;
};

class Shapes {
 public:
  explicit Shapes(const ValuesSeen& seen) : seen_(seen) {}

  void add(const YearShape& shape, const Noise& noise, double weight) {
    Believed& one = all_[count_++];
    one.fit = fit(shape, noise, seen_);
    one.weight = weight;
    // Of shapes whose noise differs beforehand the likelihoods share no constant.
    one.fit.evidence += 0.5 * kPriorDegrees * std::log(noise.variance);
    most_ = std::max(most_, one.fit.evidence);
  }

  Mixture mixture() const {
    double sum = 0;
    double squares = 0;
    Mixture result;
    for (std::size_t k = 0; k < count_; ++k) {
      const Fit& one = all_[k].fit;
      const double weight = all_[k].weight * std::exp(kEvidencePower * (one.evidence - most_));
      sum += weight;
      result.mean += weight * one.mean;
      squares += weight * (one.variance + one.mean * one.mean);
    }
    result.mean /= sum;
    result.variance = std::max(squares / sum - result.mean * result.mean, 0.);
    return result;
  }

 private:
  struct Believed {
    Fit fit;
    double weight = 0;
  };
  const ValuesSeen& seen_;
  std::array<Believed, kMostOwnYears + 1 + kMostCommonShapes + kCurves.size()> all_;
  std::size_t count_ = 0;
  double most_ = -1e300;
};

// The shapes that may be this year's, each as far as it is believed beforehand.
Mixture still_to_come(const ValuesSeen& seen, std::span<const YearShape> own,
                      const std::optional<YearShape>& plan, std::span<const CommonShape> others) {
  own = own.first(std::min(own.size(), kMostOwnYears));
  others = others.first(std::min(others.size(), kMostCommonShapes));
  Shapes shapes(seen);
  double left = 1;
  if (!own.empty()) {
    double sum = 0;
    double weight = 1;
    for (std::size_t k = 0; k < own.size(); ++k, weight *= kYearBefore) sum += weight;
    weight = kOwnYears / sum;
    const Noise noise{kNoiseOfYear, kDoubtOfShape / static_cast<double>(own.size())};
    for (const YearShape& shape : own) {
      shapes.add(shape, noise, weight);
      weight *= kYearBefore;
    }
    left -= kOwnYears;
  }
  if (plan) {
    shapes.add(*plan, {kNoiseOfYear, kDoubtOfShape}, left * kPlan);
    left -= left * kPlan;
  }
  const auto is_other = [&](const CommonShape& one) {
    return own.empty() || !is_same_shape(one.shape, own.front());
  };
  double count = 0;
  for (const CommonShape& one : others) count += is_other(one) ? one.weight : 0;
  if (count > 0) {
    const double weight = left * kOthers / (count + 1);
    const Noise noise{kNoiseOfYear, kDoubtOfShape / count};
    for (const CommonShape& one : others) {
      if (is_other(one)) shapes.add(one.shape, noise, weight * one.weight);
    }
    left -= weight * count;
  }
  for (std::size_t k = 0; k < kCurves.size(); ++k) {
    shapes.add(kCommonShapes[k], {kNoiseOfCurve, kDoubtOfShape}, left * kCurves[k].weight);
  }
  return shapes.mixture();
}

// The most that progress can be: of a share of a whole, all of it.
double most_progress(const Target& target, double progress) {
  if (!is_share(target) || *target.goal < *target.baseline) return HUGE_VAL;
  return std::max(progress_at(target, 1), progress);
}

// What is still to come is no less than nothing, so its square root is taken to be t-distributed:
// (a + b z)^2 with a^2 + b^2 the mean and 4 a^2 b^2 + 2 b^4 the variance.
Forecast as_forecast(const Target& target, const ValuesSeen& seen, const Mixture& rest) {
  const double mean = std::max(rest.mean, 0.);
  const double variance = std::max(rest.variance, 1e-12);
  const double open = mean * mean - variance / 2;
  const double b_squared = open > 0 ? mean - std::sqrt(open) : std::sqrt(variance / 2);
  const double a = std::sqrt(std::max(mean - b_squared, 0.));
  const double b = std::sqrt(b_squared);
  const double degrees = kPriorDegrees + seen.weight;
  const double done = seen.newest;
  const double most = most_progress(target, done);
  const auto after = [&](double root) {
    return std::min(done + (root > 0 ? root * root : 0), most);
  };
  const double width = t_width_80(degrees) * b;
  Forecast result{after(a), after(a - width), after(a + width)};
  const double missing = std::sqrt(std::max(1 - done, 0.));
  const double reached = 1 - cumulative_t((missing - a) / b, degrees);
  if (is_reached_by_growing(target)) {
    // What is done is done: a total that has reached its goal does not fall again but by
    // correction.
    result.goal_probability = done >= 1 ? 1 : reached;
  } else {
    result.goal_probability = done > 1 + 1e-12 ? 0 : 1 - reached;
  }
  return result;
}

}  // namespace

Forecast sum_forecast(const Target& target, const ValuesSeen& seen, std::span<const YearShape> own,
                      const std::optional<YearShape>& plan, std::span<const CommonShape> others) {
  return as_forecast(target, seen, still_to_come(seen, own, plan, others));
}

}  // namespace districtd

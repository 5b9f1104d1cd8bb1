#include "daemon/backtest/backtest.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "daemon/domain/forecast.h"

namespace districtd {

namespace {

constexpr std::size_t kMonths = 12;
constexpr double kLeastCoverage = 0.75;
constexpr double kMostCoverage = 0.85;

std::size_t index_of(Method method) { return static_cast<std::size_t>(method); }

// What the lines say after `month` values of progress.
double line(Method method, std::span<const double> progress) {
  const auto month = static_cast<double>(progress.size());
  const double left = static_cast<double>(kMonths) - month;
  const double last = progress.back();
  switch (method) {
    case Method::origin_line:
      return last * static_cast<double>(kMonths) / month;
    case Method::last_line:
      return last + (last - progress[progress.size() - 2]) * left;
    case Method::recent_pace: {
      const double before = progress.size() > 3 ? progress[progress.size() - 4] : 0;
      return last + (last - before) / 3 * left;
    }
    default:
      return last;
  }
}

struct Outcome {
  std::array<double, kMethods.size()> error{};
  bool is_held = false;
  double width = 0;
  double brier = 0;
};

Outcome outcome_of(const SimulatedYear& year, std::size_t month) {
  const auto readings = std::span(year.readings).first(month);
  const auto foretold = *forecast(year.target, readings);
  std::array<double, kMonths> progress{};
  for (std::size_t i = 0; i < month; ++i) progress[i] = readings[i].value / *year.target.goal;
  Outcome outcome;
  for (const Method method : kMethods) {
    const double said = method == Method::credibility
                            ? *foretold.progress
                            : line(method, std::span(progress).first(month));
    outcome.error[index_of(method)] = std::abs(said - year.result);
  }
  outcome.is_held = *foretold.lower <= year.result && year.result <= *foretold.upper;
  outcome.width = *foretold.upper - *foretold.lower;
  const double miss = foretold.goal_probability - (year.result >= 1 ? 1.0 : 0.0);
  outcome.brier = miss * miss;
  return outcome;
}

void add(BacktestResult& sum, const Outcome& outcome) {
  ++sum.forecasts;
  for (std::size_t m = 0; m < kMethods.size(); ++m) sum.error[m] += outcome.error[m];
  sum.coverage += outcome.is_held ? 1 : 0;
  sum.width += outcome.width;
  sum.brier += outcome.brier;
}

void average(BacktestResult& sum) {
  const auto count = static_cast<double>(std::max<std::uint64_t>(sum.forecasts, 1));
  for (double& error : sum.error) error /= count;
  sum.coverage /= count;
  sum.width /= count;
  sum.brier /= count;
}

}  // namespace

std::string_view to_string(Method method) {
  constexpr std::array<std::string_view, kMethods.size()> kWords = {
      "credibility", "origin_line", "last_line", "recent_pace", "last_value"};
  return kWords[index_of(method)];
}

std::string_view to_chinese(Method method) {
  constexpr std::array<std::string_view, kMethods.size()> kWords = {
      "信度加权（本程序）", "平均速度直线", "末两值直线", "近三月速度", "停在末值"};
  return kWords[index_of(method)];
}

bool Backtest::is_good() const {
  const double ours = all.error[index_of(Method::credibility)];
  const bool is_best = std::all_of(kMethods.begin() + 1, kMethods.end(), [&](Method method) {
    return ours < all.error[index_of(method)];
  });
  return is_best && all.coverage >= kLeastCoverage && all.coverage <= kMostCoverage;
}

Backtest run_backtest(std::uint32_t years, std::uint64_t seed,
                      const std::function<void(double)>& progress) {
  std::mt19937_64 random(seed);
  Backtest result;
  for (std::uint32_t number = 0; number < years; ++number) {
    for (std::size_t s = 0; s < kYearShapes.size(); ++s) {
      const bool knows = number % 2 == 1;
      const SimulatedYear year = simulate(kYearShapes[s], knows, random);
      for (std::size_t month = kLeastForecastReadings; month < kMonths; ++month) {
        const Outcome outcome = outcome_of(year, month);
        add(result.all, outcome);
        add(result.by_shape[s], outcome);
        add(result.by_month[month - 1], outcome);
        add(result.by_knowledge[knows ? 1 : 0], outcome);
      }
    }
    if (progress && number % 256 == 0) progress(static_cast<double>(number) / years);
  }
  average(result.all);
  for (auto& part : result.by_shape) average(part);
  for (auto& part : result.by_month) average(part);
  for (auto& part : result.by_knowledge) average(part);
  return result;
}

}  // namespace districtd

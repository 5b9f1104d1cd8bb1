#include "daemon/backtest/backtest.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/forecast.h"

namespace districtd {

namespace {

constexpr std::size_t kMonths = 12;
constexpr double kLeastCoverage = 0.75;
constexpr double kMostCoverage = 0.85;

ForecastOutcome outcome_of(const SimulatedYear& year, std::size_t month) {
  const auto readings = std::span(year.readings).first(month);
  ForecastOutcome outcome;
  outcome.forecast = *forecast(year.target, readings);
  outcome.result = year.result;
  outcome.reached = year.result >= 1;
  std::vector<MonthlyProgress> progress;
  for (std::size_t i = 0; i < month; ++i) {
    progress.push_back({static_cast<int>(i) + 1, readings[i].value / *year.target.goal});
  }
  const auto share = year.target.last_year.empty()
                         ? std::nullopt
                         : std::optional{year.target.last_year[month - 1].share};
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    outcome.foretold[m] = kMethods[m] == Method::credibility
                              ? outcome.forecast.progress
                              : foretold_by(kMethods[m], progress, share);
  }
  return outcome;
}

}  // namespace

bool Backtest::is_good() const {
  const auto is_best_of = [](const BacktestResult& result) {
    return std::all_of(kMethods.begin() + 1, kMethods.end(), [&](Method method) {
      return !result.is_comparable(method) ||
             result.error_of(Method::credibility) < result.error_of(method);
    });
  };
  return is_best_of(all) && is_best_of(by_knowledge[1]) && all.coverage >= kLeastCoverage &&
         all.coverage <= kMostCoverage;
}

Backtest run_backtest(std::uint32_t years, std::uint64_t seed,
                      const std::function<void(double)>& progress) {
  std::mt19937_64 random(seed);
  Backtest result;
  for (std::uint32_t number = 0; number < years; ++number) {
    for (std::size_t s = 0; s < kSimulatedShapes.size(); ++s) {
      const bool knows = number % 2 == 1;
      const SimulatedYear year = simulate(kSimulatedShapes[s], knows, random);
      for (std::size_t month = kLeastForecastReadings; month < kMonths; ++month) {
        const ForecastOutcome outcome = outcome_of(year, month);
        result.all.add(outcome);
        result.by_shape[s].add(outcome);
        result.by_month[month - 1].add(outcome);
        result.by_knowledge[knows ? 1 : 0].add(outcome);
      }
    }
    if (progress && number % 256 == 0) progress(static_cast<double>(number) / years);
  }
  result.all.average();
  for (auto& part : result.by_shape) part.average();
  for (auto& part : result.by_month) part.average();
  for (auto& part : result.by_knowledge) part.average();
  return result;
}

}  // namespace districtd

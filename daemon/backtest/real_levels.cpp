#include "daemon/backtest/real_levels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "daemon/domain/forecast.h"

namespace districtd {

namespace {

constexpr int kYear = 2026;
constexpr std::size_t kMonths = 12;

// A year's rates, by month; the last month always has one.
struct Rates {
  const std::string* source = nullptr;
  MonthlySums values;
};

std::vector<Rates> growths(const RealYears& years) {
  std::vector<Rates> all;
  for (const RealYear& year : years.years) {
    if (year.before.empty()) continue;
    Rates rates{&year.source, {}};
    for (std::size_t i = 0; i < kMonths; ++i) {
      const auto& then = year.before[0][i];
      if (year.sums[i] && then && *then > 0) rates.values[i] = *year.sums[i] / *then - 1;
    }
    // What doubles is no rate that anybody is held to.
    if (rates.values.back() && std::abs(*rates.values.back()) <= 1) all.push_back(rates);
  }
  return all;
}

// Of each series with two others of the same source and year, the next and the third: its part of
// both together, counted four times so that it lies around 80 % as the shares of catalogues do.
std::vector<Rates> shares(const RealYears& years) {
  std::map<std::pair<std::string, int>, std::vector<const RealYear*>> departments;
  for (const RealYear& year : years.years) departments[{year.source, year.year}].push_back(&year);
  std::vector<Rates> all;
  for (const auto& [department, series] : departments) {
    for (std::size_t i = 0; i < series.size(); ++i) {
      for (const std::size_t step : {std::size_t{1}, std::size_t{3}}) {
        if (i + step >= series.size()) continue;
        Rates rates{&series[i]->source, {}};
        for (std::size_t m = 0; m < kMonths; ++m) {
          const auto& one = series[i]->sums[m];
          const auto& other = series[i + step]->sums[m];
          if (one && other && *one + *other > 0) rates.values[m] = 4 * *one / (4 * *one + *other);
        }
        if (rates.values.back()) all.push_back(rates);
      }
    }
  }
  return all;
}

// On both sides of what the year ends with.
std::vector<double> goals_of(LevelKind kind, double result) {
  std::vector<double> goals;
  if (kind == LevelKind::growth) {
    for (const double off : {-0.05, -0.02, -0.01, 0.01, 0.02, 0.05}) goals.push_back(result + off);
  } else {
    const double odds = std::log(result / (1 - result));
    for (const double off : {-0.5, -0.2, -0.1, 0.1, 0.2, 0.5}) {
      goals.push_back(1 / (1 + std::exp(-odds - off)));
    }
  }
  return goals;
}

Target target_of(LevelKind kind, double goal) {
  Target target;
  target.id = "real.rate";
  target.kind = Kind::level;
  target.unit = *Unit::parse("%");
  target.is_share = kind == LevelKind::share;
  target.goal = goal;
  target.baseline = goal - 1;  // so that progress is the value, but for a constant
  target.start = date_of(kYear, 1, 1);
  target.deadline = date_of(kYear, 12, 31);
  return target;
}

struct Sum {
  double forecasts = 0;
  double held = 0;
  double squares = 0;
};

}  // namespace

std::string_view to_string(LevelKind kind) { return kind == LevelKind::share ? "share" : "growth"; }
std::string_view to_chinese(LevelKind kind) {
  return kind == LevelKind::share ? "占比" : "累计增长";
}

LevelResult measure_levels(const RealYears& years, LevelKind kind) {
  const auto all = kind == LevelKind::share ? shares(years) : growths(years);
  LevelResult result;
  result.rates = all.size();
  std::array<std::map<std::string, Sum>, kMonths> sums;
  std::array<Reliability, kMonths> reliability;
  for (const Rates& rates : all) {
    const double end = *rates.values.back();
    for (const double goal : goals_of(kind, end)) {
      const Target target = target_of(kind, goal);
      std::vector<Reading> readings;
      for (std::size_t m = 0; m + 1 < kMonths; ++m) {
        const Date day{std::chrono::year{kYear} / std::chrono::month{static_cast<unsigned>(m + 1)} /
                       std::chrono::last};
        if (rates.values[m]) readings.push_back({day, *rates.values[m], {}});
        if (m < 2) continue;
        const auto foretold = forecast(target, readings);
        if (!foretold) continue;
        const double progress = end - *target.baseline;
        Sum& sum = sums[m][*rates.source];
        ++sum.forecasts;
        sum.held += *foretold->lower <= progress && progress <= *foretold->upper ? 1 : 0;
        const bool reached = end >= goal;
        sum.squares += std::pow(foretold->goal_probability - (reached ? 1 : 0), 2);
        reliability[m].add(foretold->goal_probability, reached);
      }
    }
  }
  for (std::size_t m = 0; m < kMonths; ++m) {
    for (const auto& [source, sum] : sums[m]) {
      result.forecasts[m] += static_cast<std::uint64_t>(sum.forecasts);
      result.coverage[m] += sum.held / sum.forecasts / static_cast<double>(sums[m].size());
      result.brier[m] += sum.squares / sum.forecasts / static_cast<double>(sums[m].size());
    }
    result.reliability[m] = reliability[m].bins();
  }
  return result;
}

}  // namespace districtd

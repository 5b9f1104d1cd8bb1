#include "daemon/backtest/measure.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.h"

namespace districtd {

namespace {

constexpr double kMonths = 12;
constexpr double kMostOfShare = 3;
constexpr double kMissed = 10;  // 2 / (1 - 0.8)

std::size_t index_of(Method method) { return static_cast<std::size_t>(method); }

}  // namespace

std::string_view to_string(Method method) {
  constexpr std::array<std::string_view, kMethods.size()> kWords = {
      "credibility", "origin_line", "last_line", "recent_pace", "last_value", "last_year_share"};
  return kWords[index_of(method)];
}

std::string_view to_chinese(Method method) {
  constexpr std::array<std::string_view, kMethods.size()> kWords = {
      "信度加权（本程序）", "平均速度直线", "末两值直线", "近三月速度", "停在末值", "去年同期占比"};
  return kWords[index_of(method)];
}

std::optional<double> foretold_by(Method method, std::span<const MonthlyProgress> values,
                                  std::optional<double> last_year_share) {
  DISTRICT_CHECK(!values.empty(), "something is known");
  const MonthlyProgress last = values.back();
  const double left = kMonths - last.month;
  // The straight line through the value `back` values before, or through nothing at the beginning.
  const auto line = [&](std::size_t back) {
    const MonthlyProgress from =
        values.size() > back ? values[values.size() - 1 - back] : MonthlyProgress{};
    return last.progress + (last.progress - from.progress) / (last.month - from.month) * left;
  };
  switch (method) {
    case Method::origin_line:
      return last.progress * kMonths / last.month;
    case Method::last_line:
      return line(1);
    case Method::recent_pace:
      return line(3);
    case Method::last_year_share:
      if (!last_year_share || *last_year_share <= 0) return std::nullopt;
      return std::min(last.progress / *last_year_share, kMostOfShare);
    case Method::credibility:
    case Method::last_value:
      break;
  }
  return last.progress;
}

void BacktestResult::add(const ForecastOutcome& outcome) {
  ++forecasts;
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    if (!outcome.foretold[m]) continue;
    error[m] += std::abs(*outcome.foretold[m] - outcome.result);
    ++counted[m];
  }
  const double lower = *outcome.forecast.lower;
  const double upper = *outcome.forecast.upper;
  constexpr double kSlack = 1e-9;
  const bool is_held = lower - kSlack <= outcome.result && outcome.result <= upper + kSlack;
  coverage += is_held ? 1 : 0;
  width += upper - lower;
  interval_score +=
      upper - lower +
      kMissed * (std::max(lower - outcome.result, 0.) + std::max(outcome.result - upper, 0.));
  if (outcome.is_close) return;
  const double miss = outcome.forecast.goal_probability - (outcome.reached ? 1 : 0);
  brier += miss * miss;
  ++probabilities;
}

void BacktestResult::average() {
  const double count = std::max(static_cast<double>(forecasts), 1.);
  for (std::size_t m = 0; m < kMethods.size(); ++m) error[m] /= std::max(counted[m], 1.);
  coverage /= count;
  width /= count;
  interval_score /= count;
  brier /= std::max(probabilities, 1.);
}

BacktestResult mean_of(std::span<const BacktestResult> results) {
  BacktestResult mean;
  double count = 0;
  for (const BacktestResult& result : results) {
    if (result.forecasts == 0) continue;
    ++count;
    mean.forecasts += result.forecasts;
    for (std::size_t m = 0; m < kMethods.size(); ++m) {
      if (result.counted[m] == 0) continue;
      mean.error[m] += result.error[m];
      ++mean.counted[m];
    }
    mean.coverage += result.coverage;
    mean.width += result.width;
    mean.interval_score += result.interval_score;
    mean.brier += result.brier;
    mean.probabilities += result.probabilities;
  }
  for (std::size_t m = 0; m < kMethods.size(); ++m) mean.error[m] /= std::max(mean.counted[m], 1.);
  count = std::max(count, 1.);
  mean.coverage /= count;
  mean.width /= count;
  mean.interval_score /= count;
  mean.brier /= count;
  return mean;
}

void Reliability::add(double probability, bool reached) {
  std::size_t bin = 0;
  while (bin + 1 < sums_.size() && probability >= kEdges[bin + 1]) ++bin;
  ++sums_[bin].forecasts;
  sums_[bin].stated += probability;
  sums_[bin].reached += reached ? 1 : 0;
}

std::array<ReliabilityBin, 7> Reliability::bins() const {
  std::array<ReliabilityBin, 7> bins;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const Sum& sum = sums_[i];
    const double count = std::max(static_cast<double>(sum.forecasts), 1.);
    bins[i] = {kEdges[i], kEdges[i + 1], sum.forecasts, sum.stated / count, sum.reached / count};
  }
  return bins;
}

}  // namespace districtd

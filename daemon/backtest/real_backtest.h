// How well the forecast does on years that were published. docs/forecast.md has the results.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "daemon/backtest/measure.h"
#include "daemon/backtest/real_levels.h"
#include "daemon/backtest/real_years.h"

namespace districtd {

// What is known of the target's own years before. In each case the department's other targets have
// their last years.
enum class Knowledge {
  nothing,
  last_year,
  three_years,  // as many as were published
};
inline constexpr std::array kKnowledge = {Knowledge::nothing, Knowledge::last_year,
                                          Knowledge::three_years};
std::string_view to_string(Knowledge knowledge);   // "without_last_year"
std::string_view to_chinese(Knowledge knowledge);  // "不知去年形态"

// How early a goal is called out of reach, at the probability that a target's tolerance has where
// the catalogue says nothing, and how often wrongly. Sources count the same.
struct OutOfReach {
  double quarter_too_high =
      0;  // part of the goals that are a quarter above what is reached: called
  double tenth_too_high = 0;
  double within_reach = 0;  // of those that are a tenth below it: called, and wrongly
  std::uint64_t calls = 0;
  double wrong = 0;  // part of all calls after which the goal was reached
};

// Each real year with goals from a tenth below to a quarter above what was reached, and with last
// year's total and 8 % as its goal. One forecast a month from March to November.
struct RealResult {
  BacktestResult all;                     // the mean of the sources
  std::vector<BacktestResult> by_source;  // as RealYears::sources
  std::array<BacktestResult, 12> by_month;
  BacktestResult changed;  // years whose shape differs from last year's by a tenth and more; all
                           // forecasts count the same
  std::array<std::array<ReliabilityBin, 7>, 12> reliability;  // by month
  std::array<OutOfReach, 12> out_of_reach;                    // by month
};

struct RealBacktest {
  std::array<RealResult, kKnowledge.size()> by_knowledge;
  std::array<LevelResult, kLevelKinds.size()> levels;

  // On all years, sources counting the same: an error of at most 85 % of the average pace's and of
  // 75 % of last year's share's, and an interval that holds 75 to 87 %.
  bool is_good() const;
};

RealBacktest run_real_backtest(const RealYears& years);

}  // namespace districtd

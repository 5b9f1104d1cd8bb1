// How well the forecast does on years whose end is known. docs/forecast.md has the results.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "daemon/backtest/simulated_years.h"

namespace districtd {

// Ways to foretell the progress at the deadline from the values so far.
enum class Method {
  credibility,  // forecast()
  origin_line,  // the straight line from the year's beginning through the last value: the average
                // pace so far, carried to the deadline
  last_line,    // the straight line through the last two values
  recent_pace,  // the average pace of the last three months
  last_value,   // nothing more comes
};
inline constexpr std::array kMethods = {Method::credibility, Method::origin_line, Method::last_line,
                                        Method::recent_pace, Method::last_value};
std::string_view to_string(Method method);   // "credibility"
std::string_view to_chinese(Method method);  // "信度加权"

// Over a set of forecasts, one a month from the third to the eleventh.
struct BacktestResult {
  std::uint64_t forecasts = 0;
  std::array<double, kMethods.size()> error{};  // mean absolute, of progress
  double coverage = 0;                          // part of the results within the 80 % interval
  double width = 0;                             // mean width of the interval
  double brier = 0;  // mean squared error of the goal's probability: 0 is perfect, 0.25 a coin
};

struct Backtest {
  BacktestResult all;
  std::array<BacktestResult, kYearShapes.size()> by_shape;
  std::array<BacktestResult, 12> by_month;     // index 2 is the end of March; before it none
  std::array<BacktestResult, 2> by_knowledge;  // without and with last year's shape

  // Better than each other method, and the interval holds 75 to 85 % of the results.
  bool is_good() const;
};

// `years` of each shape, half of them with last year's shape known. The same seed gives the same
// result. `progress` is called with the part that is done, 0..1.
Backtest run_backtest(std::uint32_t years, std::uint64_t seed,
                      const std::function<void(double)>& progress = {});

}  // namespace districtd

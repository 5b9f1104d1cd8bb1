// How well the forecast does on simulated years. docs/forecast.md has the results.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "daemon/backtest/measure.h"
#include "daemon/backtest/simulated_years.h"

namespace districtd {

struct Backtest {
  BacktestResult all;
  std::array<BacktestResult, kSimulatedShapes.size()> by_shape;
  std::array<BacktestResult, 12> by_month;     // index 2 is the end of March; before it none
  std::array<BacktestResult, 2> by_knowledge;  // without and with last year's shape

  // Better than each other method, where last year is known than its share too, and the interval
  // holds 75 to 85 % of the results.
  bool is_good() const;
};

// `years` of each shape, half of them with last year's shape known. The same seed gives the same
// result. `progress` is called with the part that is done, 0..1.
Backtest run_backtest(std::uint32_t years, std::uint64_t seed,
                      const std::function<void(double)>& progress = {});

}  // namespace districtd

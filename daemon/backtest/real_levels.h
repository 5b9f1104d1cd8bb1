// How well the probability of a level does: on rates that follow from the real years.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/backtest/measure.h"
#include "daemon/backtest/real_years.h"

namespace districtd {

// The rates of the period so far that the sums of two series, or of two years, make.
enum class LevelKind {
  share,   // of a whole: one series' part of its own and another one's sum
  growth,  // of the sum so far against the same months of the year before
};
inline constexpr std::array kLevelKinds = {LevelKind::share, LevelKind::growth};
std::string_view to_string(LevelKind kind);   // "share"
std::string_view to_chinese(LevelKind kind);  // "占比"

// With goals on both sides of the year's rate, near and far. Sources count the same.
struct LevelResult {
  std::uint64_t rates = 0;  // years
  std::array<std::uint64_t, 12> forecasts{};
  std::array<double, 12> coverage{};  // of the 80 % interval, by month
  std::array<double, 12> brier{};
  std::array<std::array<ReliabilityBin, 7>, 12> reliability;
};

LevelResult measure_levels(const RealYears& years, LevelKind kind);

}  // namespace districtd

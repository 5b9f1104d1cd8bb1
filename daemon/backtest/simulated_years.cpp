#include "daemon/backtest/simulated_years.h"

#include <cmath>
#include <numeric>

namespace districtd {

namespace {

using Months = std::array<double, 12>;

struct Named {
  std::string_view word;
  std::string_view chinese;
  Months months;  // parts of the year, to be scaled
};

const Named& named(SimulatedShape shape) {
  static constexpr std::array<Named, kSimulatedShapes.size()> kNamed = {{
      {"even", "均衡", {8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8}},
      {"end_loaded", "前松后紧", {4, 4, 5, 6, 6, 7, 8, 9, 10, 12, 14, 15}},
      {"strongly_end_loaded", "年底集中", {1, 2, 2, 3, 4, 5, 6, 8, 11, 14, 19, 25}},
      {"front_loaded", "前紧后松", {14, 13, 12, 11, 10, 8, 7, 6, 6, 5, 4, 4}},
      {"spring_and_autumn", "春秋两季", {3, 3, 11, 13, 12, 6, 4, 5, 12, 13, 12, 6}},
      {"quarterly", "按季入账", {1, 1, 22, 1, 1, 23, 1, 1, 23, 1, 1, 24}},
      {"stalled", "年中停滞", {10, 10, 11, 11, 11, 0, 0, 0, 11, 12, 12, 12}},
      {"final_spurt", "年末冲刺", {5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 35}},
  }};
  return kNamed[static_cast<std::size_t>(shape)];
}

constexpr double kNoise = 0.35;  // of a month's part, as a lognormal's sigma
constexpr double kLeast = 0.4;
constexpr double kMost = 1.6;

Months noisy(const Months& months, std::mt19937_64& random) {
  std::normal_distribution<double> normal(0, kNoise);
  Months parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = months[i] * std::exp(normal(random));
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  for (double& part : parts) part /= sum;
  return parts;
}

Date month_end(int year, unsigned month) {
  return Date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::last};
}

}  // namespace

std::string_view to_string(SimulatedShape shape) { return named(shape).word; }
std::string_view to_chinese(SimulatedShape shape) { return named(shape).chinese; }

SimulatedYear simulate(SimulatedShape shape, bool knows_last_year, std::mt19937_64& random) {
  constexpr int kYear = 2026;
  SimulatedYear year;
  year.target.id = "simulated.year";
  year.target.goal = 100;
  year.target.baseline = 0;
  year.target.start = date_of(kYear, 1, 1);
  year.target.deadline = date_of(kYear, 12, 31);
  if (knows_last_year) {
    double share = 0;
    const Months parts = noisy(named(shape).months, random);
    for (unsigned month = 1; month <= parts.size(); ++month) {
      share += parts[month - 1];
      year.target.last_year.push_back({month_end(kYear - 1, month), share});
    }
    year.target.last_year.back().share = 1;
  }
  year.result = std::uniform_real_distribution<double>(kLeast, kMost)(random);
  const Months parts = noisy(named(shape).months, random);
  double share = 0;
  for (unsigned month = 1; month <= parts.size(); ++month) {
    share += parts[month - 1];
    year.readings.push_back(
        {month_end(kYear, month), 100 * year.result * share, month_end(kYear, month)});
  }
  return year;
}

}  // namespace districtd

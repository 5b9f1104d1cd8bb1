// docs/forecast.md: what is done, and what is left at a pace between the plan's and the one so far.
#include "daemon/domain/forecast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;

std::vector<Reading> monthly(const std::vector<double>& values) {
  std::vector<Reading> readings;
  for (unsigned month = 1; month <= values.size(); ++month) {
    readings.push_back({end_of(month), values[month - 1], end_of(month)});
  }
  return readings;
}

TEST(ForecastTest, ThereIsNoneBeforeThreeValues) {
  EXPECT_FALSE(forecast(cumulative(100, "个"), monthly({8, 16})));
  EXPECT_TRUE(forecast(cumulative(100, "个"), monthly({8, 16, 24})));
  EXPECT_FALSE(forecast(testing::pledge(), monthly({1, 1, 1})));
}

TEST(ForecastTest, AnEvenYearIsForetoldNearItsGoal) {
  const Forecast foretold = *forecast(cumulative(120, "个"), monthly({10, 20, 30, 40, 50, 60}));
  EXPECT_NEAR(*foretold.progress, 1, 0.1);
  EXPECT_LT(*foretold.lower, *foretold.progress);
  EXPECT_GT(*foretold.upper, *foretold.progress);
}

TEST(ForecastTest, TheIntervalNarrowsAsTheYearGoesOn) {
  const Target target = cumulative(120, "个");
  const auto width = [&](const std::vector<double>& values) {
    const Forecast foretold = *forecast(target, monthly(values));
    return *foretold.upper - *foretold.lower;
  };
  EXPECT_GT(width({10, 20, 30}), width({10, 20, 30, 40, 50, 60}));
  EXPECT_GT(width({10, 20, 30, 40, 50, 60}), width({10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110}));
}

TEST(ForecastTest, TheUnitMakesNoDifference) {
  const Forecast small = *forecast(cumulative(30, "亿元"), monthly({2e8, 5e8, 7e8, 9e8}));
  const Forecast large = *forecast(cumulative(300, "亿元"), monthly({2e9, 5e9, 7e9, 9e9}));
  EXPECT_NEAR(*small.progress, *large.progress, 1e-12);
  EXPECT_NEAR(small.goal_probability, large.goal_probability, 1e-12);
}

TEST(ForecastTest, LastYearsShapeExplainsALateYear) {
  Target target = cumulative(100, "个");
  const std::vector<double> half = {1, 2, 3, 5, 8, 12};
  const Forecast without = *forecast(target, monthly(half));
  const std::vector<double> shape = {1, 2, 3, 5, 8, 12, 18, 26, 37, 52, 73, 100};
  for (unsigned month = 1; month <= 12; ++month) {
    target.last_year.push_back(
        {period_end(Cadence::month, day(2025, month, 1)), shape[month - 1] / 100});
  }
  const Forecast with = *forecast(target, monthly(half));
  EXPECT_NEAR(*with.progress, 1, 0.1);
  EXPECT_LT(*without.progress, *with.progress);
  EXPECT_GT(with.goal_probability, without.goal_probability);

  // The same from the values of the year before under the same id.
  target.last_year.clear();
  std::vector<Reading> both;
  for (unsigned month = 1; month <= 12; ++month) {
    both.push_back({period_end(Cadence::month, day(2025, month, 1)), shape[month - 1], {}});
  }
  for (const Reading& reading : monthly(half)) both.push_back(reading);
  EXPECT_NEAR(*forecast(target, both)->progress, *with.progress, 1e-9);
}

TEST(ForecastTest, ACeilingTurnsTheProbability) {
  const std::vector<Reading> fast = monthly({20, 40, 60, 80});
  const double reached = forecast(cumulative(100, "个"), fast)->goal_probability;
  const double kept = forecast(testing::ceiling(cumulative(100, "个")), fast)->goal_probability;
  EXPECT_GT(reached, 0.9);
  EXPECT_NEAR(reached + kept, 1, 1e-9);
}

TEST(ForecastTest, AtTheDeadlineItIsWhatItIs) {
  const auto year = monthly({5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98});
  const Forecast foretold = *forecast(cumulative(100, "个"), year);
  EXPECT_EQ(foretold.progress, 0.98);
  EXPECT_EQ(foretold.lower, foretold.upper);
  EXPECT_EQ(foretold.goal_probability, 0);
}

TEST(ForecastTest, ALevelHasAProbabilityAndWithoutABaselineNothingElse) {
  const Forecast safe = *forecast(testing::level(95, "%"), monthly({0.97, 0.971, 0.969, 0.97}));
  EXPECT_GT(safe.goal_probability, 0.9);
  EXPECT_FALSE(safe.progress);
  EXPECT_LT(forecast(testing::level(95, "%"), monthly({0.90, 0.91, 0.90}))->goal_probability, 0.1);
}

TEST(ForecastTest, WhateverIsReportedIsFinite) {
  testing::Random random(5);
  for (int round = 0; round < 20000; ++round) {
    Target target = random.coin() ? cumulative(100, "个") : testing::level(95, "%");
    if (random.coin()) target.direction = Direction::at_most;
    std::vector<Reading> readings;
    Date as_of = target.start;
    for (int n = random.whole(3, 15); n > 0; --n) {
      const double value = random.coin() ? 0 : random.real(-500, 5000);
      readings.push_back({as_of, value, as_of});
      as_of += std::chrono::days{random.whole(1, 60)};
    }
    const auto foretold = forecast(target, readings);
    ASSERT_TRUE(foretold);
    ASSERT_GE(foretold->goal_probability, 0);
    ASSERT_LE(foretold->goal_probability, 1);
    if (!foretold->progress) continue;
    ASSERT_TRUE(std::isfinite(*foretold->progress));
    ASSERT_LE(*foretold->lower, *foretold->progress);
    ASSERT_GE(*foretold->upper, *foretold->progress);
  }
}

TEST(RequiredPaceTest, IsWhatIsLeftByTheMonthsThatAreLeft) {
  const Target target = cumulative(100, "个");
  EXPECT_NEAR(*required_pace(target, {end_of(6), 40, {}}), 0.6 / 6, 1e-12);
  EXPECT_EQ(required_pace(target, {end_of(6), 120, {}}), 0.0);
  EXPECT_EQ(required_pace(target, {end_of(12), 40, {}}), std::nullopt);
  EXPECT_EQ(required_pace(testing::ceiling(target), {end_of(6), 40, {}}), std::nullopt);
}

TEST(ReachedInTest, IsTheMonthAtTheAveragePace) {
  const Target target = cumulative(100, "个");
  EXPECT_EQ(reached_in(target, {end_of(6), 50, {}}), end_of(12));
  EXPECT_EQ(reached_in(target, {end_of(6), 40, {}}), day(2027, 3, 31));
  EXPECT_EQ(reached_in(target, {end_of(6), 0, {}}), std::nullopt);
  EXPECT_EQ(reached_in(target, {end_of(6), 0.1, {}}), std::nullopt) << "in 500 years";
}

}  // namespace
}  // namespace districtd

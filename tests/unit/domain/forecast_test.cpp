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

// A year whose months are these parts of its whole.
std::vector<PlanPoint> last_year_of(const std::vector<double>& cumulative, int year = 2025) {
  std::vector<PlanPoint> points;
  for (unsigned month = 1; month <= cumulative.size(); ++month) {
    points.push_back({period_end(Cadence::month, day(year, month, 1)),
                      cumulative[month - 1] / cumulative.back()});
  }
  return points;
}

const std::vector<double> kLate = {1, 2, 3, 5, 8, 12, 18, 26, 37, 52, 73, 100};
const std::vector<double> kEarly = {15, 29, 41, 52, 61, 69, 76, 82, 87, 92, 96, 100};

TEST(ForecastTest, TwoValuesAreEnoughWhereAShapeIsKnown) {
  Target target = cumulative(100, "个");
  const std::vector<Reading> merged = {{end_of(2), 2, {}}, {end_of(3), 3, {}}};
  EXPECT_FALSE(forecast(target, merged));
  const YearShape other = shapes_of_last_years([] {
    Target one = cumulative(100, "个");
    one.last_year = last_year_of(kLate);
    return one;
  }())[0];
  const std::vector<CommonShape> others = {{other, 1}};
  EXPECT_TRUE(forecast(target, merged, {{}, others}));
  target.last_year = last_year_of(kLate);
  EXPECT_TRUE(forecast(target, merged));
}

TEST(ForecastTest, TheDepartmentsOtherTargetsTellTheShapeOfOneThatHasNone) {
  const Target target = cumulative(100, "个");
  std::vector<YearShape> shapes;
  for (double bend = 0; bend < 3; ++bend) {
    Target other = cumulative(100, "个");
    std::vector<double> late = kLate;
    for (std::size_t i = 0; i + 1 < late.size(); ++i) late[i] += bend * static_cast<double>(i) / 5;
    other.last_year = last_year_of(late);
    shapes.push_back(shapes_of_last_years(other)[0]);
  }
  const auto others = common_shapes(shapes);
  ASSERT_EQ(others.size(), 3U);
  const std::vector<double> half(kLate.begin(), kLate.begin() + 6);
  const Forecast alone = *forecast(target, monthly(half));
  const Forecast among = *forecast(target, monthly(half), {{}, others});
  EXPECT_LT(*alone.progress, 0.65);
  EXPECT_GT(*among.progress, 0.75);
}

TEST(ForecastTest, AWrongLastYearIsNotTrusted) {
  Target target = cumulative(100, "个");
  target.last_year = last_year_of(kEarly);
  // By last year's share 14 % would come of this; the values of six months show another shape.
  const std::vector<double> half(kLate.begin(), kLate.begin() + 8);
  const double by_share = half.back() / kEarly[7];
  const Forecast foretold = *forecast(target, monthly(half));
  EXPECT_GT(*foretold.progress, by_share + 0.1);
  EXPECT_GT(*foretold.upper, 0.6);
}

TEST(ForecastTest, AMonthOfNothingInLastYearMakesNoneExplode) {
  Target target = cumulative(100, "个");
  target.last_year = last_year_of({0, 0, 0, 0.001, 0.001, 0.002, 20, 40, 60, 80, 90, 100});
  const Forecast foretold = *forecast(target, monthly({8, 16, 24}));
  EXPECT_LT(*foretold.progress, 2);
  EXPECT_LT(*foretold.upper, 3);
}

TEST(ForecastTest, TwoAndThreeYearsAreBelievedTogether) {
  Target target = cumulative(100, "个");
  target.last_year = last_year_of(kEarly);
  const std::vector<double> half(kLate.begin(), kLate.begin() + 6);
  const double one = *forecast(target, monthly(half))->progress;
  target.last_year = last_year_of(kLate, 2024);
  const auto newest = last_year_of(kEarly);
  target.last_year.insert(target.last_year.end(), newest.begin(), newest.end());
  const double two = *forecast(target, monthly(half))->progress;
  EXPECT_GT(two, one + 0.2) << "the year before last explains the values";
}

TEST(ForecastTest, NothingIsBelowWhatIsDoneOrAboveWhatCanBe) {
  testing::Random random(11);
  for (int round = 0; round < 20000; ++round) {
    Target target = cumulative(random.coin() ? 80 : 100, "%");
    target.is_share = true;
    if (random.coin()) target.last_year = last_year_of(random.coin() ? kLate : kEarly);
    std::vector<double> values;
    double value = 0;
    for (int n = random.whole(3, 11); n > 0; --n) {
      value += random.real(0, (1 - value) / 2);
      values.push_back(value);
    }
    const Forecast foretold = *forecast(target, monthly(values));
    const double most = 1 / *target.goal;
    ASSERT_GE(*foretold.lower, value / *target.goal - 1e-12);
    ASSERT_LE(*foretold.lower, *foretold.progress);
    ASSERT_LE(*foretold.progress, *foretold.upper);
    ASSERT_LE(*foretold.upper, most + 1e-12);
  }
}

TEST(ForecastTest, WhatIsReportedEveryWeekSaysWhatItSaysByMonth) {
  const Target target = cumulative(100, "个");
  std::vector<Reading> weekly;
  for (Date d = target.start + std::chrono::days{6}; d <= end_of(6); d += std::chrono::days{7}) {
    weekly.push_back({d, 100 * schedule_share(target.start, target.deadline, d), {}});
  }
  weekly.push_back({end_of(6), 50, {}});
  const Forecast by_week = *forecast(target, weekly);
  std::vector<double> even;
  for (int month = 1; month <= 6; ++month) even.push_back(100. * month / 12);
  const Forecast by_month = *forecast(target, monthly(even));
  EXPECT_NEAR(*by_week.progress, *by_month.progress, 0.02);
  EXPECT_NEAR(*by_week.lower, *by_month.lower, 0.03);
}

TEST(ForecastTest, WhatNobodyHasMeasuredIsNotForetold) {
  const std::vector<double> values = {0.1, 0.2, 0.3, 0.4};
  EXPECT_FALSE(forecast(testing::milestone(), monthly(values)));
  EXPECT_FALSE(forecast(testing::level(30, "天"), monthly({31, 30, 32, 31})));
  // Growth may pass 100 %; of it the first three quarters of the year say too little.
  const Target growth = testing::level(7, "%");
  EXPECT_FALSE(forecast(growth, monthly({0.06, 0.06, 0.06, 0.06, 0.06, 0.06, 0.06, 0.06})));
  const auto september = monthly({0.06, 0.06, 0.06, 0.06, 0.06, 0.06, 0.06, 0.06, 0.06});
  ASSERT_TRUE(forecast(growth, september));
  EXPECT_LT(forecast(growth, september)->goal_probability, 0.3);
}

TEST(ForecastTest, AShareOfAWholeStaysBelowAllOfIt) {
  Target target = testing::level(95, "%");
  target.baseline = 0.8;
  const Forecast foretold = *forecast(target, monthly({0.99, 0.9, 0.995, 0.99}));
  EXPECT_LE(*foretold.upper, (1 - 0.8) / (0.95 - 0.8) + 1e-12);
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

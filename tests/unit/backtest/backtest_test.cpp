// The forecast keeps what docs/forecast.md says of it, on years that it has not seen.
#include "daemon/backtest/backtest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "daemon/backtest/real_backtest.h"

namespace districtd {
namespace {

class BacktestTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(BacktestTest, TheForecastBeatsEveryLineAndItsIntervalHoldsFourTimesInFive) {
  const Backtest result = run_backtest(300, GetParam());
  for (std::size_t m = 1; m < kMethods.size(); ++m) {
    const bool needs_last_year = kMethods[m] == Method::last_year_share;
    const BacktestResult& asked = needs_last_year ? result.by_knowledge[1] : result.all;
    EXPECT_LT(asked.error[0], asked.error[m]) << to_string(kMethods[m]);
  }
  EXPECT_GE(result.all.coverage, 0.75);
  EXPECT_LE(result.all.coverage, 0.85);
  EXPECT_LT(result.all.brier, 0.25) << "worse than a coin";
  EXPECT_TRUE(result.is_good());
}

INSTANTIATE_TEST_SUITE_P(Seeds, BacktestTest, ::testing::Values(1U, 20U, 300U));

TEST(BacktestOnceTest, KnowingLastYearsShapeHelps) {
  const Backtest result = run_backtest(300, 4);
  EXPECT_LT(result.by_knowledge[1].error[0], result.by_knowledge[0].error[0]);
}

TEST(BacktestOnceTest, TheSameSeedGivesTheSameYears) {
  EXPECT_EQ(run_backtest(10, 5).all.error, run_backtest(10, 5).all.error);
  EXPECT_NE(run_backtest(10, 5).all.error, run_backtest(10, 6).all.error);
}

// docs/forecast.md, what the real years show.
class RealBacktestTest : public ::testing::Test {
 protected:
  static const RealBacktest& real() {
    static const RealBacktest result = run_real_backtest(real_years());
    return result;
  }
  static const RealResult& of(Knowledge knowledge) {
    return real().by_knowledge[static_cast<std::size_t>(knowledge)];
  }
};

TEST(RealYearsTest, EachYearHasItsEndAndASourceThatSaysWhereItIsFrom) {
  const RealYears& years = real_years();
  EXPECT_EQ(years.sources.size(), 18U);
  EXPECT_EQ(years.years.size(), 481U);
  for (const RealSource& source : years.sources) EXPECT_FALSE(source.from.empty()) << source.id;
  for (const RealYear& year : years.years) {
    EXPECT_EQ(year.sums.back(), 1.0) << year.source << " " << year.key;
    EXPECT_TRUE(std::any_of(years.sources.begin(), years.sources.end(),
                            [&](const RealSource& one) { return one.id == year.source; }));
  }
}

TEST_F(RealBacktestTest, TheForecastBeatsThePaceTheLinesAndLastYearsShare) {
  const BacktestResult& without = of(Knowledge::nothing).all;
  const BacktestResult& with = of(Knowledge::last_year).all;
  const double error = without.error_of(Method::credibility);
  EXPECT_LT(error, 0.7 * without.error_of(Method::origin_line));
  EXPECT_LT(error, 0.7 * without.error_of(Method::last_line));
  EXPECT_LT(with.error_of(Method::credibility), 0.75 * with.error_of(Method::last_year_share));
  EXPECT_LT(with.error_of(Method::credibility), error);
  EXPECT_LT(of(Knowledge::three_years).all.error_of(Method::credibility),
            with.error_of(Method::credibility));
  EXPECT_TRUE(real().is_good());
}

TEST_F(RealBacktestTest, TheIntervalHoldsWhatItSaysInEachMonth) {
  for (const Knowledge knowledge : kKnowledge) {
    EXPECT_NEAR(of(knowledge).all.coverage, 0.8, 0.05) << to_string(knowledge);
    for (std::size_t month = 2; month < 11; ++month) {
      EXPECT_NEAR(of(knowledge).by_month[month].coverage, 0.8, 0.09)
          << to_string(knowledge) << " " << month + 1;
    }
  }
}

TEST_F(RealBacktestTest, WhatIsSaidToBeProbableIsSoInEachMonth) {
  for (const Knowledge knowledge : kKnowledge) {
    for (std::size_t month = 2; month < 11; ++month) {
      for (const ReliabilityBin& bin : of(knowledge).reliability[month]) {
        if (bin.forecasts < 100) continue;
        EXPECT_NEAR(bin.stated, bin.reached, 0.18)
            << to_string(knowledge) << " " << month + 1 << " " << bin.from;
      }
    }
  }
}

TEST_F(RealBacktestTest, AGoalOutOfReachIsCalledEarlyAndSeldomWrongly) {
  for (const Knowledge knowledge : kKnowledge) {
    const auto& by_month = of(knowledge).out_of_reach;
    for (std::size_t month = 2; month < 11; ++month) {
      EXPECT_LT(by_month[month].wrong, Tolerance{}.out_of_reach / 2) << month + 1;
      EXPECT_LT(by_month[month].within_reach, 0.08) << month + 1;
    }
  }
  EXPECT_GT(of(Knowledge::nothing).out_of_reach[2].quarter_too_high, 0.3) << "in March";
  EXPECT_GT(of(Knowledge::nothing).out_of_reach[5].quarter_too_high, 0.6) << "in June";
  EXPECT_GT(of(Knowledge::last_year).out_of_reach[2].quarter_too_high, 0.7) << "in March";
}

TEST_F(RealBacktestTest, TheProbabilityOfALevelIsOneWhereItIsGiven) {
  for (const LevelResult& level : real().levels) {
    EXPECT_GT(level.rates, 300U);
    for (std::size_t month = 0; month < 12; ++month) {
      if (level.forecasts[month] == 0) continue;
      for (const ReliabilityBin& bin : level.reliability[month]) {
        if (bin.forecasts >= 100) {
          EXPECT_NEAR(bin.stated, bin.reached, 0.22) << month + 1 << " " << bin.from;
        }
      }
    }
  }
  const auto& growth = real().levels[static_cast<std::size_t>(LevelKind::growth)];
  EXPECT_EQ(growth.forecasts[7], 0U) << "in August it says nothing";
  EXPECT_GT(growth.forecasts[8], 0U);
}

TEST(ForetoldByTest, TheOtherWaysAreWhatTheySay) {
  const std::vector<MonthlyProgress> values = {{2, 0.1}, {3, 0.2}, {4, 0.4}};
  EXPECT_NEAR(*foretold_by(Method::origin_line, values, {}), 1.2, 1e-12);
  EXPECT_NEAR(*foretold_by(Method::last_line, values, {}), 2.0, 1e-12);
  EXPECT_NEAR(*foretold_by(Method::recent_pace, values, {}), 1.2, 1e-12);
  EXPECT_NEAR(*foretold_by(Method::last_value, values, {}), 0.4, 1e-12);
  EXPECT_NEAR(*foretold_by(Method::last_year_share, values, 0.5), 0.8, 1e-12);
  EXPECT_EQ(foretold_by(Method::last_year_share, values, {}), std::nullopt);
}

TEST(ReliabilityTest, ABinSaysWhatWasStatedAndWhatCameTrue) {
  Reliability reliability;
  reliability.add(0.9, true);
  reliability.add(0.84, false);
  reliability.add(1.0, true);
  const auto bins = reliability.bins();
  EXPECT_EQ(bins[5].forecasts, 2U);
  EXPECT_NEAR(bins[5].stated, 0.87, 1e-12);
  EXPECT_NEAR(bins[5].reached, 0.5, 1e-12);
  EXPECT_EQ(bins[6].forecasts, 1U);
}

}  // namespace
}  // namespace districtd

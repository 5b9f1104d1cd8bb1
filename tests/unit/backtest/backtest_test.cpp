// The forecast keeps what docs/forecast.md says of it, on years that it has not seen.
#include "daemon/backtest/backtest.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

class BacktestTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(BacktestTest, TheForecastBeatsEveryLineAndItsIntervalHoldsFourTimesInFive) {
  const Backtest result = run_backtest(300, GetParam());
  for (std::size_t m = 1; m < kMethods.size(); ++m) {
    EXPECT_LT(result.all.error[0], result.all.error[m]) << to_string(kMethods[m]);
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

}  // namespace
}  // namespace districtd

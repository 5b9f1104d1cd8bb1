// 同比: a value beside that of the same day a year ago, where the catalogue has its amount.
#include "daemon/domain/last_year.h"

#include <gtest/gtest.h>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::day;
using testing::end_of;

// 27.5亿元 in 2025, 40 % of it by June.
Target investment() {
  Target target = testing::cumulative(30, "亿元");
  target.last_year = {{day(2025, 3, 31), 0.2},
                      {day(2025, 6, 30), 0.4},
                      {day(2025, 9, 10), 0.7},
                      {day(2025, 12, 31), 1}};
  target.last_year_total = 27.5e8;
  return target;
}

std::optional<LastYear> at(const Target& target, Date as_of, double value) {
  return last_year_of(target, testing::judged(target, as_of, value));
}

TEST(LastYearTest, IsOfTheSameDayAYearBefore) {
  const auto last = at(investment(), end_of(6), 12.1);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->as_of, day(2025, 6, 30));
  EXPECT_NEAR(last->value, 11e8, 1);
  EXPECT_NEAR(last->change.value_or(0), 0.1, 1e-9);
}

TEST(LastYearTest, NothingIsInterpolated) {
  EXPECT_EQ(at(investment(), day(2026, 6, 29), 12.1), std::nullopt);
  EXPECT_EQ(at(investment(), end_of(7), 12.1), std::nullopt);
  EXPECT_TRUE(at(investment(), day(2026, 9, 10), 12.1));
}

TEST(LastYearTest, SharesWithoutATotalAreNoAmounts) {
  Target target = investment();
  target.last_year_total = 0;
  EXPECT_EQ(at(target, end_of(6), 12.1), std::nullopt);
}

TEST(LastYearTest, AMonthsEndIsComparedWithAMonthsEnd) {
  Target target = investment();
  target.start = day(2025, 1, 1);
  target.deadline = day(2025, 12, 31);
  target.last_year = {{day(2024, 2, 29), 0.1}, {day(2024, 6, 30), 0.4}, {day(2024, 12, 31), 1}};
  const auto last = at(target, day(2025, 2, 28), 3);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->as_of, day(2024, 2, 29));
}

TEST(LastYearTest, NotAcrossAChangeOfDefinition) {
  Target target = investment();
  Target later = target;
  later.changed_from = day(2026, 5, 1);
  later.definition = "含房地产投资";
  target.changes = {later};
  EXPECT_TRUE(at(target, end_of(3), 6));
  EXPECT_EQ(at(target, end_of(6), 12.1), std::nullopt);
}

TEST(LastYearTest, OfNothingThereIsNoChange) {
  Target target = investment();
  target.last_year.front().share = 0;
  const auto last = at(target, end_of(3), 6);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->change, std::nullopt);
}

TEST(LastYearTest, WithoutAFigureThereIsNothingToCompare) {
  const Target target = investment();
  EXPECT_EQ(last_year_of(target, assess(target, WorkingDays{}, {}, end_of(6))), std::nullopt);
}

}  // namespace
}  // namespace districtd

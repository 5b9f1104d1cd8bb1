// The year month by month: docs/metrics.md, "The months of the year".
#include "daemon/domain/month_standing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::level;
using testing::pledge;
using testing::with_pace;

const MonthStanding* of_month(const YearStanding& year, unsigned month) {
  for (const MonthStanding& each : year.months) {
    if (each.month == month) return &each;
  }
  return nullptr;
}

std::vector<unsigned> months(const YearStanding& year) {
  std::vector<unsigned> result;
  for (const MonthStanding& each : year.months) result.push_back(each.month);
  return result;
}

TEST(MonthStandingTest, EachMonthHasItsNewestValueAndWhatWasExpectedOnItsDay) {
  const Target target = cumulative(30, "亿元");
  const std::vector<Reading> readings = {
      {end_of(1), 2e8}, {day(2026, 2, 14), 3e8}, {end_of(2), 5e8}, {day(2026, 3, 10), 5.5e8}};
  const auto year = year_standing(target, WorkingDays{}, readings, {}, day(2026, 11, 23));

  EXPECT_EQ(year.year, 2026);
  ASSERT_EQ(year.months.size(), 12u);
  EXPECT_EQ(year.months[0].actual, 2e8);
  EXPECT_DOUBLE_EQ(*year.months[0].expected, 2.5e8);
  EXPECT_DOUBLE_EQ(*year.months[0].deviation, -0.5 / 30);
  EXPECT_EQ(year.months[0].status, Status::at_risk);
  EXPECT_EQ(year.months[1].actual, 5e8) << "not the one of the 14th";
  EXPECT_NEAR(*year.months[2].expected, 30e8 * (2 + 10 / 31.0) / 12, 1) << "on the 10th";
  EXPECT_EQ(year.months[3].actual, std::nullopt);
  EXPECT_EQ(year.months[3].status, std::nullopt);
  EXPECT_DOUBLE_EQ(*year.months[3].expected, 10e8) << "at the month's end";
  EXPECT_DOUBLE_EQ(*year.months[11].expected, 30e8);
}

TEST(MonthStandingTest, AMonthIsJudgedByItsOwnFigureAsTheTargetIs) {
  Target target = cumulative(12, "个");
  target.tolerance = {.at_risk = 0.0, .behind = 0.05, .ahead = 0.10, .margin = 0.02};
  // -1/12 behind; then past the threshold by less than the margin, of which only messages know.
  const std::vector<Reading> readings = {{end_of(1), 0}, {end_of(2), 1.5}};
  const auto year = year_standing(target, WorkingDays{}, readings, {}, end_of(3));
  const auto judged = judge_each(target, WorkingDays{}, readings, end_of(3));
  ASSERT_EQ(judged.back().announced, Status::behind);
  EXPECT_EQ(year.months[0].status, Status::behind);
  EXPECT_EQ(year.months[1].status, Status::at_risk);
}

TEST(MonthStandingTest, ValuesLaterThanTheDayArePassedOver) {
  const std::vector<Reading> readings = {{end_of(1), 1e8}, {end_of(2), 2e8}};
  const auto year =
      year_standing(cumulative(30, "亿元"), WorkingDays{}, readings, {}, day(2026, 2, 10));
  EXPECT_EQ(year.months[1].actual, std::nullopt);
}

TEST(MonthStandingTest, OnlyTheMonthsOfTheTargetsTime) {
  Target target = cumulative(30, "亿元");
  target.start = day(2026, 3, 15);
  target.deadline = day(2026, 9, 15);
  const auto year = year_standing(target, WorkingDays{}, {}, {}, day(2026, 11, 23));
  EXPECT_THAT(months(year), ::testing::ElementsAre(3, 4, 5, 6, 7, 8, 9));
  EXPECT_DOUBLE_EQ(*year.months.back().expected, 30e8) << "at the deadline, in mid-month";
}

TEST(MonthStandingTest, AValueAfterTheDeadlineHasItsMonth) {
  Target target = cumulative(30, "亿元");
  target.deadline = day(2026, 9, 30);
  const std::vector<Reading> readings = {{end_of(10), 30e8}};
  const auto year = year_standing(target, WorkingDays{}, readings, {}, day(2026, 11, 23));
  EXPECT_THAT(months(year), ::testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(year.months.back().actual, 30e8);
  EXPECT_DOUBLE_EQ(*year.months.back().expected, 30e8);
}

TEST(MonthStandingTest, TheYearIsThisOneButNoneAfterTheDeadlineAndNoneBeforeTheStart) {
  const Target target = cumulative(30, "亿元");
  EXPECT_EQ(year_standing(target, WorkingDays{}, {}, {}, day(2025, 12, 1)).year, 2026);
  EXPECT_EQ(year_standing(target, WorkingDays{}, {}, {}, day(2027, 3, 1)).year, 2026);

  Target three_years = target;
  three_years.deadline = day(2028, 12, 31);
  const std::vector<Reading> readings = {{end_of(6), 5e8}, {day(2027, 2, 28), 12e8}};
  const auto year = year_standing(three_years, WorkingDays{}, readings, {}, day(2027, 5, 1));
  EXPECT_EQ(year.year, 2027);
  ASSERT_EQ(year.months.size(), 12u);
  EXPECT_EQ(year.months[5].actual, std::nullopt) << "June of the year before is no June of this";
  EXPECT_EQ(year.months[1].actual, 12e8);
  EXPECT_DOUBLE_EQ(*year.months[11].expected, 20e8);
}

TEST(MonthStandingTest, AMonthIsHeldAgainstTheTargetsVersionOfItsDay) {
  Target target = cumulative(30, "亿元");
  Target lowered = target;
  lowered.goal = 24e8;
  lowered.changed_from = lowered.decided = day(2026, 7, 1);
  target.changes = {lowered};
  const std::vector<Reading> readings = {{end_of(6), 12e8}, {end_of(7), 14e8}};
  const auto year = year_standing(target, WorkingDays{}, readings, {}, day(2026, 8, 10));
  EXPECT_DOUBLE_EQ(*year.months[5].expected, 15e8);
  EXPECT_DOUBLE_EQ(*year.months[6].expected, 14e8);
  EXPECT_DOUBLE_EQ(*year.months[11].expected, 24e8);
}

TEST(MonthStandingTest, ALevelIsExpectedToHoldItsGoal) {
  const std::vector<Reading> readings = {{end_of(1), 0.93}};
  const auto year = year_standing(level(95, "%"), WorkingDays{}, readings, {}, day(2026, 3, 1));
  EXPECT_DOUBLE_EQ(*year.months[0].expected, 0.95);
  EXPECT_NEAR(*year.months[0].deviation, -0.02, 1e-12);
  EXPECT_DOUBLE_EQ(*year.months[11].expected, 0.95);
}

TEST(MonthStandingTest, AMilestoneExpectsNothingInAMonthBeforeItsDeadline) {
  const std::vector<Reading> readings = {{end_of(6), 0.85}};
  const auto year =
      year_standing(testing::milestone(), WorkingDays{}, readings, {}, day(2026, 7, 1));
  EXPECT_EQ(year.months[5].actual, 0.85);
  EXPECT_EQ(year.months[5].status, Status::on_track);
  for (std::size_t month = 0; month < 11; ++month) {
    EXPECT_EQ(year.months[month].expected, std::nullopt) << month;
    EXPECT_EQ(year.months[month].deviation, std::nullopt) << month;
  }
  EXPECT_EQ(year.months[11].expected, 1.0) << "its deadline's month";
}

TEST(MonthStandingTest, APledgeHasOnlyItsStatus) {
  const std::vector<Reading> readings = {{end_of(1), 1}};
  const auto year = year_standing(pledge(), WorkingDays{}, readings, {}, day(2026, 3, 1));
  const MonthStanding* january = of_month(year, 1);
  ASSERT_NE(january, nullptr);
  EXPECT_EQ(january->status, Status::reported);
  EXPECT_EQ(january->actual, std::nullopt);
  EXPECT_EQ(january->expected, std::nullopt);
  EXPECT_EQ(january->deviation, std::nullopt);
}

TEST(MonthStandingTest, CorrectionsOfAllDaysOfAMonthAddUp) {
  Readings readings;
  for (const double value : {1.0, 2.0, 1.0}) readings.record("t", {day(2026, 2, 14), value});
  for (const double value : {3.0, 4.0}) readings.record("t", {end_of(2), value});
  readings.record("t", {end_of(3), 5});
  const auto year = year_standing(cumulative(10, "个"), WorkingDays{}, readings.of("t"),
                                  readings.corrections_of("t"), day(2026, 4, 1));
  EXPECT_EQ(year.months[0].corrections, 0u);
  EXPECT_EQ(year.months[1].corrections, 3u);
  EXPECT_EQ(year.months[2].corrections, 0u);
}

}  // namespace
}  // namespace districtd

// Due days that fall on days off, what is missing, and what came in time. The holidays are those
// of 2026 (国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04).
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "daemon/domain/assessment.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::day;
using testing::end_of;

WorkingDays of_2026() {
  HolidayYear year;
  year.year = 2026;
  for (unsigned d = 15; d <= 23; ++d) year.days_off.push_back(day(2026, 2, d));
  for (unsigned d = 1; d <= 5; ++d) year.days_off.push_back(day(2026, 5, d));
  for (unsigned d = 1; d <= 7; ++d) year.days_off.push_back(day(2026, 10, d));
  year.working_days = {day(2026, 2, 14), day(2026, 2, 28), day(2026, 5, 9), day(2026, 9, 20),
                       day(2026, 10, 10)};
  return WorkingDays({year});
}

Target monthly(int grace_days) {
  Target target = testing::cumulative(100, "个");
  target.grace_days = grace_days;
  target.due_on_working_day = true;
  return target;
}

TEST(WorkingDaysTest, KnowWeekendsHolidaysAndTheDaysWorkedInstead) {
  const WorkingDays calendar = of_2026();
  EXPECT_FALSE(calendar.is_working_day(day(2026, 10, 1))) << "a Thursday off";
  EXPECT_TRUE(calendar.is_working_day(day(2026, 10, 10))) << "a Saturday worked";
  EXPECT_FALSE(calendar.is_working_day(day(2026, 10, 11))) << "a Sunday";
  EXPECT_EQ(calendar.on_or_after(day(2026, 10, 1)), day(2026, 10, 8));
  EXPECT_TRUE(calendar.knows(2026));
  EXPECT_FALSE(calendar.knows(2027));
  EXPECT_FALSE(WorkingDays{}.is_working_day(day(2026, 10, 10))) << "without the year: a Saturday";
}

TEST(LatenessTest, ADueDayOffMovesToTheNextWorkingDay) {
  const WorkingDays calendar = of_2026();
  EXPECT_EQ(report_due(monthly(5), calendar, end_of(9)), day(2026, 10, 8)) << "golden week";
  EXPECT_EQ(report_due(monthly(10), calendar, end_of(9)), day(2026, 10, 10)) << "worked Saturday";
  EXPECT_EQ(report_due(monthly(10), calendar, end_of(12)), day(2027, 1, 11)) << "a Sunday";
  Target as_it_falls = monthly(5);
  as_it_falls.due_on_working_day = false;
  EXPECT_EQ(report_due(as_it_falls, calendar, end_of(9)), day(2026, 10, 5));
}

TEST(LatenessTest, ItIsOverdueFromTheDayAfterThatOn) {
  const Target target = monthly(5);
  const WorkingDays calendar = of_2026();
  const std::vector<Reading> august = {{end_of(8), 60, day(2026, 9, 3)}};
  EXPECT_FALSE(assess(target, calendar, august, day(2026, 10, 8)).report_overdue);
  const Assessment late = assess(target, calendar, august, day(2026, 10, 9));
  EXPECT_TRUE(late.report_overdue);
  EXPECT_EQ(late.report_overdue_since, day(2026, 10, 9));
  EXPECT_EQ(late.reports_missing, 1);
}

TEST(LatenessTest, PeriodsInARowAndSinceTheFirstOfThem) {
  const std::vector<Reading> march = {{end_of(3), 25, day(2026, 4, 3)}};
  const Assessment late = assess(monthly(10), WorkingDays{}, march, day(2026, 7, 20));
  EXPECT_EQ(late.reports_missing, 3) << "April, May, June";
  EXPECT_EQ(late.report_overdue_since, day(2026, 5, 12)) << "10 May is a Sunday";
  const Assessment never = assess(monthly(10), WorkingDays{}, {}, day(2026, 7, 20));
  EXPECT_EQ(never.reports_missing, 6);
  EXPECT_EQ(never.report_overdue_since, day(2026, 2, 11));
}

TEST(LatenessTest, CountsWhatWasThereInTime) {
  const std::vector<Reading> readings = {
      {end_of(1), 5, day(2026, 2, 10)},   // on the last day
      {end_of(2), 10, day(2026, 3, 20)},  // late
      {end_of(4), 30, day(2026, 5, 8)},   // March's is only there with April's: late
      {end_of(5), 40, day(2026, 6, 9)},   // in time
  };
  const Assessment result = assess(monthly(10), WorkingDays{}, readings, day(2026, 7, 5));
  EXPECT_EQ(result.reports_due, 5);
  EXPECT_EQ(result.reports_on_time, 3);
  // June's is due on 10 July and missing from then on.
  const Assessment later = assess(monthly(10), WorkingDays{}, readings, day(2026, 7, 13));
  EXPECT_EQ(later.reports_due, 6);
  EXPECT_EQ(later.reports_on_time, 3);
  EXPECT_EQ(later.reports_missing, 1);
}

TEST(LatenessTest, AReportInTimeStaysInTimeWhenItIsCorrected) {
  Readings readings;
  readings.record("t", {end_of(1), 5, day(2026, 2, 5)});
  readings.record("t", {end_of(1), 6, day(2026, 6, 1)});
  const Assessment result = assess(monthly(10), WorkingDays{}, readings.of("t"), day(2026, 2, 28));
  EXPECT_EQ(result.actual, 6);
  EXPECT_EQ(result.reports_on_time, 1);
}

TEST(LatenessTest, WhatIsDoneOwesNoMoreReports) {
  Target target = testing::milestone();
  const std::vector<Reading> done = {{end_of(3), 1, day(2026, 4, 5)}};
  const Assessment result = assess(target, WorkingDays{}, done, day(2026, 12, 20));
  EXPECT_EQ(result.status, Status::achieved);
  EXPECT_FALSE(result.report_overdue);
  EXPECT_EQ(result.reports_due, 3);
  EXPECT_EQ(result.reports_on_time, 1);
}

TEST(LatenessTest, ATargetAddedInMidYearOwesReportsFromThenOn) {
  Target target = monthly(10);
  target.added = day(2026, 5, 20);
  const Assessment result = assess(target, WorkingDays{}, {}, day(2026, 7, 20));
  EXPECT_EQ(result.reports_due, 1) << "June; 12 of May's 31 days owe nothing";
  EXPECT_EQ(result.reports_missing, 1);
  target.added = day(2026, 5, 16);
  EXPECT_EQ(assess(target, WorkingDays{}, {}, day(2026, 7, 20)).reports_due, 2) << "16 of 31 do";
}

TEST(LatenessTest, WeeksOverYearsAreCounted) {
  Target target = monthly(3);
  target.cadence = Cadence::week;
  target.due_on_working_day = false;
  target.deadline = day(2028, 12, 31);
  const Assessment result = assess(target, WorkingDays{}, {}, day(2028, 12, 31));
  EXPECT_EQ(result.reports_due, 156) << "of the programme, not of a year";
  EXPECT_EQ(result.reports_missing, 156);
}

}  // namespace
}  // namespace districtd

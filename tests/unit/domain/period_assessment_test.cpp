#include "daemon/domain/period_assessment.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::milestone;

const WorkingDays kWeekends;

Reading said(Date as_of, double value, Date reported_on) { return {as_of, value, reported_on}; }

// By month ends, on the 8th of the next month each: an even year, but for what `short_by` says.
std::vector<Reading> months(int last, double short_by = 0) {
  std::vector<Reading> readings;
  for (int month = 1; month <= last; ++month) {
    const Date end = period_end(Cadence::month, date_of(2026, static_cast<unsigned>(month), 1));
    readings.push_back(said(end, 30e8 * (month / 12.0 - short_by), end + std::chrono::days{8}));
  }
  return readings;
}

class PeriodAssessmentTest : public ::testing::Test {
 protected:
  Assessment judged(const std::vector<Reading>& readings, BulletinKind kind, Date printed_on) {
    const Terms terms{&kWeekends, {}, {}, 0.9};
    return judge_period(target_, terms, readings, kind, period_of(kind, printed_on), printed_on);
  }

  Target target_ = cumulative(30, "亿元");
};

TEST_F(PeriodAssessmentTest, AFigureOfTheNextMonthSaysNothingOfThisOne) {
  auto readings = months(6, 0.1);
  const Assessment june = judged(readings, BulletinKind::monthly, day(2026, 7, 12));
  EXPECT_EQ(june.status, Status::behind);
  readings.push_back(said(day(2026, 7, 10), 30e8, day(2026, 7, 11)));
  const Assessment same = judged(readings, BulletinKind::monthly, day(2026, 7, 12));
  EXPECT_EQ(same, june);
  EXPECT_EQ(same.as_of, day(2026, 6, 30));
}

// The light of the quarter is the same whether it is printed in July or in November.
TEST_F(PeriodAssessmentTest, TheLightIsThatOfTheLastDayWheneverItIsPrinted) {
  const auto year = months(11);
  const BulletinPeriod third = period_of(BulletinKind::quarterly, day(2026, 10, 12));
  EXPECT_EQ(period_of(BulletinKind::quarterly, day(2026, 11, 30)), third);
  const Assessment early = judged(months(9), BulletinKind::quarterly, day(2026, 10, 12));
  const Assessment late = judged(year, BulletinKind::quarterly, day(2026, 11, 30));
  EXPECT_EQ(early.status, late.status);
  EXPECT_EQ(early.as_of, late.as_of);
  EXPECT_EQ(early.actual, late.actual);
  EXPECT_EQ(early.reports_due, late.reports_due);
}

TEST_F(PeriodAssessmentTest, WhatOwedAReportAndHasNoneIsUnreportedWhateverItWas) {
  const Assessment may = judged(months(5, 0.2), BulletinKind::monthly, day(2026, 7, 12));
  EXPECT_TRUE(may.is_unreported);
  EXPECT_EQ(may.status, Status::no_data);
  EXPECT_EQ(may.last_status, Status::behind) << "it stays among what lags";
  EXPECT_EQ(may.as_of, day(2026, 5, 31));
  EXPECT_FALSE(may.deviation || may.expected || may.forecast) << "by an older figure";
  EXPECT_TRUE(judged({}, BulletinKind::monthly, day(2026, 7, 12)).is_unreported);
  EXPECT_FALSE(judged(months(6), BulletinKind::monthly, day(2026, 7, 12)).is_unreported);
}

// A month's report is none of a week or a day, though it is due in one.
TEST_F(PeriodAssessmentTest, AWeekAsksForReportsOfWeeksAndADayForNone) {
  EXPECT_FALSE(judged(months(5), BulletinKind::weekly, day(2026, 7, 6)).is_unreported);
  EXPECT_FALSE(judged(months(5), BulletinKind::daily, day(2026, 6, 30)).is_unreported);
  target_.cadence = Cadence::week;
  EXPECT_TRUE(judged(months(5), BulletinKind::weekly, day(2026, 7, 6)).is_unreported);
  EXPECT_FALSE(judged(months(5), BulletinKind::daily, day(2026, 6, 30)).is_unreported);
}

TEST_F(PeriodAssessmentTest, WhatWasReachedOwesNothing) {
  target_ = milestone();
  target_.cadence = Cadence::month;
  const std::vector<Reading> done = {said(day(2026, 4, 30), 1, day(2026, 5, 8))};
  const Assessment june = judged(done, BulletinKind::monthly, day(2026, 7, 12));
  EXPECT_EQ(june.status, Status::achieved);
  EXPECT_FALSE(june.is_unreported);
}

// Printed on 20 January, the year's bulletin judges the year's end by what was reported of it.
TEST_F(PeriodAssessmentTest, ADeadlineInThePeriodIsJudgedOnTheDayOfPrinting) {
  const auto year = [](double last) {
    auto readings = months(12);
    readings.back().value = last;
    return readings;
  };
  const auto on = day(2027, 1, 20);
  EXPECT_EQ(judged(year(30e8), BulletinKind::annual, on).status, Status::achieved);
  EXPECT_EQ(judged(year(29e8), BulletinKind::annual, on).status, Status::overdue);
  EXPECT_EQ(judged(months(11), BulletinKind::annual, day(2027, 1, 5)).status, Status::settling);
  const Assessment missing = judged(months(11), BulletinKind::annual, on);
  EXPECT_EQ(missing.status, Status::overdue);
  EXPECT_FALSE(missing.has_final_value);
  EXPECT_FALSE(missing.is_unreported) << "overdue is the worse word, and true";
}

TEST_F(PeriodAssessmentTest, ACompletionAfterTheDeadlineIsToldBesideTheLight) {
  auto readings = months(12);
  readings.back().value = 29e8;
  readings.push_back(said(day(2027, 1, 15), 30.5e8, day(2027, 1, 16)));
  const Assessment year = judged(readings, BulletinKind::annual, day(2027, 1, 20));
  EXPECT_EQ(year.status, Status::overdue);
  EXPECT_EQ(year.actual, 29e8);
  EXPECT_EQ(year.completed_later, day(2027, 1, 15));
  EXPECT_FALSE(judged(readings, BulletinKind::annual, day(2027, 1, 14)).completed_later);
}

// January's report was never one of the year's, and its lateness is that of the day of printing.
TEST_F(PeriodAssessmentTest, PunctualityCountsTheReportsOfThePeriodsOwnPeriods) {
  auto readings = months(12);
  readings[2].reported_on = day(2026, 4, 20);
  const Assessment year = judged(readings, BulletinKind::annual, day(2027, 3, 20));
  EXPECT_EQ(year.reports_due, 12);
  EXPECT_EQ(year.reports_on_time, 11);
  EXPECT_EQ(judged(readings, BulletinKind::monthly, day(2026, 4, 12)).reports_on_time, 0);
  EXPECT_EQ(judged(readings, BulletinKind::monthly, day(2026, 4, 12)).reports_due, 1);
  EXPECT_EQ(judged(readings, BulletinKind::monthly, day(2026, 4, 8)).reports_due, 0)
      << "not yet due";
  EXPECT_EQ(judged(readings, BulletinKind::quarterly, day(2026, 7, 12)).reports_due, 3);
  // What was late before stays in the score.
  EXPECT_EQ(judged(readings, BulletinKind::monthly, day(2026, 7, 12)).report_faults.size(), 1U);
  EXPECT_EQ(judged(readings, BulletinKind::monthly, day(2026, 7, 12)).reports_on_time, 1);
  // Of a week: what was due in it.
  EXPECT_EQ(judged(readings, BulletinKind::weekly, day(2026, 7, 13)).reports_due, 1);
  EXPECT_EQ(judged(readings, BulletinKind::weekly, day(2026, 7, 20)).reports_due, 0);
}

TEST_F(PeriodAssessmentTest, WhatHadNotBegunOrWasWithdrawnByThenIsNotInForce) {
  target_.start = day(2026, 7, 1);
  EXPECT_FALSE(judged({}, BulletinKind::monthly, day(2026, 7, 12)).in_force);
  target_.start = day(2026, 1, 1);
  target_.withdrawn = day(2026, 6, 20);
  EXPECT_FALSE(judged(months(5), BulletinKind::monthly, day(2026, 7, 12)).in_force);
  target_.withdrawn = day(2026, 7, 5);
  EXPECT_TRUE(judged(months(6), BulletinKind::monthly, day(2026, 7, 12)).in_force);
}

TEST_F(PeriodAssessmentTest, TheLastReportIsDueAfterThePeriod) {
  const auto due = [&](BulletinKind kind, Date printed_on) {
    return last_report_due(target_, kWeekends, kind, period_of(kind, printed_on));
  };
  EXPECT_EQ(due(BulletinKind::monthly, day(2026, 7, 8)), day(2026, 7, 10));
  EXPECT_EQ(due(BulletinKind::annual, day(2027, 1, 8)), day(2027, 1, 10));
  EXPECT_EQ(due(BulletinKind::weekly, day(2026, 7, 8)), std::nullopt);
  EXPECT_EQ(due(BulletinKind::daily, day(2026, 7, 8)), std::nullopt);
  target_.cadence = Cadence::quarter;
  EXPECT_EQ(due(BulletinKind::monthly, day(2026, 6, 8)), std::nullopt);
  EXPECT_EQ(due(BulletinKind::quarterly, day(2026, 7, 8)), day(2026, 7, 10));
}

}  // namespace
}  // namespace districtd

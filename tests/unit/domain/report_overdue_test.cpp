// 迟报、漏报: the department has not sent what its cadence requires. Overdue begins when the
// period's end is more than grace_days past (the design page, "Words" and "Targets").
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "daemon/domain/assessment.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::assess;
using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::milestone;
using testing::pledge;
using testing::reading;

Target reporting(Cadence cadence, int grace_days) {
  Target target = cumulative(30, "亿元");
  target.cadence = cadence;
  target.grace_days = grace_days;
  return target;
}

bool is_overdue(const Target& target, std::optional<Date> as_of, Date on) {
  const auto newest = as_of ? std::optional{Reading{*as_of, 1}} : std::nullopt;
  return assess(target, newest, on).report_overdue;
}

struct Row {
  Cadence cadence;
  int grace_days;
  std::optional<Date> as_of;
  Date on;
  bool overdue;
  std::string why;
};

TEST(ReportOverdueTest, FollowsCadenceAndGrace) {
  const auto may = end_of(5);
  const auto june = end_of(6);
  const std::array rows = {
      Row{Cadence::month, 10, may, day(2026, 6, 30), false, "June is not over"},
      Row{Cadence::month, 10, may, day(2026, 7, 10), false, "the last day of grace"},
      Row{Cadence::month, 10, may, day(2026, 7, 11), true, "the day after"},
      Row{Cadence::month, 10, june, day(2026, 7, 11), false, "June is there"},
      Row{Cadence::month, 10, june, day(2026, 8, 10), false, "and July is not due"},
      Row{Cadence::month, 10, june, day(2026, 8, 11), true, "now it is"},
      Row{Cadence::month, 10, day(2026, 6, 16), day(2026, 7, 31), false,
          "its second half is June's"},
      Row{Cadence::month, 10, day(2026, 6, 15), day(2026, 7, 31), true, "its first half is not"},
      Row{Cadence::month, 0, may, day(2026, 6, 30), false, "no grace: the period itself"},
      Row{Cadence::month, 0, may, day(2026, 7, 1), true, "no grace: the day after"},
      Row{Cadence::month, 40, may, day(2026, 8, 9), false, "grace longer than a month"},
      Row{Cadence::month, 40, may, day(2026, 8, 10), true, "June, 41 days after"},
      Row{Cadence::month, 10, std::nullopt, day(2026, 2, 10), false, "January within its grace"},
      Row{Cadence::month, 10, std::nullopt, day(2026, 2, 11), true, "never reported"},
      Row{Cadence::month, 10, std::nullopt, day(2025, 12, 31), false, "before the start"},
      Row{Cadence::month, 10, end_of(1), day(2026, 3, 10), false, "February's grace"},
      Row{Cadence::month, 10, end_of(1), day(2026, 3, 11), true, "February has 28 days"},
      Row{Cadence::quarter, 10, std::nullopt, day(2026, 4, 10), false, "Q1 within its grace"},
      Row{Cadence::quarter, 10, std::nullopt, day(2026, 4, 11), true, "Q1"},
      Row{Cadence::quarter, 10, end_of(3), day(2026, 7, 10), false, "Q2 within its grace"},
      Row{Cadence::quarter, 10, end_of(3), day(2026, 7, 11), true, "Q2"},
      Row{Cadence::week, 3, day(2026, 6, 28), day(2026, 7, 8), false, "Sunday 5 July and 3 days"},
      Row{Cadence::week, 3, day(2026, 6, 28), day(2026, 7, 9), true, "the day after"},
      Row{Cadence::week, 3, day(2026, 7, 2), day(2026, 7, 9), false, "that week's Thursday"},
      Row{Cadence::week, 3, day(2026, 7, 1), day(2026, 7, 9), true, "its Wednesday"},
      Row{Cadence::week, 10, day(2026, 6, 28), day(2026, 7, 15), false, "grace beyond a week"},
      Row{Cadence::week, 10, day(2026, 6, 28), day(2026, 7, 16), true, "the day after"},
      Row{Cadence::none, 0, std::nullopt, day(2026, 12, 31), false, "none before the deadline"},
      Row{Cadence::none, 0, std::nullopt, day(2027, 6, 30), true, "one of its month"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(is_overdue(reporting(row.cadence, row.grace_days), row.as_of, row.on), row.overdue)
        << to_string(row.cadence) << " on " << to_string(row.on) << ": " << row.why;
  }
}

TEST(ReportOverdueTest, TheFirstPeriodIsTheOneTheTargetStartsIn) {
  Target target = reporting(Cadence::month, 10);
  target.start = day(2026, 6, 15);
  EXPECT_FALSE(is_overdue(target, std::nullopt, day(2026, 7, 10)));
  EXPECT_TRUE(is_overdue(target, std::nullopt, day(2026, 7, 11)));
  EXPECT_TRUE(is_overdue(target, day(2026, 6, 22), day(2026, 7, 11))) << "8 of 16 days";
  EXPECT_FALSE(is_overdue(target, day(2026, 6, 23), day(2026, 7, 11))) << "9 of 16 days";
  target.start = day(2026, 6, 30);
  EXPECT_FALSE(is_overdue(target, std::nullopt, day(2026, 7, 11))) << "cut to less than half";
  EXPECT_TRUE(is_overdue(target, std::nullopt, day(2026, 8, 11)));
  target.start = day(2026, 7, 1);
  EXPECT_FALSE(is_overdue(target, std::nullopt, day(2026, 7, 31)));
}

TEST(ReportOverdueTest, TheLastReportIsDueForTheDeadlineAndNoneAfterIt) {
  const Target target = reporting(Cadence::month, 10);
  EXPECT_FALSE(is_overdue(target, end_of(11), day(2027, 1, 10)));
  EXPECT_TRUE(is_overdue(target, end_of(11), day(2027, 1, 11)));
  EXPECT_TRUE(is_overdue(target, end_of(11), day(2028, 6, 30)));
  for (const Date on : {day(2027, 1, 11), day(2027, 2, 11), day(2028, 6, 30)}) {
    EXPECT_FALSE(is_overdue(target, end_of(12), on)) << to_string(on);
  }
}

TEST(ReportOverdueTest, ADeadlineInMidMonthEndsItsPeriod) {
  Target target = reporting(Cadence::month, 10);
  target.deadline = day(2026, 9, 15);
  EXPECT_FALSE(is_overdue(target, end_of(8), day(2026, 9, 25)));
  EXPECT_TRUE(is_overdue(target, end_of(8), day(2026, 9, 26)));
  EXPECT_FALSE(is_overdue(target, day(2026, 9, 15), day(2026, 12, 31)));
}

TEST(ReportOverdueTest, TheDuePeriodIsNamedByItsLastDay) {
  const Target target = reporting(Cadence::month, 10);
  EXPECT_EQ(newest_due_period(target, WorkingDays{}, day(2026, 2, 10)), std::nullopt);
  EXPECT_EQ(newest_due_period(target, WorkingDays{}, day(2026, 2, 11)), end_of(1));
  EXPECT_EQ(newest_due_period(target, WorkingDays{}, day(2026, 7, 11)), end_of(6));
  EXPECT_EQ(newest_due_period(target, WorkingDays{}, day(2029, 7, 11)), target.deadline);
  EXPECT_EQ(newest_due_period(reporting(Cadence::none, 0), WorkingDays{}, day(2026, 7, 11)),
            std::nullopt);
}

TEST(ReportOverdueTest, IsAnotherFaultThanBeingBehind) {
  const Target target = reporting(Cadence::month, 10);
  const Assessment late = assess(target, reading(target, end_of(5), 15), day(2026, 7, 11));
  EXPECT_TRUE(late.report_overdue);
  EXPECT_EQ(late.status, Status::on_track);
  const Assessment behind = assess(target, reading(target, end_of(6), 1), day(2026, 7, 11));
  EXPECT_FALSE(behind.report_overdue);
  EXPECT_EQ(behind.status, Status::behind);
}

TEST(ReportOverdueTest, AnAchievedMilestoneOwesNoMoreReports) {
  const Target target = milestone();
  EXPECT_FALSE(assess(target, Reading{end_of(3), 1}, day(2026, 9, 30)).report_overdue);
  EXPECT_TRUE(assess(target, Reading{end_of(3), 0.9}, day(2026, 9, 30)).report_overdue);
}

TEST(ReportOverdueTest, APledgeIsReportedOnLikeAnyOtherTarget) {
  EXPECT_FALSE(is_overdue(pledge(), end_of(5), day(2026, 7, 10)));
  EXPECT_TRUE(is_overdue(pledge(), end_of(5), day(2026, 7, 11)));
  EXPECT_TRUE(is_overdue(pledge(), std::nullopt, day(2026, 2, 11)));
}

TEST(ReportOverduePropertyTest, BeginsExactlyWhenTheGraceOfThePeriodHasRunOut) {
  for (const Cadence cadence : {Cadence::week, Cadence::month, Cadence::quarter}) {
    for (const int grace : {0, 3, 10, 35}) {
      const Target target = reporting(cadence, grace);
      // A figure of a period's second half, then silence: the next period's end and its grace
      // decide. One of its first half is no report of it.
      for (Date as_of = target.start; as_of <= day(2026, 9, 30); as_of += days{1}) {
        const Date begin = std::max(period_start(cadence, as_of), target.start);
        const Date end = period_end(cadence, as_of);
        const bool is_second_half = 2 * ((as_of - begin) + days{1}) > (end - begin) + days{1};
        const Date last_good =
            (is_second_half ? period_end(cadence, end + days{1}) : end) + days{grace};
        ASSERT_FALSE(is_overdue(target, as_of, last_good)) << to_string(as_of);
        ASSERT_TRUE(is_overdue(target, as_of, last_good + days{1})) << to_string(as_of);
      }
    }
  }
}

}  // namespace
}  // namespace districtd

// Lights that are true on every day of the year: what was seen in a year with a moved clock, a case
// a row, and what must be instead. The rules are those of the design page, "Judging".
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/assessment.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::annual;
using testing::assess;
using testing::ceiling;
using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::judged;
using testing::level;
using testing::milestone;
using testing::pledge;
using testing::with_pace;

Status status_on(const Target& target, const std::vector<Reading>& readings, Date on) {
  return assess(target, WorkingDays{}, readings, on).status;
}

Reading value(const Target& target, Date as_of, double in_unit) {
  return {as_of, target.unit.to_base(in_unit), as_of};
}

Target quarterly(Target target) {
  target.cadence = Cadence::quarter;
  return target;
}

// 济源 and 大亚湾 settle the year in January: nothing is overdue before the final report is due.
TEST(TrueLightsTest, OnNewYearsDayWhatHasNoFinalValueYetIsSettling) {
  const Target rate = level(95, "%");
  const Target sum = cumulative(30, "亿元");
  for (const auto& [target, november] : {std::pair{rate, 96.2}, std::pair{sum, 28.0}}) {
    SCOPED_TRACE(to_string(target.kind));
    const std::vector<Reading> readings = {value(target, end_of(11), november)};
    EXPECT_NE(status_on(target, readings, day(2026, 12, 31)), Status::settling);
    for (const Date on : {day(2027, 1, 1), day(2027, 1, 8), day(2027, 1, 10)}) {
      const Assessment waiting = assess(target, WorkingDays{}, readings, on);
      EXPECT_EQ(waiting.status, Status::settling) << to_string(on);
      EXPECT_EQ(waiting.settling_until, day(2027, 1, 10));
      EXPECT_EQ(waiting.status_since, day(2027, 1, 1));
      EXPECT_FALSE(waiting.has_final_value);
    }
    const Assessment missed = assess(target, WorkingDays{}, readings, day(2027, 1, 11));
    EXPECT_EQ(missed.status, Status::overdue) << "due on the 10th and not in";
    EXPECT_EQ(missed.status_since, day(2027, 1, 11));
    EXPECT_FALSE(missed.has_final_value);
    EXPECT_TRUE(missed.report_overdue);
  }
}

TEST(TrueLightsTest, WhatAlreadyReachedItsGoalWaitsForNothing) {
  const Target sum = cumulative(30, "亿元");
  EXPECT_EQ(status_on(sum, {value(sum, end_of(9), 31)}, day(2027, 1, 1)), Status::achieved);
  EXPECT_EQ(status_on(milestone(), {{end_of(5), 1, end_of(5)}}, day(2027, 6, 1)), Status::achieved);
}

TEST(TrueLightsTest, ARateAsOf25DecemberIsTheFinalReport) {
  const Target rate = level(95, "%");
  const std::vector<Reading> good = {value(rate, day(2026, 12, 25), 96.2)};
  const std::vector<Reading> bad = {value(rate, day(2026, 12, 25), 94)};
  EXPECT_EQ(status_on(rate, good, day(2027, 1, 1)), Status::achieved) << "it ends the waiting";
  EXPECT_EQ(status_on(rate, bad, day(2027, 1, 1)), Status::settling) << "another may follow";
  EXPECT_EQ(status_on(rate, bad, day(2027, 1, 11)), Status::overdue);
  for (const auto& readings : {good, bad}) {
    EXPECT_FALSE(assess(rate, WorkingDays{}, readings, day(2027, 2, 1)).report_overdue);
  }
}

TEST(TrueLightsTest, AMilestoneAsOf5OctoberIsNotTheFourthQuartersReport) {
  const Target target = quarterly(milestone());
  const std::vector<Reading> october = {{day(2026, 10, 5), 0.8, day(2026, 10, 6)}};
  const Assessment january = assess(target, WorkingDays{}, october, day(2027, 1, 5));
  EXPECT_EQ(january.status, Status::settling);
  const Assessment after = assess(target, WorkingDays{}, october, day(2027, 1, 11));
  EXPECT_EQ(after.status, Status::overdue);
  EXPECT_TRUE(after.report_overdue) << "it is asked for";
  EXPECT_EQ(after.reports_missing, 1);
}

// 宣城市督查 counts 低于序时进度 or 低于目标 and nothing else.
TEST(TrueLightsTest, AFigureAboveItsGoalIsOnScheduleWhateverWasBefore) {
  const Target growth = level(7, "%");
  std::vector<Reading> readings = {value(growth, end_of(6), 6.1)};
  EXPECT_EQ(status_on(growth, readings, end_of(6)), Status::behind);
  readings.push_back(value(growth, end_of(7), 7.2));
  const Assessment july = assess(growth, WorkingDays{}, readings, end_of(7));
  EXPECT_EQ(july.status, Status::on_track) << "7.2 % is 0.2 points above";
  EXPECT_EQ(july.announced, Status::on_track) << "2.9 % of the goal passes the margin";
  readings.back() = value(growth, end_of(7), 7.05);
  const Assessment hardly = assess(growth, WorkingDays{}, readings, end_of(7));
  EXPECT_EQ(hardly.status, Status::on_track);
  EXPECT_EQ(hardly.announced, Status::at_risk) << "the margin is for messages";
}

TEST(TrueLightsTest, AGrowthGoalComparesInPartsOfItself) {
  const Assessment result = judged(level(7, "%"), end_of(9), 6.1);
  EXPECT_NEAR(*result.deviation, -0.009, 1e-12) << "shown in points";
  EXPECT_EQ(result.status, Status::behind) << "12.9 % of the goal";
}

TEST(TrueLightsTest, OneFigureInJanuaryAndThenSilenceIsStaleAndAtTheEndRed) {
  const Target target = cumulative(30, "亿元");
  const std::vector<Reading> january = {value(target, end_of(1), 4)};
  EXPECT_EQ(status_on(target, january, day(2026, 3, 11)), Status::on_track) << "one is missing";
  const Assessment april = assess(target, WorkingDays{}, january, day(2026, 4, 11));
  EXPECT_EQ(april.status, Status::stale) << "February's and March's";
  EXPECT_EQ(april.status_since, day(2026, 4, 11));
  EXPECT_EQ(april.last_status, Status::on_track);
  EXPECT_EQ(april.score, 0.0);
  EXPECT_EQ(status_on(target, january, day(2026, 12, 31)), Status::stale);
  EXPECT_EQ(status_on(target, january, day(2027, 1, 1)), Status::settling);
  EXPECT_EQ(status_on(target, january, day(2027, 1, 11)), Status::overdue);
}

TEST(TrueLightsTest, WhatNeverReportsIsRedAtTheEnd) {
  const Target target = cumulative(30, "亿元");
  EXPECT_EQ(status_on(target, {}, day(2026, 12, 31)), Status::no_data);
  EXPECT_EQ(status_on(target, {}, day(2027, 1, 10)), Status::settling);
  const Assessment end = assess(target, WorkingDays{}, {}, day(2027, 1, 11));
  EXPECT_EQ(end.status, Status::overdue);
  EXPECT_EQ(end.score, 0.0);
}

TEST(TrueLightsTest, OneThatWasRedKeepsThatLightWhenItGoesSilent) {
  const Target target = cumulative(30, "亿元");
  const Assessment silent =
      assess(target, WorkingDays{}, std::vector{value(target, end_of(3), 1)}, day(2026, 7, 1));
  EXPECT_EQ(silent.status, Status::stale);
  EXPECT_EQ(silent.last_status, Status::behind);
  EXPECT_EQ(silent.periods_behind, 0) << "nobody knows that it still is";
}

TEST(TrueLightsTest, APledgeIsReportedStaleOrNothing) {
  const Target target = pledge();
  EXPECT_EQ(status_on(target, {{end_of(3), 0, end_of(3)}}, end_of(4)), Status::no_data)
      << "否 and 0 are no report";
  const std::vector<Reading> march = {{end_of(3), 1, end_of(3)}};
  EXPECT_EQ(status_on(target, march, day(2026, 6, 11)), Status::stale) << "April and May";
  EXPECT_EQ(status_on(target, march, day(2026, 6, 10)), Status::reported);
  EXPECT_EQ(status_on(target, march, day(2027, 3, 1)), Status::stale) << "never overdue";
  EXPECT_EQ(status_on(target, {}, day(2027, 3, 1)), Status::no_data);
  EXPECT_EQ(assess(target, WorkingDays{}, march, end_of(4)).score, std::nullopt);
}

// 控制在1200以内, of which 100 was spent: that is no bad part.
TEST(TrueLightsTest, ACeilingIsKeptAndScoredByWhatIsTooMuch) {
  const Target target = ceiling(cumulative(1200, "万元"));
  EXPECT_EQ(judged(target, end_of(6), 100).status, Status::on_track) << "never ahead";
  const std::vector<Reading> little = {value(target, day(2026, 12, 31), 100)};
  const Assessment kept = assess(target, WorkingDays{}, little, day(2027, 1, 1));
  EXPECT_EQ(kept.status, Status::achieved);
  EXPECT_EQ(kept.score, 1.0);
  const std::vector<Reading> much = {value(target, day(2026, 12, 31), 1500)};
  const Assessment passed = assess(target, WorkingDays{}, much, day(2027, 1, 1));
  EXPECT_EQ(passed.status, Status::overdue);
  EXPECT_NEAR(*passed.score, 0.75, 1e-12);
  const std::vector<Reading> june = {value(target, end_of(6), 100)};
  const Assessment silent = assess(target, WorkingDays{}, june, day(2027, 1, 11));
  EXPECT_EQ(silent.status, Status::overdue);
  EXPECT_EQ(silent.score, 0.0) << "without a final value nobody knows";
}

TEST(TrueLightsTest, ACeilingOnWhatAddsUpIsKeptOnlyByTheDeadlinesOwnValue) {
  const Target target = ceiling(cumulative(100, "件"));
  const std::vector<Reading> early = {value(target, day(2026, 12, 25), 95)};
  EXPECT_EQ(status_on(target, early, day(2027, 1, 1)), Status::settling);
  EXPECT_EQ(status_on(target, early, day(2027, 1, 11)), Status::achieved)
      << "once the report is due it is the final one";
  EXPECT_EQ(status_on(target, {value(target, day(2026, 12, 31), 95)}, day(2027, 1, 1)),
            Status::achieved);
}

// 增长 -8 % against 7 % costs all of the part, not 15 points of it.
TEST(TrueLightsTest, AFallAgainstAGrowthGoalHasNoPart) {
  EXPECT_EQ(judged(level(7, "%"), end_of(9), -8).score, 0.0);
  EXPECT_NEAR(*judged(level(7, "%"), end_of(9), 6.1).score, 6.1 / 7, 1e-9);
}

Target extended() {
  Target target = cumulative(100, "个");
  target.deadline = end_of(9);
  Target later = target;
  later.deadline = end_of(12);
  later.changed_from = later.decided = day(2026, 9, 15);
  later.changes.clear();
  target.changes.push_back(later);
  return target;
}

TEST(TrueLightsTest, AnExtendedTargetIsMarkedAndNeverAhead) {
  const Target target = extended();
  const std::vector<Reading> readings = {{end_of(9), 98.33, end_of(9)}};
  const Assessment result = assess(target, WorkingDays{}, readings, day(2026, 10, 5));
  EXPECT_TRUE(result.is_extended);
  EXPECT_EQ(result.deadline, end_of(12));
  EXPECT_GT(*result.deviation, 0.2);
  EXPECT_EQ(result.status, Status::on_track);
  EXPECT_FALSE(assess(target, WorkingDays{}, {}, day(2026, 9, 14)).is_extended);
}

TEST(TrueLightsTest, OfTwoExtensionsTheLastDeadlineCountsAndTheFirstIsKnown) {
  Target target = extended();
  Target again = target.changes.back();
  again.deadline = day(2027, 3, 31);
  again.changed_from = again.decided = day(2026, 12, 1);
  target.changes.push_back(again);
  const Assessment result = assess(
      target, WorkingDays{}, std::vector<Reading>{{end_of(11), 95, end_of(11)}}, day(2026, 12, 5));
  EXPECT_EQ(result.deadline, day(2027, 3, 31));
  EXPECT_EQ(target.deadline, end_of(9));
  EXPECT_TRUE(result.is_extended);
  EXPECT_EQ(result.status, Status::on_track);
}

// 瓯海区: what is finished after its deadline turns yellow, not green.
TEST(TrueLightsTest, WorkFinishedLateKeepsItsMark) {
  const Target target = milestone();
  const std::vector<Reading> late = {{end_of(12), 0.9, day(2027, 1, 5)},
                                     {day(2027, 2, 3), 1, day(2027, 2, 4)}};
  EXPECT_EQ(status_on(target, late, day(2027, 1, 31)), Status::overdue);
  const Assessment done = assess(target, WorkingDays{}, late, day(2027, 2, 10));
  EXPECT_EQ(done.status, Status::achieved_late);
  EXPECT_EQ(light_of(done.status), Light::yellow);
  EXPECT_EQ(done.status_since, day(2027, 2, 3));
  EXPECT_EQ(done.score, 0.9);
  EXPECT_FALSE(done.report_overdue);
}

TEST(TrueLightsTest, NothingAsOfAfterTheDeadlineTakesAnAchievementBack) {
  const Target sum = cumulative(30, "亿元");
  const std::vector<Reading> readings = {value(sum, day(2026, 12, 31), 30),
                                         value(sum, day(2027, 1, 20), 29)};
  EXPECT_EQ(status_on(sum, readings, day(2027, 1, 25)), Status::achieved);
}

TEST(TrueLightsTest, OfWhatIsOverNothingIsForetold) {
  const Target sum = cumulative(1900, "套");
  std::vector<Reading> readings;
  for (unsigned month = 1; month <= 10; ++month) {
    readings.push_back(value(sum, end_of(month), 100 * month));
  }
  const Assessment before = assess(sum, WorkingDays{}, readings, end_of(10));
  EXPECT_TRUE(before.forecast && before.required_pace);
  for (const Date on : {day(2027, 1, 1), day(2027, 1, 11), day(2027, 6, 1)}) {
    const Assessment over = assess(sum, WorkingDays{}, readings, on);
    EXPECT_FALSE(over.forecast || over.required_pace || over.reached_in) << to_string(on);
    EXPECT_FALSE(over.goal_out_of_reach);
  }
}

// "连续7个月" of a target that had been red for less: it was silent for most of them.
TEST(TrueLightsTest, AMonthInARowIsOneInWhichTheLightWasRed) {
  const Target target = cumulative(100, "个");
  std::vector<Reading> readings = {value(target, end_of(1), 0), value(target, end_of(3), 5)};
  EXPECT_EQ(assess(target, WorkingDays{}, readings, end_of(3)).periods_behind, 3)
      << "January's figure was red in February";
  readings.push_back(value(target, end_of(7), 10));
  const Assessment july = assess(target, WorkingDays{}, readings, end_of(7));
  EXPECT_EQ(july.periods_behind, 1) << "it went stale between";
  EXPECT_EQ(july.status_since, end_of(7));
}

TEST(TrueLightsTest, NothingThatWasDueBeforeTheOfficeBeganIsAnybodysFault) {
  const Target target = cumulative(100, "个");
  const WorkingDays calendar;
  const Terms since_july{&calendar, {}, day(2026, 7, 1)};
  const Assessment first_day = assess(target, since_july, {}, day(2026, 7, 1));
  EXPECT_EQ(first_day.reports_due, 0);
  EXPECT_FALSE(first_day.report_overdue);
  EXPECT_EQ(first_day.score, std::nullopt);
  EXPECT_TRUE(first_day.report_faults.empty());
  const std::vector<Reading> january = {value(target, end_of(1), 9)};
  EXPECT_EQ(assess(target, since_july, january, day(2026, 7, 1)).status, Status::on_track)
      << "no report is missing that was due since";
  const Assessment later = assess(target, since_july, january, day(2026, 8, 11));
  EXPECT_EQ(later.reports_due, 2) << "June's and July's";
  EXPECT_EQ(later.status, Status::stale);
}

TEST(TrueLightsTest, AProjectedFigureIsJudgedButNeverFinalAndNeverAnAchievement) {
  const Target sum = cumulative(100, "个");
  const auto projected = [](Date as_of, double number) {
    Reading reading{as_of, number, as_of};
    reading.basis = Basis::projected;
    return reading;
  };
  const Assessment june =
      assess(sum, WorkingDays{}, std::vector{projected(end_of(6), 100)}, day(2026, 7, 11));
  EXPECT_EQ(june.status, Status::ahead) << "not 已完成";
  EXPECT_TRUE(june.is_projected);
  EXPECT_FALSE(june.report_overdue) << "it counts as the period's report";
  const std::vector<Reading> december = {projected(day(2026, 12, 31), 100)};
  const Assessment end = assess(sum, WorkingDays{}, december, day(2027, 1, 11));
  EXPECT_EQ(end.status, Status::overdue);
  EXPECT_FALSE(end.has_final_value);
  EXPECT_TRUE(end.report_overdue) << "until the final one it stays owed";
  // A projection takes no achievement back that stands.
  const std::vector<Reading> stands = {{end_of(6), 100, end_of(6)}, projected(end_of(7), 101)};
  EXPECT_EQ(status_on(sum, stands, end_of(7)), Status::achieved);
}

TEST(TrueLightsTest, OfAGoalOfNothingAnyExcessIsBehind) {
  const Target target = ceiling(level(0, "起"));
  EXPECT_EQ(judged(target, end_of(6), 0).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 1).status, Status::behind);
  EXPECT_EQ(judged(target, end_of(6), 1).score, 0.0);
  EXPECT_EQ(judged(target, end_of(6), 0).score, 1.0);
  Target balance = level(0, "%");
  balance.tolerance.ahead = 0;
  EXPECT_EQ(judged(balance, end_of(6), 3).status, Status::on_track) << "nothing is ahead";
  EXPECT_EQ(judged(balance, end_of(6), -0.1).status, Status::behind);
}

}  // namespace
}  // namespace districtd

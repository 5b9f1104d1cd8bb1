// The design page, "Judging": what each kind of target deviates by, and which status that is.
#include "daemon/domain/assessment.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

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
using testing::reading;
using testing::with_pace;

constexpr double kRounding = 1e-10;

const Date kDeadline = day(2026, 12, 31);
const Date kAfter = day(2027, 1, 1);

TEST(AssessmentTest, ACumulativeTargetIsJudgedAgainstItsScheduleShare) {
  const Assessment result = judged(cumulative(30, "亿元"), day(2026, 6, 30), 12.6);
  EXPECT_EQ(result.status, Status::behind);
  EXPECT_EQ(result.as_of, day(2026, 6, 30));
  EXPECT_DOUBLE_EQ(*result.actual, 1.26e9);
  EXPECT_NEAR(*result.expected, 1.5e9, 1);
  EXPECT_NEAR(*result.progress, 0.42, kRounding);
  EXPECT_NEAR(*result.expected_share, 0.5, kRounding);
  EXPECT_NEAR(*result.deviation, -0.08, kRounding);
  EXPECT_NEAR(*result.required_pace, 0.58 / 6, kRounding);
}

TEST(AssessmentTest, AValueIsJudgedAtItsOwnDateNotAtToday) {
  Target target = cumulative(30, "亿元");
  target.stale_after = 12;  // its silence is another fault
  const Reading june = reading(target, day(2026, 6, 30), 15);
  for (const Date on : {day(2026, 6, 30), day(2026, 7, 8), day(2026, 11, 30), kDeadline}) {
    const Assessment result = assess(target, june, on);
    EXPECT_EQ(result.status, Status::on_track) << to_string(on);
    EXPECT_NEAR(*result.deviation, 0, kRounding) << to_string(on);
    EXPECT_NEAR(*result.expected_share, 0.5, kRounding) << to_string(on);
  }
}

TEST(AssessmentTest, NothingReportedIsNoDataWithoutAnyNumber) {
  const Assessment result = assess(cumulative(30, "亿元"), std::nullopt, day(2026, 6, 30));
  EXPECT_EQ(result.status, Status::no_data);
  EXPECT_EQ(result.as_of, std::nullopt);
  EXPECT_EQ(result.actual, std::nullopt);
  EXPECT_EQ(result.progress, std::nullopt);
  EXPECT_EQ(result.deviation, std::nullopt);
  EXPECT_EQ(result.forecast, std::nullopt);
  EXPECT_NEAR(*result.expected_share, 0.5, kRounding);
}

TEST(AssessmentTest, NothingIsExpectedBeforeTheStart) {
  const Assessment result = assess(cumulative(30, "亿元"), std::nullopt, day(2025, 12, 31));
  EXPECT_EQ(result.expected_share, 0.0);
  EXPECT_EQ(result.expected, 0.0);
}

// tolerance = { at_risk = 0.0, behind = 0.05, ahead = 0.10 }: behind and at_risk are strictly below
// their edges, ahead begins on its own.
TEST(ToleranceTest, ValuesExactlyOnAnEdgeDoNotFlipByRounding) {
  struct Row {
    unsigned month;
    double goal;
    double value;
    Status status;
  };
  const std::array rows = {
      Row{11, 30, 27.5, Status::on_track},                                        // 11/12
      Row{11, 30, 27.4999, Status::at_risk}, Row{11, 30, 26, Status::at_risk},    // 11/12 - 0.05
      Row{11, 30, 25.9999, Status::behind},  Row{9, 30, 25.5, Status::ahead},     // 0.75 + 0.10
      Row{9, 30, 25.4999, Status::on_track}, Row{1, 1.2, 0.1, Status::on_track},  // 1/12
      Row{7, 0.6, 0.35, Status::on_track},                                        // 7/12
      Row{7, 0.6, 0.32, Status::at_risk},                                         // 7/12 - 0.05
      Row{5, 4.2, 1.54, Status::at_risk},                                         // 5/12 - 0.05
      Row{5, 4.2, 2.17, Status::ahead},                                           // 5/12 + 0.10
  };
  for (const auto& row : rows) {
    const Assessment result = judged(cumulative(row.goal, "亿元"), end_of(row.month), row.value);
    EXPECT_EQ(result.status, row.status) << row.value << " of " << row.goal << " in " << row.month;
  }
}

TEST(ToleranceTest, EveryMonthsEdgesHoldForGoalsOfEverySize) {
  for (const double goal : {0.3, 0.7, 1.1, 7.0, 30.0, 49.8, 647.4, 3e4, 1.234567e9, 9.87e12}) {
    Target target = cumulative(goal, "元");
    target.tolerance = {0.01, 0.07, 0.13};
    for (unsigned m = 2; m <= 10; ++m) {
      const double share = m / 12.0;
      const auto status = [&](double at) { return judged(target, end_of(m), goal * at).status; };
      SCOPED_TRACE(std::to_string(goal) + " in month " + std::to_string(m));
      EXPECT_EQ(status(share - 0.07), Status::at_risk);
      EXPECT_EQ(status(share - 0.07 - 1e-6), Status::behind);
      EXPECT_EQ(status(share - 0.01), Status::on_track);
      EXPECT_EQ(status(share - 0.01 - 1e-6), Status::at_risk);
      EXPECT_EQ(status(share + 0.13 - 1e-6), Status::on_track);
      if (share + 0.13 < 0.999) {
        EXPECT_EQ(status(share + 0.13), Status::ahead);
      }
    }
  }
}

TEST(AssessmentTest, ProgressCountsFromTheBaseline) {
  Target target = cumulative(160, "个");
  target.baseline = 100;
  const Assessment june = judged(target, day(2026, 6, 30), 127);
  EXPECT_NEAR(*june.progress, 0.45, kRounding);
  EXPECT_NEAR(*june.expected, 130, 1e-7);
  EXPECT_NEAR(*june.deviation, -0.05, kRounding);
  EXPECT_EQ(june.status, Status::at_risk);
  EXPECT_EQ(judged(target, day(2026, 6, 30), 126.9).status, Status::behind);
  EXPECT_NEAR(*judged(target, day(2026, 6, 30), 94).progress, -0.1, kRounding);
}

TEST(AssessmentTest, APlanMovesTheExpectation) {
  const Target target =
      with_pace(cumulative(30, "亿元"), Pace::plan, {{day(2026, 6, 30), 0.4}, {kDeadline, 1.0}});
  const Assessment result = judged(target, day(2026, 6, 30), 12.6);
  EXPECT_EQ(result.status, Status::on_track);
  EXPECT_NEAR(*result.deviation, 0.02, kRounding);
  EXPECT_EQ(judged(target, day(2026, 3, 31), 9).status, Status::ahead);  // 0.3 against 0.2
  EXPECT_EQ(judged(target, day(2026, 3, 31), 4.4).status, Status::behind);
}

TEST(AchievedTest, ACumulativeTargetIsAchievedFromTheFirstValueThatReachesTheGoal) {
  const Target target = cumulative(30, "亿元");
  EXPECT_EQ(judged(target, day(2026, 8, 15), 30).status, Status::achieved);
  EXPECT_EQ(judged(target, day(2026, 8, 15), 31).status, Status::achieved);
  EXPECT_EQ(judged(target, day(2026, 8, 15), 29.99).status, Status::ahead);
  EXPECT_EQ(assess(target, reading(target, day(2026, 8, 15), 30), day(2027, 6, 1)).status,
            Status::achieved);
}

TEST(AchievedTest, OneYuanShortOfThreeBillionIsShort) {
  const Target target = cumulative(30, "亿元");
  EXPECT_FALSE(reaches_goal(target, 3e9 - 1));
  EXPECT_TRUE(reaches_goal(target, 3e9));
  EXPECT_EQ(assess(target, Reading{kDeadline, 3e9 - 1}, kAfter).status, Status::overdue);
}

TEST(AchievedTest, GoalsAreReachedInSpiteOfTheRoundingOfSums) {
  EXPECT_EQ(judged(cumulative(0.3, "个"), day(2026, 8, 15), 0.1 + 0.1 + 0.1).status,
            Status::achieved);
  EXPECT_TRUE(reaches_goal(cumulative(0.8, "个"), 0.1 + 0.7));  // 0.7999999999999999
  EXPECT_TRUE(reaches_goal(ceiling(level(30, "%")), 0.1 + 0.2));
}

TEST(AchievedTest, AValueAfterTheDeadlineCanStillReachTheGoal) {
  const Target target = cumulative(30, "亿元");
  const Date february = day(2027, 2, 28);
  EXPECT_EQ(judged(target, february, 30).status, Status::achieved_late);
  const Assessment late = judged(target, february, 29.4);
  EXPECT_EQ(late.status, Status::overdue);
  EXPECT_NEAR(*late.deviation, -0.02, kRounding);  // the share stays at 1
  EXPECT_EQ(late.expected_share, 1.0);
}

// "After the deadline settling until there is a final value, at the latest through the day on which
// the final report is due; then overdue."
TEST(OverdueTest, BeginsTheDayAfterTheDeadlineOrOnceTheFinalReportIsDue) {
  const Target target = cumulative(30, "亿元");
  const Reading november = reading(target, end_of(11), 28);
  EXPECT_EQ(assess(target, november, kDeadline).status, Status::on_track);
  EXPECT_EQ(assess(target, november, kAfter).status, Status::settling);
  EXPECT_EQ(assess(target, november, day(2027, 1, 10)).status, Status::settling);
  EXPECT_EQ(assess(target, november, day(2027, 1, 11)).status, Status::overdue);
  const Reading december = reading(target, kDeadline, 29.7);
  EXPECT_EQ(assess(target, december, kDeadline).status, Status::at_risk);
  EXPECT_EQ(assess(target, december, kAfter).status, Status::overdue);
}

TEST(LevelTest, APercentageDeviatesInPointsFromTheGoalAtAnyDate) {
  const Target target = level(95, "%");
  for (const unsigned month : {1U, 6U, 11U}) {
    const Assessment result = judged(target, end_of(month), 93.4);
    EXPECT_NEAR(*result.deviation, -0.016, kRounding) << month;
    EXPECT_NEAR(*result.expected, 0.95, kRounding) << month;
    EXPECT_EQ(result.status, Status::at_risk) << month;
  }
}

TEST(LevelTest, EdgesOfThePercentage) {
  const Target target = level(85, "%");
  EXPECT_EQ(judged(target, end_of(6), 85).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 84.99).status, Status::at_risk);
  // In parts of the goal: 5 % of 85 are 4.25 points, 10 % are 8.5.
  EXPECT_EQ(judged(target, end_of(6), 80.75).status, Status::at_risk);
  EXPECT_EQ(judged(target, end_of(6), 80.74).status, Status::behind);
  EXPECT_EQ(judged(target, end_of(6), 93.49).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 93.5).status, Status::ahead);
}

TEST(LevelTest, AnotherUnitDeviatesInPartsOfTheExpected) {
  const Target target = level(2500, "万吨");
  EXPECT_NEAR(*judged(target, end_of(6), 2450).deviation, -0.02, kRounding);
  EXPECT_EQ(judged(target, end_of(6), 2375).status, Status::at_risk);  // -5% exactly
  EXPECT_EQ(judged(target, end_of(6), 2374).status, Status::behind);
  EXPECT_EQ(judged(target, end_of(6), 2750).status, Status::ahead);  // +10% exactly
}

// "The final value is looked for after the deadline only."
TEST(LevelTest, IsAchievedOnlyByItsFinalValue) {
  const Target target = level(95, "%");
  EXPECT_EQ(judged(target, end_of(11), 96).status, Status::on_track);
  EXPECT_EQ(judged(target, day(2026, 12, 30), 96).status, Status::on_track);
  EXPECT_EQ(judged(target, kDeadline, 95).status, Status::on_track);
  EXPECT_EQ(judged(target, kDeadline, 94.9).status, Status::at_risk);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 95), kAfter).status, Status::achieved);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 95), day(2027, 5, 1)).status,
            Status::achieved);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 94.9), kAfter).status, Status::overdue);
  EXPECT_EQ(assess(target, reading(target, end_of(11), 96), kAfter).status, Status::settling);
  EXPECT_EQ(assess(target, reading(target, end_of(11), 96), day(2027, 1, 11)).status,
            Status::overdue);
}

TEST(LevelTest, APlanMovesTheExpectation) {
  Target target =
      with_pace(level(90, "%"), Pace::plan, {{day(2026, 6, 30), 0.5}, {kDeadline, 1.0}});
  target.baseline = 0.8;
  const Assessment june = judged(target, day(2026, 6, 30), 85);
  EXPECT_NEAR(*june.expected, 0.85, kRounding);
  EXPECT_NEAR(*june.deviation, 0, kRounding);
  EXPECT_EQ(june.status, Status::on_track);
  EXPECT_EQ(judged(target, day(2026, 9, 30), 87).status, Status::at_risk);  // against 87.5
}

TEST(LevelTest, NegativeGrowthIsOrdinary) {
  const Assessment fallen = judged(level(7, "%"), end_of(9), -8);
  EXPECT_NEAR(*fallen.deviation, -0.15, kRounding);
  EXPECT_EQ(fallen.status, Status::behind);
  // 降幅收窄到2%以内: at least -2 %.
  EXPECT_EQ(judged(level(-2, "%"), end_of(9), -1.9).status, Status::on_track);
  EXPECT_EQ(judged(level(-2, "%"), end_of(9), -1.5).status, Status::ahead);  // a quarter of it
  EXPECT_EQ(judged(level(-2, "%"), end_of(9), -2.09).status, Status::at_risk);
  EXPECT_EQ(judged(level(-2, "%"), end_of(9), -2.5).status, Status::behind);
  // 单位能耗下降3%: at most -3 %.
  EXPECT_EQ(judged(ceiling(level(-3, "%")), end_of(9), -3.2).status, Status::on_track);
  EXPECT_EQ(judged(ceiling(level(-3, "%")), end_of(9), -2.9).status, Status::at_risk);
  EXPECT_EQ(judged(ceiling(level(-3, "%")), end_of(9), -2.5).status, Status::behind);
  const Target fall = ceiling(level(-3, "%"));
  EXPECT_EQ(assess(fall, reading(fall, kDeadline, -3), kAfter).status, Status::achieved);
  // A negative goal in another unit: parts of its size.
  EXPECT_NEAR(*judged(level(-200, "吨"), end_of(9), -220).deviation, -0.1, kRounding);
}

TEST(LevelTest, PaceDeadlineAsksForTheGoalOnlyThen) {
  const Target target = with_pace(level(80, "%"), Pace::deadline);
  EXPECT_EQ(judged(target, end_of(6), 60).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 99).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(11), 60).status, Status::at_risk);
  // It meets its goal so far, which only the deadline can confirm: nothing to warn of.
  EXPECT_EQ(judged(target, end_of(11), 80).status, Status::on_track);
  EXPECT_EQ(judged(target, kDeadline, 80).status, Status::on_track);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 80), kAfter).status, Status::achieved);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 60), kAfter).status, Status::overdue);
}

TEST(CeilingTest, ALevelAboveItsCeilingIsUnfavourable) {
  const Target target = ceiling(level(5, "%"));
  EXPECT_NEAR(*judged(target, end_of(6), 5.5).deviation, -0.005, kRounding);
  EXPECT_EQ(judged(target, end_of(6), 5).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 5.01).status, Status::at_risk);
  EXPECT_EQ(judged(target, end_of(6), 5.25).status, Status::at_risk);  // 5 % of the goal
  EXPECT_EQ(judged(target, end_of(6), 5.26).status, Status::behind);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 4.9), kAfter).status, Status::achieved);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 5.1), kAfter).status, Status::overdue);

  const Target days_of_wait = ceiling(level(30, "天"));
  EXPECT_NEAR(*judged(days_of_wait, end_of(6), 33).deviation, -0.1, kRounding);
  EXPECT_EQ(judged(days_of_wait, end_of(6), 31.5).status, Status::at_risk);  // 5% exactly
  EXPECT_EQ(judged(days_of_wait, end_of(6), 27).status, Status::on_track);   // never ahead
}

// 全年控制在100件以内: adding up under a ceiling is only known to be kept when the time is over.
TEST(CeilingTest, ACumulativeCeilingIsAchievedOnlyByItsFinalValueAndNeverAhead) {
  const Target target = ceiling(cumulative(100, "件"));
  const Assessment june = judged(target, end_of(6), 60);
  EXPECT_NEAR(*june.progress, 0.6, kRounding);
  EXPECT_NEAR(*june.deviation, -0.1, kRounding);
  EXPECT_EQ(june.status, Status::behind);
  EXPECT_EQ(judged(target, end_of(6), 50).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 55).status, Status::at_risk);  // 5 points exactly
  EXPECT_EQ(judged(target, end_of(6), 40).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(11), 91).status, Status::on_track);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 100), kAfter).status, Status::achieved);
  EXPECT_EQ(judged(target, kDeadline, 101).status, Status::at_risk);
  EXPECT_EQ(assess(target, reading(target, kDeadline, 101), kAfter).status, Status::overdue);
}

// 从100件降到80件以内: a reduction is reached like any other goal.
TEST(CeilingTest, AReductionProgressesDownwardsAndIsAchievedWhenReached) {
  Target target = ceiling(cumulative(80, "件"));
  target.baseline = 100;
  const Assessment june = judged(target, end_of(6), 92);
  EXPECT_NEAR(*june.expected, 90, 1e-7);
  EXPECT_NEAR(*june.progress, 0.4, kRounding);
  EXPECT_NEAR(*june.deviation, -0.1, kRounding);
  EXPECT_EQ(june.status, Status::behind);
  EXPECT_EQ(judged(target, end_of(6), 90).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 91).status, Status::at_risk);  // 5 points exactly
  EXPECT_EQ(judged(target, end_of(6), 88).status, Status::ahead);    // 10 points exactly
  EXPECT_EQ(judged(target, end_of(9), 80).status, Status::achieved);
  EXPECT_EQ(judged(target, end_of(9), 79).status, Status::achieved);
}

TEST(DeadlinePaceTest, IsOnTrackAndNeverAheadUntilTheWarning) {
  const Target target = milestone();
  for (const double value : {0.0, 0.3, 0.99}) {
    EXPECT_EQ(judged(target, day(2026, 2, 28), value).status, Status::on_track) << value;
  }
  EXPECT_EQ(judged(target, day(2026, 2, 28), 1).status, Status::achieved);
}

TEST(DeadlinePaceTest, WarnsInTheLastSixtyDaysWhileNotAchieved) {
  Target target = milestone();
  target.stale_after = 12;
  const Reading half = reading(target, day(2026, 8, 31), 0.5);
  EXPECT_EQ(assess(target, half, day(2026, 10, 31)).status, Status::on_track);
  EXPECT_EQ(assess(target, half, day(2026, 11, 1)).status, Status::at_risk);  // 60 days before
  EXPECT_EQ(assess(target, half, day(2026, 12, 30)).status, Status::at_risk);
  EXPECT_EQ(assess(target, half, kAfter).status, Status::settling);
  const Reading done = reading(target, day(2026, 8, 31), 1);
  for (const Date on : {day(2026, 10, 31), day(2026, 12, 30), kAfter}) {
    EXPECT_EQ(assess(target, done, on).status, Status::achieved) << to_string(on);
  }
}

// "Pace deadline expects nothing before the deadline: no expected share and no deviation then,
// anywhere."
TEST(DeadlinePaceTest, ExpectsNothingAndDeviatesFromNothingBeforeTheDeadline) {
  const auto expects_nothing = [](const Assessment& result) {
    EXPECT_TRUE(result.expects_nothing_yet);
    EXPECT_EQ(result.expected, std::nullopt);
    EXPECT_EQ(result.expected_share, std::nullopt);
    EXPECT_EQ(result.deviation, std::nullopt);
  };
  for (const Target& target : {milestone(), with_pace(cumulative(1, "个"), Pace::deadline),
                               ceiling(with_pace(cumulative(1, "件"), Pace::deadline)),
                               with_pace(level(1, "个"), Pace::deadline)}) {
    SCOPED_TRACE(to_string(target.kind));
    expects_nothing(judged(target, day(2026, 6, 30), 0.85));
    expects_nothing(judged(target, day(2026, 12, 30), 0.85));  // and the light is yellow
    expects_nothing(assess(target, std::nullopt, day(2026, 6, 30)));
    EXPECT_EQ(
        judge_each(target, WorkingDays{}, std::array{reading(target, end_of(6), 0.85)}, end_of(6))
            .front()
            .deviation,
        std::nullopt);
    // Reported for a day before it, asked about on a day after it: overdue, and still nothing was
    // expected of that value.
    expects_nothing(assess(target, reading(target, end_of(11), 0.85), kAfter));
    const Assessment then = judged(target, kDeadline, 0.6);
    EXPECT_FALSE(then.expects_nothing_yet);
    EXPECT_EQ(then.expected, target.goal);
    EXPECT_TRUE(then.deviation);
  }
  EXPECT_EQ(judged(milestone(), kDeadline, 0.6).expected_share, 1.0);
  EXPECT_NEAR(*judged(milestone(), kDeadline, 0.6).deviation, -0.4, kRounding);
}

// "What expects nothing yet has no part."
TEST(DeadlinePaceTest, HasNoPartBeforeTheDeadline) {
  EXPECT_EQ(judged(milestone(), end_of(6), 0.3).score, std::nullopt);
  const Target most = ceiling(with_pace(cumulative(100, "件"), Pace::deadline));
  EXPECT_EQ(judged(most, end_of(6), 30).score, std::nullopt);
  const Target rate = with_pace(level(80, "%"), Pace::deadline);
  EXPECT_EQ(judged(rate, end_of(6), 60).score, std::nullopt);
  EXPECT_NEAR(*assess(milestone(), reading(milestone(), kDeadline, 0.6), kAfter).score, 0.6,
              kRounding);  // overdue: its progress
}

TEST(DeviationUnitTest, IsPointsExceptOfALevelThatIsNoPercentage) {
  EXPECT_EQ(judged(level(95, "%"), end_of(6), 90).deviation_unit, DeviationUnit::points);
  EXPECT_EQ(judged(level(200, "家"), end_of(6), 180).deviation_unit, DeviationUnit::per_cent);
  EXPECT_EQ(judged(cumulative(200, "家"), end_of(6), 90).deviation_unit, DeviationUnit::points);
  EXPECT_EQ(judged(milestone(), kDeadline, 0.9).deviation_unit, DeviationUnit::points);
}

TEST(DeadlinePaceTest, WarnDaysCanBeSet) {
  Target target = with_pace(cumulative(10, "个"), Pace::deadline);
  target.warn_days = 15;
  const Reading some = reading(target, day(2026, 11, 30), 9);
  EXPECT_EQ(assess(target, some, day(2026, 12, 15)).status, Status::on_track);
  EXPECT_EQ(assess(target, some, day(2026, 12, 16)).status, Status::at_risk);
  target.warn_days = 0;
  EXPECT_EQ(assess(target, some, day(2026, 12, 30)).status, Status::on_track);
}

TEST(MilestoneTest, ItsShareMayFollowAPlanToo) {
  const Target target = with_pace(annual(Kind::milestone, 1, ""), Pace::monthly);
  EXPECT_EQ(judged(target, end_of(6), 0.5).status, Status::on_track);
  EXPECT_EQ(judged(target, end_of(6), 0.44).status, Status::behind);
  EXPECT_EQ(judged(target, end_of(6), 0.6).status, Status::ahead);
}

TEST(PledgeTest, HasNoNumbersOnlyWhetherTheDepartmentReports) {
  const Target target = pledge();
  for (const Date on : {day(2026, 6, 30), day(2026, 7, 31), kAfter}) {
    EXPECT_EQ(assess(target, std::nullopt, on).status, Status::no_data) << to_string(on);
    if (on == kAfter) continue;  // and its figure of June is stale
    const Assessment result = assess(target, Reading{day(2026, 6, 15), 1}, on);
    EXPECT_EQ(result.status, Status::reported) << to_string(on);
    EXPECT_EQ(result.as_of, day(2026, 6, 15));
    EXPECT_EQ(result.deviation, std::nullopt);
    EXPECT_EQ(result.progress, std::nullopt);
    EXPECT_EQ(result.expected_share, std::nullopt);
    EXPECT_EQ(result.actual, std::nullopt);
  }
}

TEST(LeapYearTest, February29EndsItsMonth) {
  Target target = cumulative(30, "亿元");
  target.start = day(2024, 1, 1);
  target.deadline = day(2024, 12, 31);
  EXPECT_EQ(judged(target, day(2024, 2, 29), 5).status, Status::on_track);
  EXPECT_NEAR(*judged(target, day(2024, 2, 29), 5).deviation, 0, kRounding);
  EXPECT_GT(*judged(target, day(2024, 2, 28), 5).deviation, 0.002);
  target.deadline = day(2024, 2, 29);
  EXPECT_EQ(assess(target, reading(target, day(2024, 2, 29), 29), day(2024, 2, 29)).status,
            Status::at_risk);
  EXPECT_EQ(assess(target, reading(target, day(2024, 2, 29), 29), day(2024, 3, 1)).status,
            Status::overdue);
}

}  // namespace
}  // namespace districtd

// Plans that people use, and targets that are added, changed and withdrawn in mid-year.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/domain/pace.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;

Target raised_in_july() {
  Target target = cumulative(100, "个");
  Target later = target;
  later.goal = 200;
  later.changed_from = later.decided = day(2026, 7, 1);
  target.changes.push_back(later);
  return target;
}

TEST(ChangedTargetTest, ANewGoalJudgesTheValuesFromItsDayOn) {
  const Target target = raised_in_july();
  std::vector<Reading> readings = {{end_of(6), 50, end_of(6)}};
  const Assessment june = assess(target, WorkingDays{}, readings, day(2026, 7, 20));
  EXPECT_EQ(june.goal, 100);
  EXPECT_NEAR(*june.deviation, 0, 1e-9);
  EXPECT_EQ(june.status, Status::on_track);
  readings.push_back({end_of(7), 60, end_of(7)});
  const Assessment july = assess(target, WorkingDays{}, readings, day(2026, 8, 3));
  EXPECT_EQ(july.goal, 200);
  EXPECT_NEAR(*july.deviation, 60.0 / 200 - 7.0 / 12, 1e-9);
  EXPECT_EQ(july.status, Status::behind);
  EXPECT_EQ(judge_each(target, WorkingDays{}, readings, day(2026, 8, 3))[0].status,
            Status::on_track);
}

// The version of the value's day decides whether anything is expected, not that of the day asked
// about.
TEST(ChangedTargetTest, AScheduleThatBeginsInJulyAsksNothingOfJune) {
  Target target = testing::with_pace(cumulative(100, "个"), Pace::deadline);
  Target later = testing::with_pace(target, Pace::monthly);
  later.changed_from = later.decided = day(2026, 7, 1);
  target.changes.push_back(later);
  std::vector<Reading> readings = {{end_of(6), 10, end_of(6)}};
  const Assessment june = assess(target, WorkingDays{}, readings, day(2026, 8, 3));
  EXPECT_EQ(june.version, 0U);
  EXPECT_TRUE(june.expects_nothing_yet);
  EXPECT_EQ(june.status, Status::on_track);
  readings.push_back({end_of(7), 10, end_of(7)});
  const Assessment july = assess(target, WorkingDays{}, readings, day(2026, 8, 3));
  EXPECT_EQ(july.version, 1U);
  EXPECT_FALSE(july.expects_nothing_yet);
  EXPECT_NEAR(*july.deviation, 0.1 - 7.0 / 12, 1e-9);
  EXPECT_EQ(assess(target, WorkingDays{}, {}, day(2026, 8, 3)).version, 1U) << "nothing reported";
}

TEST(ChangedTargetTest, ALaterDeadlineCountsFromItsDayOn) {
  Target target = cumulative(100, "个");
  target.deadline = end_of(9);
  Target later = target;
  later.deadline = end_of(12);
  later.changed_from = later.decided = day(2026, 9, 15);
  target.changes.push_back(later);
  const std::vector<Reading> readings = {{end_of(9), 70, end_of(9)}};
  const Assessment result = assess(target, WorkingDays{}, readings, day(2026, 10, 5));
  EXPECT_EQ(result.deadline, end_of(12));
  EXPECT_EQ(result.status, Status::at_risk) << "70 % of 75 %, not overdue";
}

TEST(ChangedTargetTest, OutOfForceThereIsNothing) {
  Target target = cumulative(100, "个");
  target.added = day(2026, 4, 1);
  target.withdrawn = day(2026, 9, 1);
  const std::vector<Reading> readings = {{end_of(3), 30, end_of(3)}};
  for (const Date on : {day(2026, 3, 31), day(2026, 9, 1)}) {
    Assessment nothing;
    nothing.in_force = false;
    EXPECT_EQ(assess(target, WorkingDays{}, readings, on), nothing);
  }
  EXPECT_TRUE(assess(target, WorkingDays{}, readings, day(2026, 4, 1)).in_force);
}

TEST(ChangedTargetTest, TheBoardCountsWhatIsInForce) {
  Target target = cumulative(100, "个");
  target.withdrawn = day(2026, 9, 1);
  const auto catalogue = std::make_shared<const Catalogue>(
      std::vector<Report>{}, std::vector<Department>{{"culture-tourism", "区文旅局"}},
      std::vector<Target>{target});
  Board board(catalogue, Readings{}, day(2026, 8, 31));
  EXPECT_EQ(board.counts(0).of(Status::no_data), 1U);
  EXPECT_EQ(board.advance_to(day(2026, 9, 1)).size(), 1U);
  EXPECT_EQ(board.counts(0).of(Status::no_data), 0U);
  EXPECT_EQ(board.standings()[0].in_force, 0U);
}

TEST(PlanTest, AStartInMayAndYearsThatFollowAreCountedInMonths) {
  Target target = cumulative(100, "个");
  target.start = day(2026, 5, 1);
  EXPECT_NEAR(expected_share(target, end_of(6)), 2.0 / 8, 1e-12);
  target.start = day(2026, 1, 1);
  target.deadline = day(2028, 12, 31);
  EXPECT_NEAR(expected_share(target, day(2027, 6, 30)), 18.0 / 36, 1e-12);
}

TEST(PlanTest, QuarterlySharesAreReachedAtTheQuartersEnds) {
  Target target = testing::with_pace(
      cumulative(100, "个"), Pace::plan,
      {{end_of(3), 0.15}, {end_of(6), 0.40}, {end_of(9), 0.70}, {end_of(12), 1.0}});
  EXPECT_NEAR(expected_share(target, end_of(3)), 0.15, 1e-12);
  EXPECT_NEAR(expected_share(target, end_of(5)), 0.15 + 0.25 * 2 / 3, 1e-12);
  EXPECT_NEAR(expected_share(target, end_of(9)), 0.70, 1e-12);
}

}  // namespace
}  // namespace districtd

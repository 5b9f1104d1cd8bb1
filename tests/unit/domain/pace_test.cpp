// The expected share p of the design page, "Judging": the schedule share (monthly), the plan
// interpolated by month position (plan), or 0 before the deadline and 1 from it on (deadline).
#include "daemon/domain/pace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::Random;
using testing::with_pace;

constexpr double kRounding = 1e-10;

// The plan that the design page shows.
Target planned() {
  return with_pace(cumulative(30, "亿元"), Pace::plan,
                   {{day(2026, 6, 30), 0.4}, {day(2026, 12, 31), 1.0}});
}

TEST(PaceTest, EndOfJuneOfAnAnnualTargetIsHalf) {
  EXPECT_NEAR(expected_share(cumulative(30, "亿元"), day(2026, 6, 30)), 0.5, kRounding);
}

TEST(PaceTest, MonthlyIsTheScheduleShare) {
  const Target target = cumulative(30, "亿元");
  for (Date d = target.start - days{5}; d <= target.deadline + days{5}; d += days{1}) {
    ASSERT_EQ(expected_share(target, d), schedule_share(target.start, target.deadline, d));
  }
}

TEST(PaceTest, DeadlineExpectsNothingBeforeItAndAllFromItOn) {
  const Target target = with_pace(cumulative(1, "个"), Pace::deadline);
  EXPECT_EQ(expected_share(target, day(2025, 12, 31)), 0.0);
  EXPECT_EQ(expected_share(target, day(2026, 12, 30)), 0.0);
  EXPECT_EQ(expected_share(target, day(2026, 12, 31)), 1.0);
  EXPECT_EQ(expected_share(target, day(2027, 6, 30)), 1.0);
}

TEST(PaceTest, PlanMeetsItsPointsAndIsStraightBetweenThem) {
  const Target target = planned();
  EXPECT_NEAR(expected_share(target, day(2026, 6, 30)), 0.4, kRounding);
  EXPECT_NEAR(expected_share(target, day(2026, 12, 31)), 1.0, kRounding);
  EXPECT_NEAR(expected_share(target, day(2026, 3, 31)), 0.2, kRounding);
  EXPECT_NEAR(expected_share(target, day(2026, 9, 30)), 0.7, kRounding);
  EXPECT_NEAR(expected_share(target, day(2026, 11, 30)), 0.9, kRounding);
}

TEST(PaceTest, PlanCountsMonthsNotDays) {
  // 2 of 6 months; by days it would be 59 of 181.
  EXPECT_NEAR(expected_share(planned(), day(2026, 2, 28)), 0.4 * 2 / 6, kRounding);
  EXPECT_NEAR(expected_share(planned(), day(2026, 2, 14)), 0.4 * 1.5 / 6, kRounding);
}

TEST(PaceTest, PlanIsZeroBeforeTheStartAndStaysAtItsLastPoint) {
  Target target = planned();
  target.plan = {{day(2026, 6, 30), 0.4}, {day(2026, 9, 30), 1.0}};
  EXPECT_EQ(expected_share(target, day(2025, 12, 31)), 0.0);
  EXPECT_EQ(expected_share(target, day(2025, 6, 30)), 0.0);
  EXPECT_EQ(expected_share(target, day(2026, 10, 31)), 1.0);
  EXPECT_EQ(expected_share(target, day(2027, 10, 31)), 1.0);
}

TEST(PaceTest, PlanMayAskForNothingAtFirst) {
  Target target = planned();
  target.plan = {{day(2026, 3, 31), 0.0}, {day(2026, 12, 31), 1.0}};
  EXPECT_EQ(expected_share(target, day(2026, 2, 28)), 0.0);
  EXPECT_NEAR(expected_share(target, day(2026, 6, 30)), 1.0 / 3, kRounding);
}

TEST(PaceTest, PlanOfTheScheduleIsTheSchedule) {
  Target target = planned();
  target.plan.clear();
  for (unsigned m = 1; m <= 12; ++m) target.plan.push_back({end_of(m), m / 12.0});
  for (Date d = target.start; d <= target.deadline; d += days{1}) {
    ASSERT_NEAR(expected_share(target, d), schedule_share(target.start, target.deadline, d),
                kRounding)
        << to_string(d);
  }
}

TEST(PacePropertyTest, EveryPaceRisesWithinZeroAndOneAndEndsAtOne) {
  Random random(42);
  for (int round = 0; round < 300; ++round) {
    Target target = cumulative(30, "亿元");
    target.start = random.date();
    target.deadline = target.start + days{random.whole(0, 1100)};
    target.pace = random.one_of<Pace>({Pace::monthly, Pace::deadline, Pace::plan});
    if (target.pace == Pace::plan) {
      double share = 0;
      for (Date d = target.start; d < target.deadline; d += days{random.whole(20, 200)}) {
        share += (1 - share) * random.real(0, 0.9);
        target.plan.push_back({d, share});
      }
      target.plan.push_back({target.deadline, 1.0});
    }
    SCOPED_TRACE(to_string(target.start) + " to " + to_string(target.deadline) + " " +
                 std::string{to_string(target.pace)});
    EXPECT_EQ(expected_share(target, target.start - days{1}), 0.0);
    EXPECT_EQ(expected_share(target, target.deadline), 1.0);
    double before = 0;
    for (Date d = target.start - days{3}; d <= target.deadline + days{3}; d += days{1}) {
      const double share = expected_share(target, d);
      ASSERT_GE(share, before - 1e-12) << to_string(d);
      ASSERT_LE(share, 1.0) << to_string(d);
      before = share;
    }
  }
}

}  // namespace
}  // namespace districtd

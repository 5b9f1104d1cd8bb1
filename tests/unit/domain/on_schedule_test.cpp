// The share on schedule: green of green, yellow and red, and what it leaves out.
#include "daemon/domain/on_schedule.h"

#include <gtest/gtest.h>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::day;
using testing::end_of;

OnSchedule counted(std::initializer_list<std::pair<Status, int>> statuses) {
  OnSchedule counts;
  for (const auto& [status, times] : statuses) {
    Assessment assessment;
    assessment.status = status;
    for (int i = 0; i < times; ++i) counts.add(assessment);
  }
  return counts;
}

// 宣城市2020年1-11月: 55 = 44 + 11, 80.0 %.
TEST(OnScheduleTest, IsGreenOfWhatCanBeJudged) {
  const OnSchedule counts = counted({{Status::achieved, 8},
                                     {Status::ahead, 6},
                                     {Status::on_track, 30},
                                     {Status::at_risk, 4},
                                     {Status::achieved_late, 1},
                                     {Status::behind, 5},
                                     {Status::overdue, 1}});
  EXPECT_EQ(counts.judged(), 55U);
  EXPECT_EQ(counts.reached(), 44U);
  EXPECT_EQ(counts.not_reached(), 11U);
  EXPECT_DOUBLE_EQ(*counts.share(), 0.8);
  EXPECT_EQ(left_out_of(counts), "");
}

TEST(OnScheduleTest, SaysWhatItLeavesOut) {
  OnSchedule counts = counted({{Status::on_track, 1},
                               {Status::settling, 2},
                               {Status::stale, 1},
                               {Status::no_data, 3},
                               {Status::reported, 5}});
  EXPECT_EQ(left_out_of(counts), "期满待报 2 项、停报 1 项、未报送 3 项");
  EXPECT_EQ(*counts.share(), 1.0);
  EXPECT_EQ(counts.total, 12U);
  Assessment unreported;
  unreported.is_unreported = true;
  counts.add(unreported);
  EXPECT_EQ(left_out_of(counts), "期满待报 2 项、停报 1 项、未报送 3 项、本期未报 1 项");
  EXPECT_EQ(counts.total, 13U);
  EXPECT_EQ(counts.judged(), 1U);
}

TEST(OnScheduleTest, OfNothingThereIsNoShare) {
  EXPECT_EQ(counted({{Status::stale, 1}, {Status::reported, 1}}).share(), std::nullopt);
}

// "Asked about a period, what owed a report of it and has none is unreported."
TEST(OnScheduleTest, APeriodsReportIsAValueAsOfItsSecondHalf) {
  Target target = testing::cumulative(100, "个");
  const auto lacks = [&](std::optional<Date> as_of) {
    return lacks_report(target, as_of, end_of(5) + std::chrono::days{1}, end_of(6));
  };
  EXPECT_TRUE(lacks(std::nullopt));
  EXPECT_TRUE(lacks(end_of(5)));
  EXPECT_TRUE(lacks(day(2026, 6, 15)));
  EXPECT_FALSE(lacks(day(2026, 6, 16)));
  EXPECT_FALSE(lacks(end_of(7))) << "or as of later";
  target.cadence = Cadence::quarter;
  EXPECT_FALSE(lacks_report(target, end_of(3), day(2026, 5, 1), end_of(5)))
      << "no quarter ended in May";
  EXPECT_TRUE(lacks(end_of(4))) << "one did in June";
  target.cadence = Cadence::none;
  EXPECT_FALSE(lacks(std::nullopt));
  target.cadence = Cadence::month;
  target.start = day(2026, 6, 20);
  EXPECT_FALSE(lacks(std::nullopt)) << "a first period cut to less than half owes nothing";
}

}  // namespace
}  // namespace districtd

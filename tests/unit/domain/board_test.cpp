#include "daemon/domain/board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using ::testing::ElementsAre;
using testing::end_of;
using ::testing::IsEmpty;
using testing::level;
using testing::milestone;
using testing::pledge;
using testing::reading;

enum : Catalogue::Index { kInvestment, kAirQuality, kCentre, kPledge };

std::shared_ptr<const Catalogue> catalogue() {
  std::vector<Target> targets = {cumulative(30, "亿元"), level(95, "%"), milestone(), pledge()};
  targets[kInvestment].id = "culture-tourism.investment";
  targets[kAirQuality].id = "environment.air";
  targets[kCentre].id = "culture-tourism.centre";
  targets[kPledge].id = "environment.pledge";
  targets[kAirQuality].department = 1;
  targets[kPledge].department = 1;
  return std::make_shared<const Catalogue>(
      std::vector<Report>{},
      std::vector<Department>{{"culture-tourism", "区文旅局"}, {"environment", "区生态环境分局"}},
      targets);
}

Board empty_board(Date today) { return {catalogue(), Readings{}, today}; }

TEST(BoardTest, JudgesEveryTargetFromTheBeginning) {
  const auto all = catalogue();
  const Board board =
      testing::board_of(all,
                        {reading((*all)[kInvestment], end_of(6), 12.6), std::nullopt,
                         Reading{end_of(6), 1}, Reading{end_of(6), 1}},
                        day(2026, 7, 1));
  EXPECT_EQ(board[kInvestment].status, Status::behind);
  EXPECT_EQ(board[kAirQuality].status, Status::no_data);
  EXPECT_EQ(board[kCentre].status, Status::achieved);
  EXPECT_EQ(board[kPledge].status, Status::reported);
  EXPECT_EQ(board.counts(0).of(Status::behind), 1U);
  EXPECT_EQ(board.counts(0).of(Status::achieved), 1U);
  EXPECT_EQ(board.counts(0).of(Status::no_data), 0U);
  EXPECT_EQ(board.counts(1).of(Status::no_data), 1U);
  EXPECT_EQ(board.counts(1).of(Status::reported), 1U);
  EXPECT_EQ(board.today(), day(2026, 7, 1));
}

TEST(BoardTest, AReadingChangesItsTargetAndItsDepartmentsCountsAlone) {
  Board board = empty_board(day(2026, 7, 1));
  const Assessment air = board[kAirQuality];
  EXPECT_TRUE(board.record(kInvestment, {end_of(6), 1.5e9}));
  EXPECT_EQ(board[kInvestment].status, Status::on_track);
  EXPECT_EQ(board[kAirQuality], air);
  EXPECT_EQ(board.counts(0).of(Status::no_data), 1U);
  EXPECT_EQ(board.counts(0).of(Status::on_track), 1U);
  EXPECT_EQ(board.counts(1).of(Status::no_data), 2U);
}

TEST(BoardTest, TheSameReadingAgainChangesNothing) {
  Board board = empty_board(day(2026, 7, 1));
  EXPECT_TRUE(board.record(kInvestment, {end_of(6), 1.5e9}));
  EXPECT_FALSE(board.record(kInvestment, {end_of(6), 1.5e9}));
  EXPECT_EQ(board.counts(0).of(Status::on_track), 1U);
}

TEST(BoardTest, AChangedValueOfTheSameStatusIsAChange) {
  Board board = empty_board(day(2026, 7, 1));
  board.record(kInvestment, {end_of(6), 1.5e9});
  EXPECT_TRUE(board.record(kInvestment, {end_of(6), 1.51e9}));
  EXPECT_EQ(board[kInvestment].status, Status::on_track);
  EXPECT_DOUBLE_EQ(*board[kInvestment].actual, 1.51e9);
}

TEST(BoardTest, ACorrectionOrALaterValueTakesAchievementBack) {
  Board board = empty_board(day(2026, 12, 10));
  board.record(kInvestment, {end_of(11), 3e9});
  ASSERT_EQ(board[kInvestment].status, Status::achieved);
  board.record(kInvestment, {end_of(11), 2.7e9});  // corrected: 90.0% against 91.7%
  EXPECT_EQ(board[kInvestment].status, Status::at_risk);
  EXPECT_EQ(board.counts(0).of(Status::achieved), 0U);

  board.record(kCentre, {end_of(10), 1});
  ASSERT_EQ(board[kCentre].status, Status::achieved);
  board.record(kCentre, {end_of(11), 0.8});
  EXPECT_EQ(board[kCentre].status, Status::at_risk);

  board.advance_to(day(2027, 1, 1));
  EXPECT_EQ(board[kInvestment].status, Status::settling);
  EXPECT_EQ(board[kCentre].status, Status::settling);
  board.advance_to(day(2027, 1, 11));
  EXPECT_EQ(board[kInvestment].status, Status::overdue);
  EXPECT_EQ(board[kCentre].status, Status::overdue);
}

TEST(BoardTest, ANewDayReturnsWhatItChangedInOrder) {
  Board board = empty_board(day(2026, 10, 20));
  board.record(kInvestment, {end_of(9), 2.3e9});
  board.record(kAirQuality, {end_of(9), 0.96});
  board.record(kCentre, {end_of(9), 0.5});
  board.record(kPledge, {end_of(9), 1});
  EXPECT_THAT(board.advance_to(day(2026, 10, 21)), IsEmpty());
  // 60 days before the deadline the centre is at risk. The scores are compared with another month.
  const Assessment air = board[kAirQuality];
  EXPECT_THAT(board.advance_to(day(2026, 11, 1)),
              ElementsAre(kInvestment, kAirQuality, kCentre, kPledge));
  EXPECT_EQ(board[kAirQuality].status_since, air.status_since);
  EXPECT_EQ(board[kCentre].status, Status::at_risk);
  EXPECT_EQ(board.counts(0).of(Status::at_risk), 1U);
  // October's figures are missing from the 11th on.
  EXPECT_THAT(board.advance_to(day(2026, 11, 11)),
              ElementsAre(kInvestment, kAirQuality, kCentre, kPledge));
  EXPECT_TRUE(board[kPledge].report_overdue);
  EXPECT_EQ(board.today(), day(2026, 11, 11));
}

TEST(BoardTest, SharesItsCatalogue) {
  const auto all = catalogue();
  const Board board =
      testing::board_of(all, std::vector<std::optional<Reading>>(4), day(2026, 7, 1));
  EXPECT_EQ(&board.catalogue(), all.get());
  EXPECT_EQ(board.shared_catalogue(), all);
}

// 2026 and 2027 with the same ids and names: 2026 settles on 2027-02-28.
std::shared_ptr<const Catalogue> two_years() {
  std::vector<Target> targets = {cumulative(30, "亿元"), cumulative(32, "亿元")};
  targets[1].programme = 1;
  targets[1].start = day(2027, 1, 1);
  targets[1].deadline = day(2027, 12, 31);
  return std::make_shared<const Catalogue>(
      std::vector<Report>{}, std::vector<Department>{{"culture-tourism", "区文旅局"}}, targets,
      WorkingDays{},
      std::vector<Programme>{programme_of_years(2026, 2026), programme_of_years(2027, 2027)});
}

TEST(BoardTest, ProgrammesAreCountedApartAndOnlyWhileTheyAreOpen) {
  Board board(two_years(), Readings{}, day(2026, 12, 31));
  board.record(0, {day(2026, 11, 30), 29e8});
  const auto in_force = [&] {
    return std::vector<std::size_t>{board.counts(0).total, board.counts(1).total};
  };
  EXPECT_THAT(in_force(), ElementsAre(1, 0)) << "2027 has not begun";
  EXPECT_EQ(board.standings()[1].in_force, 0U);
  EXPECT_THAT(board.advance_to(day(2027, 1, 1)), ElementsAre(0, 1));
  EXPECT_THAT(in_force(), ElementsAre(1, 1));
  board.advance_to(day(2027, 2, 28));
  EXPECT_THAT(in_force(), ElementsAre(1, 1)) << "the last day on which figures are taken";
  EXPECT_EQ(board.counts(0).of(Status::overdue), 1U);
  EXPECT_EQ(board.counts(1).of(Status::overdue), 0U);
  board.advance_to(day(2027, 3, 1));
  EXPECT_THAT(in_force(), ElementsAre(0, 1));
  EXPECT_FALSE(board[0].in_force);
  EXPECT_EQ(board.standings()[0].score, std::nullopt);
  EXPECT_THAT(board.readings(0), ::testing::SizeIs(1)) << "what was reported stays known";
  board.advance_to(day(2027, 2, 1));
  EXPECT_THAT(in_force(), ElementsAre(1, 1)) << "a clock that had been ahead";
}

}  // namespace
}  // namespace districtd

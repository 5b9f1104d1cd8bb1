// A target that is the sum of its parts: the design page, "Targets".
#include "daemon/domain/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/domain/standing.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::day;
using ::testing::ElementsAre;
using testing::end_of;
using ::testing::IsEmpty;

enum : Catalogue::Index { kSum, kNorth, kSouth, kOther };

// 文旅投资 of the bureau, with a part of it each in two townships, and another target of one.
std::vector<Target> targets() {
  Target sum = testing::cumulative(30, "亿元");
  sum.sum_of_parts = true;
  Target north = testing::cumulative(18, "亿元");
  north.id = "north.investment";
  north.name = "北镇文旅投资";
  north.department = 1;
  north.parent = sum.id;
  Target south = north;
  south.id = "south.investment";
  south.name = "南镇文旅投资";
  south.department = 2;
  south.goal = south.unit.to_base(12);
  Target other = testing::cumulative(10, "个");
  other.id = "south.inns";
  other.name = "民宿";
  other.department = 2;
  return {sum, north, south, other};
}

std::shared_ptr<const Catalogue> catalogue_of(std::vector<Target> targets) {
  return std::make_shared<const Catalogue>(
      std::vector<Report>{},
      std::vector<Department>{
          {"culture-tourism", "区文旅局"}, {"north", "北镇"}, {"south", "南镇"}},
      std::move(targets));
}

Reading figure(Date as_of, double value, int days_later = 3) {
  return {as_of, value * 1e8, as_of + days{days_later}};
}

class PartsTest : public ::testing::Test {
 protected:
  SumOfParts sum(Date on) {
    return sum_of_parts(
        *catalogue_, kSum, [this](Catalogue::Index i) { return std::span<const Reading>{of_[i]}; },
        on);
  }

  std::shared_ptr<const Catalogue> catalogue_ = catalogue_of(targets());
  std::map<Catalogue::Index, std::vector<Reading>> of_;
};

TEST_F(PartsTest, EachCountsWithItsNewestValueAsOfThePeriod) {
  of_[kNorth] = {figure(day(2026, 6, 18), 8), figure(end_of(6), 9)};
  of_[kSouth] = {figure(day(2026, 6, 25), 5, 20)};
  const auto all = sum(day(2026, 7, 20));
  ASSERT_EQ(all.readings.size(), 1U);
  EXPECT_EQ(all.readings[0].as_of, end_of(6));
  EXPECT_EQ(all.readings[0].value, 14e8);
  EXPECT_EQ(all.readings[0].reported_on, day(2026, 7, 15)) << "whole since the last arrived";
  EXPECT_EQ(all.partial, std::nullopt);
}

TEST_F(PartsTest, APartialSumNamesWhatIsMissingAndLeavesTheWholeOne) {
  of_[kNorth] = {figure(end_of(5), 7), figure(end_of(6), 9)};
  of_[kSouth] = {figure(end_of(5), 4)};
  const auto all = sum(day(2026, 7, 5));
  ASSERT_EQ(all.readings.size(), 1U);
  EXPECT_EQ(all.readings[0].as_of, end_of(5));
  ASSERT_TRUE(all.partial);
  EXPECT_EQ(all.partial->value, 9e8);
  EXPECT_EQ(all.partial->as_of, end_of(6));
  EXPECT_THAT(all.partial->missing, ElementsAre(kSouth));
}

// What a figure of the first half reports is the month before.
TEST_F(PartsTest, AFigureOfTheFirstHalfIsNotOfThatPeriod) {
  of_[kNorth] = {figure(end_of(6), 9)};
  of_[kSouth] = {figure(day(2026, 6, 5), 4)};
  const auto all = sum(day(2026, 7, 5));
  EXPECT_THAT(all.readings, IsEmpty());
  ASSERT_TRUE(all.partial);
  EXPECT_THAT(all.partial->missing, ElementsAre(kSouth));
}

TEST_F(PartsTest, OnAnEarlierDayLaterFiguresAreNotThere) {
  of_[kNorth] = {figure(day(2026, 6, 25), 8), figure(end_of(6), 9)};
  of_[kSouth] = {figure(day(2026, 6, 26), 5)};
  const auto all = sum(day(2026, 6, 28));
  ASSERT_EQ(all.readings.size(), 1U);
  EXPECT_EQ(all.readings[0].value, 13e8);
  EXPECT_EQ(all.readings[0].as_of, day(2026, 6, 26));
}

TEST_F(PartsTest, AMonthThatIsNeverWholeLiesBetweenTwoThatAre) {
  for (const unsigned month : {4U, 5U, 6U}) {
    of_[kNorth].push_back(figure(end_of(month), month));
    if (month != 5) of_[kSouth].push_back(figure(end_of(month), month));
  }
  const auto all = sum(day(2026, 7, 20));
  ASSERT_EQ(all.readings.size(), 2U);
  EXPECT_EQ(all.readings[0].as_of, end_of(4));
  EXPECT_EQ(all.readings[1].as_of, end_of(6));
  EXPECT_EQ(all.partial, std::nullopt) << "it is older than the whole one";
}

TEST_F(PartsTest, AProjectedOrCorrectedFigureMakesTheSumSo) {
  of_[kNorth] = {figure(end_of(6), 9)};
  of_[kSouth] = {figure(end_of(6), 5)};
  of_[kNorth][0].basis = Basis::projected;
  of_[kSouth][0].corrected_on = short_date(day(2026, 7, 12));
  const auto all = sum(day(2026, 7, 20));
  ASSERT_EQ(all.readings.size(), 1U);
  EXPECT_EQ(all.readings[0].basis, Basis::projected);
  EXPECT_EQ(all.readings[0].corrected_on, short_date(day(2026, 7, 12)));
}

TEST_F(PartsTest, APartThatIsOverCountsWithItsFinalFigure) {
  auto changed = targets();
  changed[kNorth].deadline = end_of(6);
  catalogue_ = catalogue_of(changed);
  of_[kNorth] = {figure(end_of(6), 18)};
  of_[kSouth] = {figure(end_of(6), 5), figure(end_of(7), 6)};
  const auto all = sum(day(2026, 8, 5));
  ASSERT_EQ(all.readings.size(), 2U);
  EXPECT_EQ(all.readings[1].as_of, end_of(7));
  EXPECT_EQ(all.readings[1].value, 24e8);
}

TEST_F(PartsTest, APartThatIsWithdrawnOrNotYetAddedIsNotWaitedFor) {
  auto changed = targets();
  changed[kNorth].withdrawn = day(2026, 7, 1);
  catalogue_ = catalogue_of(changed);
  of_[kNorth] = {figure(end_of(6), 9)};
  of_[kSouth] = {figure(end_of(6), 5), figure(end_of(7), 6)};
  const auto all = sum(day(2026, 8, 5));
  ASSERT_EQ(all.readings.size(), 2U);
  EXPECT_EQ(all.readings[0].value, 14e8) << "in June it was in force";
  EXPECT_EQ(all.readings[1].value, 6e8);
}

// Of the last period only what may be the final figure counts.
TEST_F(PartsTest, AQuartersFigureOfNovemberIsNoFinalOne) {
  auto changed = targets();
  for (auto& target : changed) target.cadence = Cadence::quarter;
  catalogue_ = catalogue_of(changed);
  of_[kNorth] = {figure(day(2026, 12, 31), 18)};
  of_[kSouth] = {figure(day(2026, 11, 20), 11)};
  EXPECT_THAT(sum(day(2026, 12, 31)).readings, IsEmpty());
}

TEST_F(PartsTest, AfterTheDeadlineAPartMayCompleteItLate) {
  of_[kNorth] = {figure(day(2026, 12, 31), 18)};
  of_[kSouth] = {figure(day(2026, 12, 31), 11), figure(day(2027, 1, 20), 12)};
  const auto all = sum(day(2027, 1, 25));
  ASSERT_EQ(all.readings.size(), 2U);
  EXPECT_EQ(all.readings[1].as_of, day(2027, 1, 20));
  EXPECT_EQ(all.readings[1].value, 30e8);
}

class BoardOfPartsTest : public ::testing::Test {
 protected:
  void say(Catalogue::Index part, const ReportedReading& reported) {
    board_.record(part, reported);
    changed_ = board_.add_up();
  }
  const Assessment& whole() const { return board_[kSum]; }

  std::shared_ptr<const Catalogue> catalogue_ = catalogue_of(targets());
  Board board_{catalogue_, Readings{}, day(2026, 7, 8)};
  std::vector<Catalogue::Index> changed_;
};

TEST_F(BoardOfPartsTest, TheLightIsThatOfTheLastWholeSum) {
  say(kNorth, figure(end_of(5), 7));
  EXPECT_EQ(whole().status, Status::no_data);
  say(kSouth, figure(end_of(5), 5));
  EXPECT_THAT(changed_, ElementsAre(kSum));
  EXPECT_EQ(whole().as_of, end_of(5));
  EXPECT_EQ(whole().actual, 12e8);
  EXPECT_EQ(whole().status, Status::at_risk);
  say(kNorth, figure(end_of(6), 16));
  EXPECT_EQ(whole().actual, 12e8);
  EXPECT_EQ(whole().status, Status::at_risk);
  ASSERT_TRUE(whole().partial_sum);
  EXPECT_THAT(whole().partial_sum->missing, ElementsAre(kSouth));
  say(kSouth, figure(end_of(6), 8));
  EXPECT_EQ(whole().actual, 24e8);
  EXPECT_EQ(whole().status, Status::ahead);
  EXPECT_EQ(whole().partial_sum, std::nullopt);
}

TEST_F(BoardOfPartsTest, AWithdrawalOrACorrectionOfAPartIsOneOfTheSum) {
  say(kNorth, figure(end_of(6), 9));
  say(kSouth, figure(end_of(6), 8));
  say(kNorth, {end_of(6), 6e8, day(2026, 7, 8)});
  EXPECT_EQ(whole().actual, 14e8);
  say(kSouth, {end_of(6), ReportedValue::withdrawn(), day(2026, 7, 8)});
  EXPECT_EQ(whole().actual, std::nullopt);
  EXPECT_EQ(whole().status, Status::no_data);
  ASSERT_TRUE(whole().partial_sum);
  EXPECT_EQ(whole().partial_sum->value, 6e8);
}

TEST_F(BoardOfPartsTest, ItsOwnEarlierFiguresAreNotUsed) {
  Readings readings;
  readings.record((*catalogue_)[kSum].key, figure(end_of(6), 29));
  const Board board(catalogue_, std::move(readings), day(2026, 7, 8));
  EXPECT_EQ(board[kSum].status, Status::no_data);
  EXPECT_TRUE(board.readings(kSum).empty());
}

TEST_F(BoardOfPartsTest, ThePartsAreCountedUnderTheirParentAlone) {
  say(kNorth, figure(end_of(6), 2));
  say(kSouth, figure(end_of(6), 12));
  say(kOther, {end_of(6), 5, day(2026, 7, 3)});
  EXPECT_EQ(board_[kNorth].status, Status::behind) << "a part has its own light";
  EXPECT_EQ(board_.counts(1).of(Status::behind), 0U);
  EXPECT_EQ(board_.counts(2).of(Status::on_track), 1U);
  std::size_t all = 0;
  for (std::uint32_t d = 0; d < 3; ++d) {
    for (const Status status : kAllStatuses) all += board_.counts(d).of(status);
  }
  EXPECT_EQ(all, 2U);
  const auto& standings = board_.standings();
  EXPECT_EQ(standings[1].in_force, 0U);
  EXPECT_EQ(standings[1].score, std::nullopt);
  EXPECT_EQ(standings[1].rank, std::nullopt);
  EXPECT_EQ(standings[2].counted, 1U);
  EXPECT_EQ(standings[0].counted, 1U);
}

// A report is owed by the department of the part, and none by that of the sum.
TEST_F(BoardOfPartsTest, ThePartsDepartmentOwesItsReport) {
  for (const unsigned month : {1U, 2U, 3U, 4U, 5U, 6U}) {
    say(kNorth, figure(end_of(month), month));
    if (month < 4) say(kSouth, figure(end_of(month), month));
  }
  board_.advance_to(day(2026, 7, 11));
  const auto& standings = board_.standings();
  EXPECT_EQ(standings[0].reports_due, 0U);
  EXPECT_EQ(standings[0].periods_missing, 0U);
  EXPECT_EQ(standings[1].reports_due, 6U);
  EXPECT_EQ(standings[1].reports_on_time, 6U);
  EXPECT_EQ(standings[2].periods_missing, 6U) << "民宿 never reported";
  EXPECT_EQ(board_[kSouth].reports_missing, 3);
  EXPECT_EQ(whole().status, Status::stale) << "not whole for three months";
  EXPECT_FALSE(whole().report_overdue);
  EXPECT_EQ(whole().reports_missing, 0);
}

TEST_F(BoardOfPartsTest, ANewDayAddsUpAnew) {
  say(kNorth, figure(end_of(6), 9));
  say(kSouth, figure(end_of(6), 8));
  board_.advance_to(day(2026, 6, 29));
  EXPECT_EQ(whole().status, Status::no_data);
  board_.advance_to(day(2026, 7, 9));
  EXPECT_EQ(whole().actual, 17e8);
}

TEST(PartsOfACatalogueTest, AreKnownBothWays) {
  const auto catalogue = catalogue_of(targets());
  EXPECT_THAT(catalogue->parts_of(kSum), ElementsAre(kNorth, kSouth));
  EXPECT_THAT(catalogue->parts_of(kOther), IsEmpty());
  EXPECT_EQ(catalogue->parent_of(kNorth), kSum);
  EXPECT_EQ(catalogue->parent_of(kSum), std::nullopt);
}

}  // namespace
}  // namespace districtd

// For how long, and what is announced: issue words "red for the third month"; a worse status is
// announced at once, leaving it needs the margin (docs/judging.md, "What is announced").
#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>
#include <vector>

#include "daemon/domain/assessment.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;

// Values that deviate by so many percentage points at the months' ends from January on.
std::vector<Reading> deviating(const Target& target, std::initializer_list<double> points) {
  std::vector<Reading> readings;
  unsigned month = 0;
  for (const double p : points) {
    ++month;
    readings.push_back({end_of(month), *target.goal * (month / 12.0 + p / 100), end_of(month)});
  }
  return readings;
}

Assessment after(const Target& target, std::initializer_list<double> points) {
  const auto readings = deviating(target, points);
  return assess(target, WorkingDays{}, readings, readings.back().as_of);
}

TEST(StayingPowerTest, AWorseStatusIsEnteredAtOnce) {
  const Target target = cumulative(100, "个");
  EXPECT_EQ(after(target, {0.5}).status, Status::on_track);
  EXPECT_EQ(after(target, {0.5, -0.1}).status, Status::at_risk);
  EXPECT_EQ(after(target, {0.5, -5.1}).status, Status::behind);
}

TEST(StayingPowerTest, ItIsAnnouncedAsLeftOnlyBeyondTheMargin) {
  const Target target = cumulative(100, "个");
  EXPECT_EQ(after(target, {-6, -4.5}).announced, Status::behind);
  EXPECT_EQ(after(target, {-6, -4.0}).announced, Status::at_risk);
  EXPECT_EQ(after(target, {-6, 0.5}).announced, Status::at_risk) << "two thresholds, each with it";
  EXPECT_EQ(after(target, {-6, 1.0}).announced, Status::on_track);
  EXPECT_EQ(after(target, {-1, 0.9}).announced, Status::at_risk);
  EXPECT_EQ(after(target, {5, 10.5}).announced, Status::on_track);
  EXPECT_EQ(after(target, {5, 11.0}).announced, Status::ahead);
}

// "The status is a function of figures and terms and of nothing that was shown before."
TEST(StayingPowerTest, TheStatusFollowsTodaysFigureAtOnce) {
  const Target target = cumulative(100, "个");
  EXPECT_EQ(after(target, {-6, -4.5}).status, Status::at_risk);
  EXPECT_EQ(after(target, {-6, 0.5}).status, Status::on_track);
  EXPECT_EQ(after(target, {5, 10.5}).status, Status::ahead);
  EXPECT_EQ(after(target, {-6, -4.5}).periods_behind, 0);
}

TEST(StayingPowerTest, AFirstValueKnowsNoMargin) {
  EXPECT_EQ(after(cumulative(100, "个"), {0.0}).status, Status::on_track);
  EXPECT_EQ(after(cumulative(100, "个"), {-4.9}).status, Status::at_risk);
}

TEST(StayingPowerTest, AValueThatHoversIsNotAnnouncedAgainAndAgain) {
  const Target target = cumulative(100, "个");
  const auto readings = deviating(target, {-5.2, -4.8, -5.3, -4.7, -5.1, -4.9, -5.4, -4.6});
  for (const JudgedReading& judged : judge_each(target, WorkingDays{}, readings, end_of(8))) {
    EXPECT_EQ(judged.announced, Status::behind) << to_string(judged.reading.as_of);
  }
}

TEST(StayingPowerTest, TheCatalogueSetsTheMargin) {
  Target target = cumulative(100, "个");
  target.tolerance.margin = 0;
  EXPECT_EQ(after(target, {-6, -4.9}).announced, Status::at_risk);
  target.tolerance.margin = 0.03;
  EXPECT_EQ(after(target, {-6, -2.1}).announced, Status::behind);
}

TEST(StayingPowerTest, WithoutAMarginEachValueIsJudgedByTheThresholdsAlone) {
  testing::Random random(11);
  for (int round = 0; round < 2000; ++round) {
    Target target = cumulative(100, "个");
    target.tolerance.margin = 0;
    std::vector<Reading> readings;
    for (unsigned month = 1; month <= 12; ++month) {
      readings.push_back({end_of(month), random.real(0, 99), end_of(month)});
    }
    for (const JudgedReading& judged : judge_each(target, WorkingDays{}, readings, end_of(12))) {
      ASSERT_EQ(judged.announced, judged.status);
      ASSERT_EQ(judged.status,
                testing::assess(target, judged.reading, judged.reading.as_of).status);
    }
  }
}

TEST(StayingPowerTest, SinceWhenIsTheFirstValueOfTheRow) {
  const Assessment third = after(cumulative(100, "个"), {2, -6, -7, -6});
  EXPECT_EQ(third.status_since, end_of(2));
  EXPECT_EQ(third.periods_behind, 3);
  const Assessment green = after(cumulative(100, "个"), {-6, 3, 3});
  EXPECT_EQ(green.status_since, end_of(2));
  EXPECT_EQ(green.periods_behind, 0);
}

TEST(StayingPowerTest, AMonthWithoutAReportDoesNotBreakTheRow) {
  const Target target = cumulative(100, "个");
  const std::vector<Reading> readings = {{end_of(4), 20, end_of(4)}, {end_of(6), 30, end_of(6)}};
  EXPECT_EQ(assess(target, WorkingDays{}, readings, end_of(6)).periods_behind, 3);
}

TEST(StayingPowerTest, OverdueGoesOnAfterARowOfRed) {
  const Target target = cumulative(100, "个");
  const auto readings = deviating(target, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -6, -7});
  const Assessment overdue = assess(target, WorkingDays{}, readings, day(2027, 2, 3));
  EXPECT_EQ(overdue.status, Status::overdue);
  EXPECT_EQ(overdue.status_since, day(2027, 1, 1));
  EXPECT_EQ(overdue.periods_behind, 4) << "November to February";
}

TEST(StayingPowerTest, ADeadlineThatComesNearIsARiskFromThatDayOn) {
  const Target target = testing::milestone();
  const std::vector<Reading> readings = {{end_of(9), 0.5, end_of(9)}};
  const Assessment waiting = assess(target, WorkingDays{}, readings, day(2026, 10, 31));
  EXPECT_EQ(waiting.status, Status::on_track);
  EXPECT_EQ(waiting.status_since, end_of(9));
  const Assessment near = assess(target, WorkingDays{}, readings, day(2026, 11, 20));
  EXPECT_EQ(near.status, Status::at_risk);
  EXPECT_EQ(near.status_since, day(2026, 11, 1));
}

TEST(StayingPowerTest, WhatComesLaterChangesNoEarlierDay) {
  testing::Random random(12);
  for (int round = 0; round < 500; ++round) {
    const Target target = cumulative(100, "个");
    std::vector<Reading> readings;
    for (unsigned month = 1; month <= 12; ++month) {
      if (random.coin()) readings.push_back({end_of(month), random.real(0, 110), end_of(month)});
    }
    const Date on = day(2026, 1, 1) + std::chrono::days{random.whole(0, 364)};
    std::vector<Reading> known;
    for (const Reading& reading : readings) {
      if (reading.as_of <= on) known.push_back(reading);
    }
    ASSERT_EQ(assess(target, WorkingDays{}, readings, on),
              assess(target, WorkingDays{}, known, on));
  }
}

}  // namespace
}  // namespace districtd

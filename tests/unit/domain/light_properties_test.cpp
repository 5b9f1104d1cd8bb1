// What holds of lights and scores on every day, whatever was reported.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/domain/on_schedule.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::day;
using testing::Random;

Target any_target(Random& random) {
  Target target = testing::cumulative(100, random.one_of<std::string>({"个", "%", "亿元"}));
  target.kind = random.one_of<Kind>({Kind::cumulative, Kind::level, Kind::milestone, Kind::pledge});
  target.cadence =
      random.one_of<Cadence>({Cadence::none, Cadence::week, Cadence::month, Cadence::quarter});
  target.grace_days = random.whole(0, 30);
  target.stale_after = random.whole(1, 4);
  target.due_on_working_day = random.coin();
  target.direction = random.coin() ? Direction::at_least : Direction::at_most;
  target.pace = random.coin() ? Pace::monthly : Pace::deadline;
  target.start = day(2026, 1, 1) + days{random.whole(0, 120)};
  target.deadline = target.start + days{random.whole(10, 400)};
  if (target.kind == Kind::pledge) {
    target.goal.reset();
    target.baseline.reset();
  }
  return target;
}

Reading any_reading(Random& random, const Target& target) {
  const Date as_of =
      target.start +
      days{random.whole(0, static_cast<int>((target.deadline - target.start).count()))};
  const double value =
      target.kind == Kind::pledge ? random.whole(0, 1) : random.real(0, 1.2) * *target.goal;
  return {as_of, value, as_of + days{random.whole(0, 60)}};
}

std::vector<Reading> any_readings(Random& random, const Target& target, int most) {
  Readings readings;
  for (int i = random.whole(0, most); i > 0; --i) readings.record("t", any_reading(random, target));
  return readings.of("t");
}

TEST(LightPropertyTest, TheStatusNeverDependsOnWhatWasBefore) {
  Random random(21);
  for (int round = 0; round < 5000; ++round) {
    const Target target = any_target(random);
    const std::vector<Reading> readings = any_readings(random, target, 12);
    if (readings.empty() || (target.kind == Kind::pledge && readings.back().value == 0)) continue;
    const Date on = readings.back().as_of + days{random.whole(0, 200)};
    const std::vector<Reading> newest = {readings.back()};
    const Assessment with = assess(target, WorkingDays{}, readings, on);
    const Assessment alone = assess(target, WorkingDays{}, newest, on);
    ASSERT_EQ(to_string(with.status), to_string(alone.status)) << "round " << round;
    ASSERT_EQ(with.last_status, alone.last_status) << "round " << round;
    ASSERT_EQ(with.score, alone.score) << "round " << round;
  }
}

// What is announced lags behind the status only as a worse light among those of the tolerances.
TEST(LightPropertyTest, WhatIsAnnouncedIsNeverBetterThanTheStatus) {
  Random random(22);
  std::size_t lags = 0;
  for (int round = 0; round < 5000; ++round) {
    const Target target = any_target(random);
    const auto readings = any_readings(random, target, 12);
    const Assessment result =
        assess(target, WorkingDays{}, readings, day(2026, 1, 1) + days{random.whole(0, 500)});
    ASSERT_LE(urgency_of(result.announced), urgency_of(result.status)) << "round " << round;
    if (result.announced != result.status) ++lags;
  }
  EXPECT_GT(lags, 0U);
}

TEST(LightPropertyTest, CountsAddUpToTheTotalOnEveryDayOfAYear) {
  Random random(23);
  std::vector<Target> targets;
  std::vector<std::vector<Reading>> readings;
  for (int i = 0; i < 40; ++i) {
    Target target = any_target(random);
    target.id = "culture-tourism.t" + std::to_string(i);
    target.name = target.id;
    readings.push_back(any_readings(random, target, 12));
    targets.push_back(std::move(target));
  }
  const auto catalogue = std::make_shared<const Catalogue>(
      std::vector<Report>{}, std::vector<Department>{{"culture-tourism", "区文旅局"}}, targets);
  Readings known;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    for (const Reading& reading : readings[i]) known.record(catalogue->targets()[i].key, reading);
  }
  Board board(catalogue, std::move(known), day(2026, 1, 1));
  std::size_t lights_seen = 0;
  for (Date on = day(2026, 1, 1); on <= day(2027, 6, 30); on += days{1}) {
    board.advance_to(on);
    OnSchedule counts;
    for (const Assessment& each : board.assessments()) counts.add(each);
    ASSERT_EQ(counts.total, targets.size());
    std::size_t sum = 0;
    std::size_t by_board = 0;
    for (const Light light : {Light::green, Light::yellow, Light::red, Light::grey, Light::none}) {
      sum += counts.of(light);
      if (counts.of(light) > 0) lights_seen |= std::size_t{1} << static_cast<unsigned>(light);
    }
    for (const Status status : kAllStatuses) by_board += board.counts(0).of(status);
    ASSERT_EQ(sum, counts.total) << to_string(on);
    ASSERT_EQ(by_board, counts.total) << to_string(on);
    ASSERT_EQ(counts.judged() + counts.of(Light::grey) + counts.of(Light::none), counts.total);
    const Standing& standing = board.standings()[0];
    ASSERT_LE(standing.reports_on_time, standing.reports_due);
    ASSERT_LE(standing.reports_corrected, standing.reports_due);
    if (standing.score) {
      ASSERT_GE(*standing.score, 0);
      ASSERT_LE(*standing.score, 1);
      ASSERT_NEAR(*standing.score, std::max(*standing.mean - standing.deducted, 0.0), 1e-12);
    }
  }
  EXPECT_EQ(lights_seen, 31U) << "each light was on some day";
}

// Of a milestone a report may say that it was not done after all, which asks for reports again.
TEST(LightPropertyTest, OneMoreReportNeverMakesPunctualityWorse) {
  Random random(24);
  for (int round = 0; round < 5000; ++round) {
    Target target = any_target(random);
    if (target.kind == Kind::milestone) target.kind = Kind::cumulative;
    Readings readings;
    for (const Reading& reading : any_readings(random, target, 8)) readings.record("t", reading);
    const Date on = target.start + days{random.whole(0, 500)};
    const Assessment before = assess(target, WorkingDays{}, readings.of("t"), on);
    readings.record("t", any_reading(random, target));
    const Assessment after = assess(target, WorkingDays{}, readings.of("t"), on);
    if (target.kind == Kind::pledge) continue;  // a 0 corrects a 1
    ASSERT_EQ(after.reports_due, before.reports_due) << "round " << round;
    ASSERT_GE(after.reports_on_time, before.reports_on_time) << "round " << round;
    ASSERT_LE(after.reports_missing, before.reports_missing) << "round " << round;
    ASSERT_LE(after.report_faults.size(), before.report_faults.size()) << "round " << round;
  }
}

TEST(LightPropertyTest, NothingBeforeReportsSinceIsAnybodysFault) {
  Random random(25);
  const WorkingDays calendar;
  for (int round = 0; round < 5000; ++round) {
    const Target target = any_target(random);
    const auto readings = any_readings(random, target, 8);
    const Date on = target.start + days{random.whole(0, 500)};
    const Date since = target.start + days{random.whole(0, 500)};
    const Assessment all = assess(target, Terms{&calendar, {}, {}}, readings, on);
    const Assessment result = assess(target, Terms{&calendar, {}, since}, readings, on);
    std::vector<ReportFault> expected = all.report_faults;
    std::erase_if(expected, [&](const ReportFault& fault) { return fault.due < since; });
    ASSERT_EQ(result.report_faults, expected) << "round " << round;
    if (result.report_overdue) {
      ASSERT_GT(*result.report_overdue_since, since) << "round " << round;
    }
    if (on <= since) {
      ASSERT_EQ(result.reports_due, 0) << "round " << round;
      ASSERT_FALSE(result.report_overdue) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace districtd

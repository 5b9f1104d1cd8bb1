// The dated steps of a milestone: the design page, "Judging", pace "nodes".
#include "daemon/domain/nodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/board.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::day;
using testing::end_of;
using testing::Random;

// 征地 by the end of March, 结顶 by the end of June, 竣工 at the deadline; a report a month.
Target building() {
  Target target = testing::milestone();
  target.pace = Pace::nodes;
  target.warn_days = 20;
  target.nodes = {
      {"征地", end_of(3), 0.2}, {"结顶", end_of(6), 0.5}, {"竣工", day(2026, 12, 31), 1}};
  return target;
}

Reading said(Date as_of, double value) { return {as_of, value, as_of + days{3}}; }

std::string name_of(const Target& target, const std::optional<NodePlace>& place) {
  return place ? target.node(*place).name : "";
}

struct Case {
  std::string rule;
  std::vector<Reading> readings;
  Date on;
  Status status;
  std::optional<double> deviation;
  std::string missed;
  std::string next;
};

// On their own days, so that no report is missing.
TEST(NodesTest, EachRuleOfThePaceGivesItsLight) {
  const Target target = building();
  const std::vector<Case> cases = {
      {"before the first node nothing is expected",
       {said(end_of(1), 0.05)},
       end_of(1),
       Status::on_track,
       std::nullopt,
       "",
       "征地"},
      {"the last warn_days before the next: yellow",
       {said(day(2026, 3, 11), 0.1)},
       day(2026, 3, 11),
       Status::at_risk,
       std::nullopt,
       "",
       "征地"},
      {"a day earlier not yet",
       {said(day(2026, 3, 10), 0.1)},
       day(2026, 3, 10),
       Status::on_track,
       std::nullopt,
       "",
       "征地"},
      {"the calendar alone makes it yellow",
       {said(end_of(2), 0.1)},
       day(2026, 3, 11),
       Status::at_risk,
       std::nullopt,
       "",
       "征地"},
      {"the next node is reached already",
       {said(end_of(2), 0.2)},
       end_of(2),
       Status::ahead,
       std::nullopt,
       "",
       "结顶"},
      {"on its day the node is due and reached",
       {said(end_of(3), 0.2)},
       end_of(3),
       Status::on_track,
       0.0,
       "",
       "结顶"},
      {"a value above the share is no deviation",
       {said(end_of(4), 0.4)},
       end_of(4),
       Status::on_track,
       0.0,
       "",
       "结顶"},
      {"below its share on its day: missed",
       {said(end_of(3), 0.17)},
       end_of(3),
       Status::at_risk,
       -0.03,
       "征地",
       "结顶"},
      {"below it by more than behind: red",
       {said(end_of(3), 0.1)},
       end_of(3),
       Status::behind,
       -0.1,
       "征地",
       "结顶"},
      {"a value later than its day says so too",
       {said(end_of(5), 0.1)},
       end_of(5),
       Status::behind,
       -0.1,
       "征地",
       "结顶"},
      {"reached late: on track again",
       {said(end_of(3), 0.1), said(end_of(4), 0.2)},
       end_of(4),
       Status::on_track,
       0.0,
       "",
       "结顶"},
      {"two missed: against the newer one, named the earlier",
       {said(end_of(6), 0.1)},
       end_of(6),
       Status::behind,
       -0.4,
       "征地",
       "竣工"},
      {"the deadline's node is the deadline",
       {said(day(2026, 12, 31), 0.9)},
       day(2026, 12, 31),
       Status::behind,
       -0.1,
       "竣工",
       ""},
      {"done before the deadline",
       {said(end_of(10), 1)},
       end_of(10),
       Status::achieved,
       0.0,
       "",
       ""},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.rule);
    const Assessment a = assess(target, WorkingDays{}, one.readings, one.on);
    EXPECT_EQ(to_string(a.status), to_string(one.status));
    EXPECT_EQ(a.deviation.has_value(), one.deviation.has_value());
    EXPECT_NEAR(a.deviation.value_or(0), one.deviation.value_or(0), 1e-12);
    EXPECT_EQ(a.expected_share.has_value(), one.deviation.has_value());
    EXPECT_EQ(a.expects_nothing_yet, !one.deviation.has_value());
    EXPECT_EQ(name_of(target, a.node_missed), one.missed);
    EXPECT_EQ(name_of(target, a.node_next), one.next);
    EXPECT_EQ(a.forecast, std::nullopt);
  }
}

// May's value says nothing of June's node until June's report is due on 10 July and not in.
TEST(NodesTest, ANodeIsMissedWhenTheReportOfItsPeriodIsDueAndNotIn) {
  const Target target = building();
  const std::vector<Reading> may = {said(end_of(5), 0.45)};
  const Assessment waiting = assess(target, WorkingDays{}, may, day(2026, 7, 10));
  EXPECT_EQ(waiting.status, Status::at_risk);
  EXPECT_EQ(waiting.node_missed, std::nullopt);
  EXPECT_EQ(name_of(target, waiting.node_next), "结顶");
  EXPECT_EQ(waiting.deviation, 0.0) << "of the node that was due in March";

  const Assessment missed = assess(target, WorkingDays{}, may, day(2026, 7, 11));
  EXPECT_EQ(name_of(target, missed.node_missed), "结顶");
  EXPECT_EQ(name_of(target, missed.node_next), "竣工");
  EXPECT_EQ(missed.status, Status::at_risk) << "5 points are not more than 5";
  EXPECT_NEAR(missed.deviation.value_or(0), -0.05, 1e-12);
  EXPECT_EQ(missed.expected_share, 0.5);
  EXPECT_EQ(
      assess(target, WorkingDays{}, std::vector{said(end_of(5), 0.4)}, day(2026, 7, 11)).status,
      Status::behind);
}

TEST(NodesTest, WhatWasReachedBeforeItsDayIsNotMissedBySilence) {
  const Target target = building();
  const Assessment a =
      assess(target, WorkingDays{}, std::vector{said(end_of(5), 0.6)}, day(2026, 7, 11));
  EXPECT_EQ(a.node_missed, std::nullopt);
  EXPECT_TRUE(a.report_overdue);
}

// A value as of the second half is the report, and as of before the day it does not say yet.
TEST(NodesTest, AReportThatIsInLeavesTheNodeOpen) {
  const Target target = building();
  const Assessment a =
      assess(target, WorkingDays{}, std::vector{said(day(2026, 6, 20), 0.4)}, day(2026, 7, 12));
  EXPECT_EQ(a.node_missed, std::nullopt);
  EXPECT_EQ(a.status, Status::at_risk);
}

TEST(NodesTest, WithoutAnyReportTheNodeIsMissedAndTheTargetUnreported) {
  const Target target = building();
  const Assessment before = assess(target, WorkingDays{}, {}, day(2026, 4, 10));
  EXPECT_EQ(before.node_missed, std::nullopt);
  const Assessment a = assess(target, WorkingDays{}, {}, day(2026, 4, 11));
  EXPECT_EQ(a.status, Status::no_data);
  EXPECT_EQ(name_of(target, a.node_missed), "征地");
  EXPECT_EQ(a.deviation, std::nullopt);
}

TEST(NodesTest, WhatWasDueBeforeTheOfficeBeganIsNotMissedBySilence) {
  const Target target = building();
  const WorkingDays every_day;
  const Terms terms{&every_day, {}, day(2026, 5, 1)};
  EXPECT_EQ(assess(target, terms, {}, day(2026, 4, 20)).node_missed, std::nullopt);
}

TEST(NodesTest, WithoutACadenceOnlyTheLastNodeIsMissedBySilence) {
  Target target = building();
  target.cadence = Cadence::none;
  const std::vector<Reading> may = {said(end_of(5), 0.4)};
  EXPECT_EQ(assess(target, WorkingDays{}, may, day(2026, 8, 20)).node_missed, std::nullopt);
  const Assessment over = assess(target, WorkingDays{}, may, day(2027, 1, 11));
  EXPECT_EQ(over.status, Status::overdue);
  EXPECT_EQ(name_of(target, over.node_missed), "竣工");
}

TEST(NodesTest, TheWarningIsAtMostHalfTheGap) {
  Target target = building();
  target.warn_days = 60;
  EXPECT_EQ(warned_from(target, target.nodes[0]), end_of(3) - days{45}) << "of 90 days";
  EXPECT_EQ(warned_from(target, target.nodes[1]), end_of(6) - days{45}) << "of 91 days";
  EXPECT_EQ(warned_from(target, target.nodes[2]), end_of(12) - days{60});
}

TEST(NodesTest, AnExtendedOneIsNeverAhead) {
  Target target = building();
  Target later = target;
  later.changed_from = day(2026, 2, 1);
  later.deadline = day(2027, 3, 31);
  later.nodes.back().due = later.deadline;
  target.changes = {later};
  EXPECT_EQ(assess(target, WorkingDays{}, std::vector{said(end_of(2), 0.3)}, end_of(2)).status,
            Status::on_track);
}

TEST(NodesTest, AChangeOfTheNodesHoldsForWhatComesAfterTheValue) {
  Target target = building();
  Target later = target;
  later.changed_from = day(2026, 6, 1);
  later.nodes[1].due = end_of(9);
  target.changes = {later};
  const std::vector<Reading> may = {said(end_of(5), 0.4)};
  const Assessment a = assess(target, WorkingDays{}, may, day(2026, 7, 11));
  EXPECT_EQ(a.node_missed, std::nullopt);
  EXPECT_EQ(to_string(target.node(*a.node_next).due), "2026-09-30");
}

TEST(NodesTest, ARecoveryByReachingTheNodeIsAnnouncedAtOnce) {
  const Target target = building();
  const std::vector<Reading> readings = {said(end_of(3), 0.1), said(end_of(4), 0.2)};
  EXPECT_EQ(assess(target, WorkingDays{}, readings, end_of(4)).announced, Status::on_track);
}

// Whatever the nodes are and in whatever order the figures arrive.
TEST(NodesTest, HoldsOfEveryMilestoneWithNodes) {
  Random random(18);
  for (int i = 0; i < 400; ++i) {
    Target target = testing::milestone();
    target.pace = Pace::nodes;
    target.start = random.date();
    const int length = random.whole(60, 500);
    target.deadline = target.start + days{length};
    target.warn_days = random.whole(0, 90);
    target.cadence =
        random.one_of<Cadence>({Cadence::none, Cadence::week, Cadence::month, Cadence::quarter});
    const int count = random.whole(1, 6);
    for (int n = 1; n <= count; ++n) {
      target.nodes.push_back(
          {"n" + std::to_string(n),
           n == count ? target.deadline : target.start + days{length * n / count - 1},
           n == count ? 1.0 : n / static_cast<double>(count)});
    }
    target.key = "p/t";
    std::vector<Reading> readings;
    Date as_of = target.start;
    for (int n = random.whole(0, 12); n > 0; --n) {
      as_of += days{random.whole(1, 50)};
      readings.push_back({as_of, random.whole(0, 20) / 20.0, as_of});
    }
    Readings in_order;
    Readings shuffled;
    for (const Reading& reading : readings) in_order.record(target.key, reading);
    std::vector<Reading> mixed = readings;
    std::shuffle(mixed.begin(), mixed.end(), random.engine());
    for (const Reading& reading : mixed) shuffled.record(target.key, reading);
    const Date on = target.start + days{random.whole(0, length + 60)};
    const Assessment a = assess(target, WorkingDays{}, in_order.of(target.key), on);
    EXPECT_EQ(a, assess(target, WorkingDays{}, shuffled.of(target.key), on));
    EXPECT_LE(a.deviation.value_or(0), 0);
    if (a.actual && a.status == Status::ahead) {
      const TargetNode* next = node_after(target, *a.as_of);
      ASSERT_NE(next, nullptr);
      EXPECT_GE(*a.actual, next->share - 1e-9);
    }
    if (a.node_missed && a.actual) {
      EXPECT_LT(*a.actual, target.node(*a.node_missed).share);
    }
    EXPECT_FALSE(a.status == Status::achieved && a.node_missed);
    // More done on the same day is never a worse light while the deadline has not passed.
    if (!readings.empty() && on <= target.deadline && readings.back().as_of <= on) {
      readings.back().value = std::min(1.0, readings.back().value + 0.1);
      const Assessment more = assess(target, WorkingDays{}, readings, on);
      EXPECT_GE(urgency_of(more.status), urgency_of(a.status)) << to_string(target.start);
    }
  }
}

}  // namespace
}  // namespace districtd

// When a change exists: for judgements of the day on which it was decided and later, and there for
// the values as of its first day and later, and for the deadline. The rule: docs/judging.md,
// Changes in mid-year.
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "daemon/domain/month_standing.h"
#include "daemon/domain/standing.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::milestone;
using testing::Random;

// 100 by the end of June; on 20 August the end of the year was decided, for values from 1 August.
Target extended_in_august() {
  Target target = cumulative(100, "个");
  target.deadline = end_of(6);
  Target later = target;
  later.deadline = end_of(12);
  later.changed_from = day(2026, 8, 1);
  later.decided = day(2026, 8, 20);
  target.changes.push_back(later);
  return target;
}

std::vector<Reading> reported_to_august() {
  return {{end_of(5), 70, end_of(5)},
          {end_of(6), 80, end_of(6)},
          {end_of(7), 85, end_of(7)},
          {end_of(8), 90, end_of(8)}};
}

struct Case {
  std::string name;
  Date on;
  std::optional<Date> newest;  // the values up to this day are known; empty: none
  Status status;
  std::size_t version;  // by which the newest value is judged
  Date deadline;
  std::optional<double> deviation;
  std::optional<Date> since;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class DecidedChangeTable : public ::testing::TestWithParam<Case> {};

TEST_P(DecidedChangeTable, IsJudgedByWhatHadBeenDecided) {
  const Case& c = GetParam();
  const Target target = extended_in_august();
  std::vector<Reading> readings = reported_to_august();
  std::erase_if(readings, [&](const Reading& r) { return !c.newest || r.as_of > *c.newest; });
  const Assessment a = assess(target, WorkingDays{}, readings, c.on);
  EXPECT_EQ(a.status, c.status) << to_string(a.status);
  EXPECT_EQ(a.version, c.version);
  EXPECT_EQ(a.deadline, c.deadline);
  EXPECT_EQ(a.is_extended, c.deadline == end_of(12));
  ASSERT_EQ(a.deviation.has_value(), c.deviation.has_value());
  if (c.deviation) {
    EXPECT_NEAR(*a.deviation, *c.deviation, 1e-9);
  }
  EXPECT_EQ(a.status_since, c.since);
}

const Date kOld = end_of(6);
const Date kNew = end_of(12);
const Date kJuly1 = day(2026, 7, 1);

INSTANTIATE_TEST_SUITE_P(
    OnDayAndAsOf, DecidedChangeTable,
    ::testing::Values(Case{"BeforeTheOldDeadline", day(2026, 6, 20), end_of(5), Status::behind, 0,
                           kOld, 0.70 - 5.0 / 6, end_of(5)},
                      Case{"PastTheOldDeadlineWithItsValue", day(2026, 7, 5), end_of(6),
                           Status::overdue, 0, kOld, -0.20, kJuly1},
                      Case{"PastTheOldDeadlineWithout", day(2026, 7, 5), end_of(5),
                           Status::settling, 0, kOld, 0.70 - 5.0 / 6, kJuly1},
                      Case{"OldFinalReportDue", day(2026, 7, 20), end_of(5), Status::overdue, 0,
                           kOld, 0.70 - 5.0 / 6, day(2026, 7, 11)},
                      Case{"FromHasComeAndTheDecisionNot", day(2026, 8, 5), end_of(7),
                           Status::overdue, 0, kOld, -0.15, kJuly1},
                      Case{"TheDayBeforeTheDecision", day(2026, 8, 19), end_of(7), Status::overdue,
                           0, kOld, -0.15, kJuly1},
                      Case{"OnItsDayByAValueOfBefore", day(2026, 8, 20), end_of(7), Status::behind,
                           0, kNew, -0.15, end_of(5)},
                      Case{"OnItsDayByTheOldDeadlinesValue", day(2026, 8, 20), end_of(6),
                           Status::behind, 0, kNew, -0.20, end_of(5)},
                      Case{"ByAValueThatItGoverns", day(2026, 9, 5), end_of(8), Status::on_track, 1,
                           kNew, 0.90 - 8.0 / 12, end_of(8)},
                      Case{"LaterByAValueOfBefore", day(2026, 9, 5), end_of(7), Status::behind, 0,
                           kNew, -0.15, end_of(5)},
                      Case{"NothingReportedBeforeTheDecision", day(2026, 8, 19), std::nullopt,
                           Status::overdue, 0, kOld, std::nullopt, day(2026, 7, 11)},
                      Case{"NothingReportedAfterIt", day(2026, 9, 5), std::nullopt, Status::no_data,
                           1, kNew, std::nullopt, day(2026, 1, 1)},
                      Case{"PastTheNewDeadline", day(2027, 1, 5), end_of(8), Status::settling, 1,
                           kNew, 0.90 - 8.0 / 12, day(2027, 1, 1)},
                      Case{"NewFinalReportDue", day(2027, 1, 20), end_of(8), Status::overdue, 1,
                           kNew, 0.90 - 8.0 / 12, day(2027, 1, 11)}),
    [](const auto& tested) { return tested.param.name; });

// Reached between the old deadline and the decision: late as the office knew it, in time since.
TEST(DecidedChangeTest, WhatWasReachedBetweenIsLateUntilTheDecision) {
  const Target target = extended_in_august();
  const std::vector<Reading> readings = {{end_of(6), 80, end_of(6)}, {end_of(7), 100, end_of(7)}};
  EXPECT_EQ(assess(target, WorkingDays{}, readings, day(2026, 8, 19)).status,
            Status::achieved_late);
  EXPECT_EQ(assess(target, WorkingDays{}, readings, day(2026, 8, 20)).status, Status::achieved);
}

// Decided ahead: values as of earlier days keep the old terms, the deadline is known at once.
TEST(DecidedChangeTest, WhatIsDecidedAheadMovesTheDeadlineAtOnceAndValuesLater) {
  Target target = cumulative(100, "个");
  target.deadline = end_of(6);
  Target later = target;
  later.goal = 200;
  later.deadline = end_of(12);
  later.decided = day(2026, 5, 15);
  later.changed_from = day(2026, 6, 1);
  target.changes.push_back(later);
  const std::vector<Reading> readings = {{end_of(4), 60, end_of(4)}, {end_of(5), 80, end_of(5)}};
  for (const Date on : {day(2026, 5, 14), day(2026, 5, 20), day(2026, 6, 5)}) {
    const Assessment a = assess(target, WorkingDays{}, readings, on);
    EXPECT_EQ(a.version, 0U) << to_string(on);
    EXPECT_EQ(a.goal, 100) << to_string(on);
    EXPECT_EQ(a.deadline, on < later.decided ? end_of(6) : end_of(12)) << to_string(on);
  }
}

// Pace "deadline" asks nothing before the deadline, which is the one in force.
TEST(DecidedChangeTest, AnExtendedMilestoneIsAskedNothingUntilItsNewDeadline) {
  Target target = milestone();
  target.deadline = end_of(6);
  Target later = target;
  later.deadline = end_of(12);
  later.changed_from = later.decided = day(2026, 7, 15);
  target.changes.push_back(later);
  const std::vector<Reading> readings = {{end_of(6), 0.8, end_of(6)}};
  EXPECT_EQ(assess(target, WorkingDays{}, readings, day(2026, 7, 14)).status, Status::overdue);
  const Assessment a = assess(target, WorkingDays{}, readings, day(2026, 7, 15));
  EXPECT_EQ(a.status, Status::on_track);
  EXPECT_TRUE(a.expects_nothing_yet);
  EXPECT_FALSE(a.deviation);
  EXPECT_TRUE(a.is_extended);
  EXPECT_EQ(judge_each(target, WorkingDays{}, readings, day(2026, 7, 15))[0].status,
            Status::on_track);
  const Assessment near = assess(target, WorkingDays{}, readings, day(2026, 11, 10));
  EXPECT_NE(near.status, Status::on_track) << "the new deadline is near, or it fell silent";
}

// July's report would have been due on 10 August, when the target was over: nobody owed it.
TEST(DecidedChangeTest, ReportsThatWereDueBeforeTheDecisionAreNobodysFault) {
  const Target target = extended_in_august();
  const std::vector<Reading> june = {{end_of(6), 80, end_of(6)}};
  const auto reports = [&](Date on) { return assess(target, WorkingDays{}, june, on); };
  EXPECT_FALSE(reports(day(2026, 8, 19)).report_overdue);
  EXPECT_FALSE(reports(day(2026, 8, 25)).report_overdue);
  EXPECT_EQ(reports(day(2026, 8, 25)).reports_due, reports(day(2026, 8, 19)).reports_due);
  const Assessment after = reports(day(2026, 9, 11));
  EXPECT_EQ(after.reports_missing, 1);
  EXPECT_EQ(after.report_overdue_since, day(2026, 9, 11));
  EXPECT_EQ(after.reports_due, reports(day(2026, 8, 19)).reports_due + 1);
  EXPECT_EQ(newest_due_period(target, WorkingDays{}, day(2026, 8, 25)), end_of(6));
}

// The score of the period before is that of then: on 31 July the target was overdue.
TEST(DecidedChangeTest, TheScoreBeforeKnowsNoLaterDecision) {
  const Target target = extended_in_august();
  const Assessment a = assess(target, WorkingDays{}, reported_to_august(), day(2026, 9, 5));
  ASSERT_EQ(period_before(day(2026, 9, 5)), end_of(7));
  EXPECT_NEAR(*a.score_before, 0.85, 1e-9);
  EXPECT_NEAR(*a.score, 1, 1e-9);
}

TEST(DecidedChangeTest, TheMonthsOfTheYearAreThoseOfTheDayAskedFor) {
  const Target target = extended_in_august();
  const auto months = [&](Date on) {
    return year_standing(target, WorkingDays{}, reported_to_august(), {}, on).months;
  };
  const auto before = months(day(2026, 8, 19));
  ASSERT_EQ(before.size(), 7U) << "January to June, and July has a value";
  EXPECT_EQ(before[6].status, Status::overdue);
  const auto after = months(day(2026, 9, 5));
  ASSERT_EQ(after.size(), 12U);
  EXPECT_EQ(after[6].status, Status::behind);
  EXPECT_EQ(after[7].status, Status::on_track);
  EXPECT_NEAR(*after[11].expected, 100, 1e-9);
}

// For a day before its decision a change does not exist: whatever it changes, everything is as if
// it had never been written.
TEST(DecidedChangeTest, BeforeTheDecisionEverythingIsAsIfItHadNeverBeenWritten) {
  Random random(17);
  for (int round = 0; round < 300; ++round) {
    Target plain = random.coin() ? cumulative(100, "个") : milestone();
    plain.deadline = end_of(static_cast<unsigned>(random.whole(4, 12)));
    plain.cadence =
        random.one_of<Cadence>({Cadence::none, Cadence::week, Cadence::month, Cadence::quarter});
    Target changed = plain;
    Date from = day(2026, 2, 1);
    Date decided = from;
    for (int n = random.whole(1, 3); n > 0; --n) {
      Target later = changed.version(changed.changes.size());
      later.changes.clear();
      from += std::chrono::days{random.whole(1, 90)};
      decided = std::max(decided, from + std::chrono::days{random.whole(-20, 90)});
      later.changed_from = from;
      later.decided = decided;
      if (random.coin() && plain.kind == Kind::cumulative) later.goal = random.real(50, 200);
      if (random.coin() || later.deadline < from) {
        later.deadline = std::max(later.deadline, from) + std::chrono::days{random.whole(0, 120)};
      }
      changed.changes.push_back(later);
    }
    std::vector<Reading> readings;
    for (Date as_of = day(2026, 1, 20); as_of < day(2026, 12, 31);
         as_of += std::chrono::days{random.whole(5, 60)}) {
      readings.push_back({as_of, random.real(0, plain.kind == Kind::milestone ? 1.1 : 120),
                          as_of + std::chrono::days{random.whole(0, 20)}});
    }
    for (std::size_t known = 0; known < changed.changes.size(); ++known) {
      Target as_then = changed;
      as_then.changes.resize(known);
      const Date last = changed.changes[known].decided - std::chrono::days{1};
      for (const Date on : {last, last - std::chrono::days{random.whole(0, 40)}}) {
        EXPECT_EQ(assess(changed, WorkingDays{}, readings, on),
                  assess(as_then, WorkingDays{}, readings, on))
            << "round " << round << " on " << to_string(on);
        const auto with = year_standing(changed, WorkingDays{}, readings, {}, on).months;
        const auto without = year_standing(as_then, WorkingDays{}, readings, {}, on).months;
        ASSERT_EQ(with.size(), without.size());
        for (std::size_t m = 0; m < with.size(); ++m) {
          EXPECT_EQ(with[m].status, without[m].status);
          EXPECT_EQ(with[m].expected, without[m].expected);
        }
      }
    }
  }
}

}  // namespace
}  // namespace districtd

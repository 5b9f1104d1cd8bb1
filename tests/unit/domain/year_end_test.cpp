// Every rule about periods, final values and silence, crossed with the cadences, and with deadlines
// and starts in the middle of something: the design page, "Judging".
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/assessment.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::ceiling;
using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::level;
using testing::milestone;
using testing::with_pace;

struct Row {
  std::string why;
  Target target;
  Date as_of;
  double value;
  Date on;
  Status status;
  bool report_overdue;
};

Target reporting(Target target, Cadence cadence, int grace_days) {
  target.cadence = cadence;
  target.grace_days = grace_days;
  return target;
}

Target ending(Target target, Date deadline) {
  target.deadline = deadline;
  return target;
}

Target on_working_days(Target target) {
  target.due_on_working_day = true;
  return target;
}

TEST(YearEndTest, EveryRuleWithEveryCadence) {
  using enum Status;
  constexpr Cadence week = Cadence::week;
  constexpr Cadence month = Cadence::month;
  constexpr Cadence quarter = Cadence::quarter;
  constexpr Cadence none = Cadence::none;
  const Target sum = cumulative(100, "个");
  const Target rate = level(90, "%");
  const Target most = ceiling(cumulative(100, "件"));
  const Date end = day(2026, 12, 31);
  const Target in_september = ending(sum, day(2026, 9, 15));
  const std::vector<Row> rows = {
      // The second half of the last period, and when its report is due.
      {"week: cut to Monday..Thursday", reporting(rate, week, 3), day(2026, 12, 30), 80,
       day(2027, 1, 3), settling, false},
      {"week: the day after it was due", reporting(rate, week, 3), day(2026, 12, 30), 80,
       day(2027, 1, 4), overdue, false},
      {"week: its first half is no report", reporting(rate, week, 3), day(2026, 12, 29), 80,
       day(2027, 1, 4), overdue, true},
      {"week: reached in the second half", reporting(rate, week, 3), day(2026, 12, 30), 91,
       day(2027, 1, 1), achieved, false},
      {"week: reached in the first half only", reporting(rate, week, 3), day(2026, 12, 29), 91,
       day(2027, 1, 1), settling, false},
      {"month: the 16th is the second half", reporting(rate, month, 10), day(2026, 12, 16), 91,
       day(2027, 1, 1), achieved, false},
      {"month: the 15th is not", reporting(rate, month, 10), day(2026, 12, 15), 91, day(2027, 1, 1),
       settling, false},
      {"month: nor once it is due", reporting(rate, month, 10), day(2026, 12, 15), 91,
       day(2027, 1, 11), overdue, true},
      {"quarter: 30 November is 31 days before", reporting(rate, quarter, 10), day(2026, 11, 30),
       91, day(2027, 1, 1), achieved, false},
      {"quarter: 29 November is a report of nothing", reporting(rate, quarter, 10),
       day(2026, 11, 29), 91, day(2027, 1, 11), overdue, true},
      {"none: one report, of the deadline's month", reporting(rate, none, 10), day(2026, 12, 16),
       91, day(2027, 1, 1), achieved, false},
      {"none: and it is owed", reporting(rate, none, 10), day(2026, 12, 15), 91, day(2027, 1, 11),
       overdue, true},
      {"none: nothing before", reporting(sum, none, 10), day(2026, 10, 1), 76, end, on_track,
       false},
      // What does not reach its goal is final as of the deadline, at once.
      {"level: as of the deadline", rate, end, 80, day(2027, 1, 1), overdue, false},
      {"sum: as of the deadline", sum, end, 80, day(2027, 1, 1), overdue, false},
      {"sum: as of a later day", sum, day(2027, 1, 2), 80, day(2027, 1, 3), overdue, false},
      {"sum: late", sum, day(2027, 1, 2), 100, day(2027, 1, 3), achieved_late, false},
      {"ceiling: kept", most, end, 100, day(2027, 1, 1), achieved, false},
      {"ceiling: passed", most, end, 101, day(2027, 1, 1), overdue, false},
      {"ceiling: on its deadline nothing is final yet", most, end, 100, end, on_track, false},
      {"level: nor is a rate", rate, end, 95, end, on_track, false},
      {"sum: what is reached is reached", sum, end, 100, end, achieved, false},
      // A deadline in mid-month ends its period: 1 to 15 September, the second half from the 8th.
      {"mid-month: settling", in_september, end_of(8), 60, day(2026, 9, 25), settling, false},
      {"mid-month: overdue", in_september, end_of(8), 60, day(2026, 9, 26), overdue, true},
      {"mid-month: the 8th is its report", in_september, day(2026, 9, 8), 60, day(2026, 9, 26),
       overdue, false},
      {"mid-month: the 7th is not", in_september, day(2026, 9, 7), 60, day(2026, 9, 26), overdue,
       true},
      // 10 January 2027 is a Sunday.
      {"working day: settling through Monday", on_working_days(sum), end_of(11), 80,
       day(2027, 1, 11), settling, false},
      {"working day: overdue from Tuesday", on_working_days(sum), end_of(11), 80, day(2027, 1, 12),
       overdue, true},
      // A level with a plan is asked for its plan.
      {"plan: as planned", with_pace(rate, Pace::plan, {{end_of(6), 0.5}, {end, 1.0}}), end_of(6),
       45, end_of(6), on_track, false},
      {"plan: 4 of 90 short", with_pace(rate, Pace::plan, {{end_of(6), 0.5}, {end, 1.0}}),
       end_of(6), 41, end_of(6), at_risk, false},
      {"plan: 5 of 90 short", with_pace(rate, Pace::plan, {{end_of(6), 0.5}, {end, 1.0}}),
       end_of(6), 40, end_of(6), behind, false},
  };
  for (const Row& row : rows) {
    const std::vector<Reading> readings = {
        {row.as_of, row.target.unit.to_base(row.value), row.as_of}};
    const Assessment result = assess(row.target, WorkingDays{}, readings, row.on);
    EXPECT_EQ(to_string(result.status), to_string(row.status)) << row.why;
    if (row.on > row.target.deadline) {
      EXPECT_EQ(result.report_overdue, row.report_overdue) << row.why;
    }
  }
}

TEST(YearEndTest, AFirstPeriodThatIsCutToLessThanHalfOwesNothing) {
  const auto missing = [](Date start, Cadence cadence, Date on) {
    Target target = reporting(cumulative(100, "个"), cadence, 10);
    target.start = start;
    return assess(target, WorkingDays{}, {}, on).reports_missing;
  };
  EXPECT_EQ(missing(day(2026, 6, 16), Cadence::month, day(2026, 7, 11)), 1) << "15 of 30 days";
  EXPECT_EQ(missing(day(2026, 6, 17), Cadence::month, day(2026, 7, 11)), 0) << "14 of 30 days";
  EXPECT_EQ(missing(day(2026, 6, 17), Cadence::month, day(2026, 8, 11)), 1) << "but July does";
  EXPECT_EQ(missing(day(2026, 5, 16), Cadence::quarter, day(2026, 7, 11)), 1) << "46 of 91";
  EXPECT_EQ(missing(day(2026, 5, 17), Cadence::quarter, day(2026, 7, 11)), 0) << "45 of 91";
  EXPECT_EQ(missing(day(2026, 6, 18), Cadence::week, day(2026, 7, 2)), 1) << "Thursday: 4 of 7";
  EXPECT_EQ(missing(day(2026, 6, 19), Cadence::week, day(2026, 7, 2)), 0) << "Friday: 3 of 7";
  Target short_one = reporting(cumulative(100, "个"), Cadence::month, 10);
  short_one.start = day(2026, 6, 10);
  short_one.deadline = day(2026, 6, 20);
  EXPECT_EQ(assess(short_one, WorkingDays{}, {}, day(2026, 7, 1)).reports_missing, 1)
      << "the last period always owes its report";
}

TEST(YearEndTest, AReportIsAValueAsOfThePeriodsSecondHalfOrLater) {
  struct Half {
    Cadence cadence;
    Date last_of_first_half;
    Date on;  // the period's report is overdue then, and no later one's
  };
  for (const Half& half : {Half{Cadence::month, day(2026, 6, 15), day(2026, 7, 11)},
                           Half{Cadence::month, day(2026, 7, 15), day(2026, 8, 11)},
                           Half{Cadence::month, day(2026, 2, 14), day(2026, 3, 11)},
                           Half{Cadence::week, day(2026, 6, 17), day(2026, 7, 2)},
                           Half{Cadence::quarter, day(2026, 5, 15), day(2026, 7, 11)}}) {
    const Target target = reporting(cumulative(100, "个"), half.cadence, 10);
    const Date next = half.last_of_first_half + std::chrono::days{1};
    const auto missing = [&](Date as_of) {
      return assess(target, WorkingDays{}, std::vector<Reading>{{as_of, 50, as_of}}, half.on)
          .reports_missing;
    };
    EXPECT_EQ(missing(half.last_of_first_half), 1) << to_string(half.last_of_first_half);
    EXPECT_EQ(missing(next), 0) << to_string(next);
  }
}

TEST(YearEndTest, SilenceIsStaleAfterTheLastReportsOfEachCadence) {
  struct Silence {
    Cadence cadence;
    int grace_days;
    int stale_after;
    Date as_of;
    Date since;
  };
  for (const Silence& row : {
           Silence{Cadence::week, 3, 2, day(2026, 3, 1), day(2026, 3, 19)},
           Silence{Cadence::week, 3, 1, day(2026, 3, 1), day(2026, 3, 12)},
           Silence{Cadence::month, 10, 2, end_of(1), day(2026, 4, 11)},
           Silence{Cadence::month, 10, 3, end_of(1), day(2026, 5, 11)},
           Silence{Cadence::quarter, 10, 2, end_of(3), day(2026, 10, 11)},
           Silence{Cadence::none, 10, 2, end_of(3), day(2026, 7, 1)},  // 92 days
       }) {
    Target target = reporting(cumulative(100, "个"), row.cadence, row.grace_days);
    target.stale_after = row.stale_after;
    const std::vector<Reading> readings = {{row.as_of, 25, row.as_of}};
    EXPECT_NE(assess(target, WorkingDays{}, readings, row.since - std::chrono::days{1}).status,
              Status::stale)
        << to_string(row.since);
    for (const Date on : {row.since, row.since + std::chrono::days{30}}) {
      const Assessment silent = assess(target, WorkingDays{}, readings, on);
      EXPECT_EQ(silent.status, Status::stale) << to_string(on);
      EXPECT_EQ(silent.status_since, row.since);
    }
    EXPECT_EQ(assess(target, WorkingDays{}, readings, row.since + std::chrono::days{30}).score,
              row.cadence == Cadence::none ? std::optional{1.0} : std::optional{0.0});
  }
}

TEST(YearEndTest, WhatIsCorrectedAfterItsDueDayIsCounted) {
  Readings readings;
  readings.record("t", {end_of(1), 5, day(2026, 2, 5)});
  readings.record("t", {end_of(1), 6, day(2026, 2, 10)});  // before it was due
  readings.record("t", {end_of(2), 10, day(2026, 3, 5)});
  readings.record("t", {end_of(2), 11, day(2026, 6, 1)});  // long after
  readings.record("t", {end_of(3), 12, day(2026, 4, 5)});
  readings.record("t", {end_of(3), 12, day(2026, 6, 1)});  // the same number: no correction of it
  const Assessment result = assess(reporting(cumulative(100, "个"), Cadence::month, 10),
                                   WorkingDays{}, readings.of("t"), day(2026, 6, 9));
  EXPECT_EQ(result.reports_due, 4);
  EXPECT_EQ(result.reports_on_time, 3);
  EXPECT_EQ(result.reports_corrected, 1);
}

}  // namespace
}  // namespace districtd

// The rule of the design page, "Judging": M(d) = 12*year + (month-1) + day/days_in_month at the end
// of day d; the schedule share is the part of the period's months that has passed, within 0..1.
#include "daemon/domain/calendar.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::day;
using testing::Random;

constexpr double kRounding = 1e-11;  // of month positions near 24,000, divided

TEST(CalendarTest, MonthPositionCountsWholeMonthsAndThePartOfTheLast) {
  EXPECT_DOUBLE_EQ(month_position(day(2026, 6, 30)), 12 * 2026 + 6);
  EXPECT_DOUBLE_EQ(month_position(day(2026, 6, 15)), 12 * 2026 + 5.5);
  EXPECT_DOUBLE_EQ(month_position(day(2026, 12, 31)), 12 * 2027);
  EXPECT_DOUBLE_EQ(month_position(day(2026, 2, 14)), 12 * 2026 + 1.5);
  EXPECT_DOUBLE_EQ(month_position(day(2024, 2, 28)), 12 * 2024 + 1 + 28.0 / 29.0);
  EXPECT_DOUBLE_EQ(month_position_at_start(day(2026, 1, 1)), 12 * 2026);
  EXPECT_DOUBLE_EQ(month_position_at_start(day(2026, 3, 16)), 12 * 2026 + 2 + 15.0 / 31.0);
}

TEST(CalendarTest, TheEndOfEveryDayIsTheBeginningOfTheNext) {
  for (Date d = day(1999, 12, 1); d < day(2101, 3, 2); d += days{1}) {
    ASSERT_DOUBLE_EQ(month_position(d), month_position_at_start(d + days{1})) << to_string(d);
  }
}

TEST(CalendarTest, EveryMonthEndOfAnAnnualTargetIsThatManyTwelfths) {
  for (const int y : {2023, 2024, 2026, 2100}) {
    for (unsigned m = 1; m <= 12; ++m) {
      const Date end = period_end(Cadence::month, day(y, m, 1));
      EXPECT_NEAR(schedule_share(day(y, 1, 1), day(y, 12, 31), end), m / 12.0, kRounding)
          << to_string(end);
    }
  }
}

struct ShareCase {
  Date start;
  Date deadline;
  Date at;
  double share;
  std::string source;
};

TEST(CalendarTest, ScheduleShareFollowsTheRuleOfTheDesignPage) {
  const Date first = day(2026, 1, 1);
  const Date last = day(2026, 12, 31);
  const double mid_march = 2 + 15.0 / 31.0;
  const std::array cases = {
      ShareCase{first, last, day(2026, 6, 30), 0.5, "Words: end of June is 6/12 = 50.0%"},
      ShareCase{first, last, day(2026, 11, 30), 11.0 / 12, "Words: end of November is 91.7%"},
      ShareCase{first, last, day(2026, 6, 15), 5.5 / 12, "M: half of June"},
      ShareCase{first, last, day(2026, 1, 1), 1.0 / 31 / 12, "M: the end of the first day"},
      ShareCase{day(2024, 1, 1), day(2024, 12, 31), day(2024, 2, 28), (1 + 28.0 / 29) / 12,
                "M: February of a leap year has 29 days"},
      ShareCase{day(2024, 1, 1), day(2024, 12, 31), day(2024, 2, 29), 2.0 / 12,
                "M: and its 29th is the month's end"},
      ShareCase{day(2024, 2, 29), day(2024, 2, 29), day(2024, 2, 29), 1, "a period of one day"},
      ShareCase{day(2026, 3, 16), day(2026, 9, 15), day(2026, 6, 30),
                (6 - mid_march) / (8.5 - mid_march), "M0 at the beginning of a mid-month start"},
      ShareCase{first, day(2027, 12, 31), last, 0.5, "half of two years"},
      ShareCase{day(2025, 7, 1), day(2026, 6, 30), last, 1, "clamped after the deadline"},
      ShareCase{day(2026, 7, 1), last, day(2026, 6, 30), 0, "nothing before the start"},
      ShareCase{day(2026, 7, 1), last, day(2025, 1, 1), 0, "clamped long before the start"},
  };
  for (const auto& c : cases) {
    EXPECT_NEAR(schedule_share(c.start, c.deadline, c.at), c.share, kRounding) << c.source;
  }
}

TEST(CalendarPropertyTest, ScheduleShareRisesFromZeroAtTheStartToOneAtTheDeadline) {
  Random random(20260306);
  for (int round = 0; round < 200; ++round) {
    const Date start = random.date();
    const Date deadline = start + days{random.whole(0, 1500)};
    SCOPED_TRACE(to_string(start) + " to " + to_string(deadline));
    EXPECT_EQ(schedule_share(start, deadline, start - days{1}), 0.0);
    EXPECT_EQ(schedule_share(start, deadline, deadline), 1.0);
    double before = 0;
    for (Date d = start - days{40}; d <= deadline + days{40}; d += days{1}) {
      const double share = schedule_share(start, deadline, d);
      ASSERT_GE(share, 0.0) << to_string(d);
      ASSERT_LE(share, 1.0) << to_string(d);
      if (d < start) {
        ASSERT_EQ(share, 0.0) << to_string(d);
      } else if (d <= deadline) {
        ASSERT_GT(share, before) << to_string(d);
      } else {
        ASSERT_EQ(share, 1.0) << to_string(d);
      }
      before = share;
    }
  }
}

TEST(CalendarTest, DatesReadBackAsTheyWereWritten) {
  for (Date d = day(1999, 12, 1); d < day(2032, 3, 2); d += days{1}) {
    ASSERT_EQ(parse_iso_date(to_string(d)), d) << to_string(d);
  }
  EXPECT_EQ(to_string(day(2026, 3, 6)), "2026-03-06");
  EXPECT_EQ(to_string(day(987, 12, 31)), "0987-12-31");
}

TEST(CalendarTest, February29IsADateInLeapYearsOnly) {
  EXPECT_EQ(parse_iso_date("2024-02-29"), day(2024, 2, 29));
  EXPECT_EQ(parse_iso_date("2000-02-29"), day(2000, 2, 29));
  EXPECT_EQ(parse_iso_date("2026-02-29"), std::nullopt);
  EXPECT_EQ(parse_iso_date("2100-02-29"), std::nullopt);
}

TEST(CalendarTest, WhatIsNoIsoDateIsRefused) {
  using std::string_literals::operator""s;
  for (const std::string& text : {""s,
                                  "2026"s,
                                  "2026-6-30"s,
                                  "2026-06-31"s,
                                  "2026-13-01"s,
                                  "2026-00-10"s,
                                  "2026-06-00"s,
                                  "2026/06/30"s,
                                  "20260630"s,
                                  " 2026-06-30"s,
                                  "2026-06-30 "s,
                                  "2026-06-3a"s,
                                  "2026-06- 3"s,
                                  "2026--6-30"s,
                                  "-026-06-30"s,
                                  "+026-06-30"s,
                                  "2026-+6-30"s,
                                  "2026-06-30T00:00"s,
                                  "2026-06-3\0"s,
                                  "2026年6月30日"s,
                                  "２０２６-06-30"s}) {
    EXPECT_EQ(parse_iso_date(text), std::nullopt) << text;
  }
}

TEST(CalendarTest, PeriodsAreThoseOfTheCalendar) {
  const Date tuesday = day(2026, 6, 30);
  EXPECT_EQ(period_start(Cadence::week, tuesday), day(2026, 6, 29));
  EXPECT_EQ(period_end(Cadence::week, tuesday), day(2026, 7, 5));
  EXPECT_EQ(period_start(Cadence::week, day(2026, 7, 5)), day(2026, 6, 29));
  EXPECT_EQ(period_end(Cadence::week, day(2026, 12, 31)), day(2027, 1, 3));
  EXPECT_EQ(period_start(Cadence::month, tuesday), day(2026, 6, 1));
  EXPECT_EQ(period_end(Cadence::month, day(2024, 2, 3)), day(2024, 2, 29));
  EXPECT_EQ(period_end(Cadence::month, day(2026, 12, 1)), day(2026, 12, 31));
  EXPECT_EQ(period_start(Cadence::quarter, tuesday), day(2026, 4, 1));
  EXPECT_EQ(period_end(Cadence::quarter, day(2026, 11, 15)), day(2026, 12, 31));
  EXPECT_EQ(period_start(Cadence::none, tuesday), tuesday);
  EXPECT_EQ(period_end(Cadence::none, tuesday), tuesday);
}

TEST(CalendarPropertyTest, PeriodsFollowOneAnotherWithoutGapOrOverlap) {
  for (const Cadence cadence : {Cadence::week, Cadence::month, Cadence::quarter}) {
    for (Date d = day(2023, 12, 1); d < day(2025, 2, 1); d += days{1}) {
      const Date start = period_start(cadence, d);
      const Date end = period_end(cadence, d);
      ASSERT_LE(start, d) << to_string(d);
      ASSERT_GE(end, d) << to_string(d);
      ASSERT_EQ(period_start(cadence, end + days{1}), end + days{1}) << to_string(d);
      ASSERT_EQ(period_start(cadence, end), start) << to_string(d);
    }
  }
}

}  // namespace
}  // namespace districtd

#include "daemon/domain/timetable.h"

#include <gtest/gtest.h>

#include <vector>

#include "daemon/domain/bulletin_kind.h"

namespace districtd {
namespace {

Timetable table(std::string_view text) {
  auto parsed = Timetable::parse(text);
  EXPECT_TRUE(parsed) << text;
  return *parsed;
}

std::string refusal(std::string_view text) {
  const auto parsed = Timetable::parse(text);
  return parsed ? "" : parsed.error();
}

std::vector<std::string> days_after(const Timetable& table, Date day, int count,
                                    const WorkingDays& working_days = {}) {
  std::vector<std::string> days;
  for (int i = 0; i < count; ++i) {
    const auto next = table.next_after(day, working_days);
    if (!next) break;
    day = *next;
    days.push_back(to_string(day));
  }
  return days;
}

using Days = std::vector<std::string>;

TEST(TimetableTest, EveryMondayIsEachMonday) {
  const Timetable monday = table("every Monday 08:30");
  EXPECT_EQ(monday.time_of_day(), std::chrono::minutes{8 * 60 + 30});
  EXPECT_EQ(days_after(monday, date_of(2026, 7, 1), 2), (Days{"2026-07-06", "2026-07-13"}));
}

TEST(TimetableTest, DayOfEachMonthIsTheLastDayOfAShorterMonth) {
  EXPECT_EQ(days_after(table("day 31 of each month 09:00"), date_of(2024, 1, 30), 4),
            (Days{"2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"}));
  EXPECT_EQ(days_after(table("last day of each month 17:00"), date_of(2026, 1, 31), 2),
            (Days{"2026-02-28", "2026-03-31"}));
}

TEST(TimetableTest, DayOfEachQuarterIsInItsFirstMonth) {
  EXPECT_EQ(days_after(table("day 15 of each quarter 09:00"), date_of(2026, 1, 15), 3),
            (Days{"2026-04-15", "2026-07-15", "2026-10-15"}));
  EXPECT_EQ(days_after(table("last day of each quarter 09:00"), date_of(2026, 1, 15), 2),
            (Days{"2026-03-31", "2026-06-30"}));
}

TEST(TimetableTest, LeapDayComesInLeapYearsOnly) {
  EXPECT_EQ(days_after(table("day 29 of February 09:00"), date_of(2096, 2, 29), 2),
            (Days{"2104-02-29", "2108-02-29"}));  // 2100 is none
}

TEST(TimetableTest, DayOffMovesToTheNextWorkingDayAndNeverTwice) {
  const WorkingDays holidays{
      {HolidayYear{2026,
                   "",
                   {date_of(2026, 10, 1), date_of(2026, 10, 2), date_of(2026, 10, 5),
                    date_of(2026, 10, 6), date_of(2026, 10, 7)},
                   {date_of(2026, 10, 10)}}}};
  Timetable daily = table("every day 08:00");
  daily.move_to_working_days();
  EXPECT_EQ(days_after(daily, date_of(2026, 9, 30), 3, holidays),
            (Days{"2026-10-08", "2026-10-09", "2026-10-10"}));
  EXPECT_EQ(daily.last_before(date_of(2026, 10, 8), holidays), date_of(2026, 9, 30));
  EXPECT_EQ(
      days_after(table("working day 2 of each month 09:00"), date_of(2026, 9, 30), 1, holidays),
      (Days{"2026-10-09"}));
}

TEST(TimetableTest, LastBeforeAndNextAfterAreEachOthersInverse) {
  for (const char* text : {"every day 08:00", "every Friday 08:00", "day 30 of each month 08:00",
                           "day 31 of January 08:00", "working day 1 of each month 08:00"}) {
    const Timetable one = table(text);
    for (Date day = date_of(2027, 12, 1); day < date_of(2028, 3, 5); day += std::chrono::days{1}) {
      const auto next = one.next_after(day, {});
      ASSERT_TRUE(next) << text;
      const auto back = one.last_before(*next, {});
      ASSERT_TRUE(back) << text;
      EXPECT_LE(*back, day) << text;
      EXPECT_EQ(one.next_after(*back, {}), next) << text;
    }
  }
}

TEST(TimetableTest, WhatNeverOccursIsRefusedAndSaysWhy) {
  EXPECT_EQ(refusal("day 31 of February 09:00"),
            "'day 31 of February 09:00' never occurs: there is no day 31 there; expected 1 to 29");
  EXPECT_NE(refusal("day 31 of November 09:00"), "");
  EXPECT_NE(refusal("day 0 of each month 09:00"), "");
  EXPECT_NE(refusal("day 32 of each month 09:00"), "");
  EXPECT_NE(refusal("working day 24 of each month 09:00"), "");
}

TEST(TimetableTest, WhatIsNoScheduleIsRefusedWithExamples) {
  EXPECT_NE(refusal("every Moonday 08:30").find("expected such as"), std::string::npos);
  EXPECT_NE(refusal("day 8 of each month 9 o'clock"), "");
  EXPECT_EQ(refusal("every Monday 24:00"),
            "'24:00' in 'every Monday 24:00' is no time of day; expected such as 09:00");
  for (const char* text :
       {"", "daily", "every", "day of each month 09:00", "0 9 8 * *", "last of each month 09:00",
        "day 8 of each year 09:00", "working day 3 of January 09:00", "day 8 09:00"}) {
    EXPECT_NE(refusal(text), "") << text;
  }
}

TEST(BulletinKindTest, PeriodIsTheLastThatHasEnded) {
  const auto period = [](BulletinKind kind, Date on) {
    const BulletinPeriod p = period_of(kind, on);
    return to_string(p.first) + ".." + to_string(p.last);
  };
  EXPECT_EQ(period(BulletinKind::monthly, date_of(2026, 7, 8)), "2026-06-01..2026-06-30");
  EXPECT_EQ(period(BulletinKind::monthly, date_of(2024, 2, 29)), "2024-02-01..2024-02-29");
  EXPECT_EQ(period(BulletinKind::monthly, date_of(2024, 2, 28)), "2024-01-01..2024-01-31");
  EXPECT_EQ(period(BulletinKind::weekly, date_of(2026, 7, 6)), "2026-06-29..2026-07-05");
  EXPECT_EQ(period(BulletinKind::weekly, date_of(2026, 7, 5)), "2026-06-29..2026-07-05");
  EXPECT_EQ(period(BulletinKind::quarterly, date_of(2026, 7, 8)), "2026-04-01..2026-06-30");
  EXPECT_EQ(period(BulletinKind::annual, date_of(2027, 1, 20)), "2026-01-01..2026-12-31");
  EXPECT_EQ(period(BulletinKind::annual, date_of(2026, 12, 31)), "2026-01-01..2026-12-31");
  EXPECT_EQ(period(BulletinKind::daily, date_of(2026, 7, 8)), "2026-07-08..2026-07-08");
}

TEST(BulletinKindTest, OnePeriodBeforeAMonthEndIsTheShorterMonthsEnd) {
  EXPECT_EQ(one_period_before(BulletinKind::monthly, date_of(2026, 3, 31)), date_of(2026, 2, 28));
  EXPECT_EQ(one_period_before(BulletinKind::quarterly, date_of(2026, 1, 15)),
            date_of(2025, 10, 15));
  EXPECT_EQ(one_period_before(BulletinKind::annual, date_of(2024, 2, 29)), date_of(2023, 2, 28));
}

}  // namespace
}  // namespace districtd

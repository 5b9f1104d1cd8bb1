#include "daemon/delivery/due.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace districtd {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Timetable table(std::string_view text) { return *Timetable::parse(text); }

// A year of a daemon's life: it looks now and then, and keeps what it dealt with.
class Life {
 public:
  Life(std::string_view schedule, const std::string& zone, Time start)
      : schedule_(table(schedule)), clock_(zone), handled_{start} {}

  // What it makes when it looks.
  std::vector<std::string> look(Time now) {
    Time since{};
    for (const Time one : handled_) {
      if (one <= now) since = std::max(since, one);
    }
    std::vector<std::string> made;
    for (const DueOccasion& due : due_occasions(schedule_, clock_, {}, since, now)) {
      handled_.push_back(due.at);
      made.push_back(to_string(due.on) + (due.is_late ? " late" : ""));
    }
    return made;
  }

  Time at(int y, unsigned m, unsigned d, std::chrono::minutes of_day) const {
    return clock_.time_at(date_of(y, m, d), of_day);
  }

 private:
  Timetable schedule_;
  DistrictClock clock_;
  std::vector<Time> handled_;
};

Time start(int y, unsigned m, unsigned d, const std::string& zone = "Asia/Shanghai") {
  return DistrictClock{zone}.time_at(date_of(y, m, d), 12h);
}

TEST(DueTest, OccasionComesAtItsMinuteAndOnce) {
  Life life{"day 8 of each month 09:00", "Asia/Shanghai", start(2026, 7, 1)};
  EXPECT_THAT(life.look(life.at(2026, 7, 8, 9h) - 1ms), IsEmpty());
  EXPECT_THAT(life.look(life.at(2026, 7, 8, 9h)), ElementsAre("2026-07-08"));
  EXPECT_THAT(life.look(life.at(2026, 7, 8, 9h + 1min)), IsEmpty());
}

TEST(DueTest, WhatCameWhileTheMachineWasOffIsLate) {
  Life life{"every day 08:00", "Asia/Shanghai", start(2026, 7, 1)};
  EXPECT_THAT(life.look(life.at(2026, 7, 4, 8h + 5min)),
              ElementsAre("2026-07-02 late", "2026-07-03 late", "2026-07-04"));
}

TEST(DueTest, ClockThatGoesBackMakesNothingTwice) {
  Life life{"every day 08:00", "Asia/Shanghai", start(2026, 7, 1)};
  EXPECT_THAT(life.look(life.at(2026, 7, 2, 9h)), SizeIs(1));
  EXPECT_THAT(life.look(life.at(2026, 7, 2, 7h)), IsEmpty());
  EXPECT_THAT(life.look(life.at(2026, 7, 2, 8h)), IsEmpty());
  EXPECT_THAT(life.look(life.at(2026, 7, 3, 8h)), ElementsAre("2026-07-03"));
}

TEST(DueTest, ClockThatWasYearsAheadForAWhileSilencesNothing) {
  Life life{"day 8 of each month 09:00", "Asia/Shanghai", start(2026, 7, 1)};
  EXPECT_THAT(life.look(life.at(2029, 1, 8, 9h)), SizeIs(31));
  EXPECT_THAT(life.look(life.at(2026, 7, 2, 9h)), IsEmpty());
  // Those of the jump were dealt with; the first that was not comes when it is due.
  EXPECT_THAT(life.look(life.at(2029, 2, 8, 9h)), ElementsAre("2029-02-08"));
}

TEST(DueTest, LeapDayAndMonthEndsComeOnTheirDays) {
  Life leap{"day 29 of February 09:00", "Asia/Shanghai", start(2026, 1, 1)};
  EXPECT_THAT(leap.look(leap.at(2028, 2, 28, 23h)), IsEmpty());
  EXPECT_THAT(leap.look(leap.at(2028, 2, 29, 9h)), ElementsAre("2028-02-29"));
  Life ends{"last day of each month 17:00", "Asia/Shanghai", start(2028, 1, 30)};
  EXPECT_THAT(ends.look(ends.at(2028, 4, 30, 17h)),
              ElementsAre("2028-01-31 late", "2028-02-29 late", "2028-03-31 late", "2028-04-30"));
}

TEST(DueTest, HourThatTheClocksSkipIsDueWhenTheySkipIt) {
  const std::string zone = "Europe/Berlin";  // 2026-03-29, 02:00 becomes 03:00
  Life life{"every day 02:30", zone, start(2026, 3, 28, zone)};
  EXPECT_THAT(life.look(life.at(2026, 3, 29, 1h + 59min)), IsEmpty());
  EXPECT_THAT(life.look(life.at(2026, 3, 29, 3h)), ElementsAre("2026-03-29"));
  EXPECT_THAT(life.look(life.at(2026, 3, 30, 2h + 30min)), ElementsAre("2026-03-30"));
}

TEST(DueTest, HourThatTheClocksRepeatIsDueOnce) {
  const std::string zone = "Europe/Berlin";  // 2026-10-25, 03:00 becomes 02:00
  Life life{"every day 02:30", zone, start(2026, 10, 24, zone)};
  const Time first = life.at(2026, 10, 25, 2h + 30min);
  EXPECT_THAT(life.look(first), ElementsAre("2026-10-25"));
  EXPECT_THAT(life.look(first + 1h), IsEmpty()) << "02:30 again";
  EXPECT_THAT(life.look(life.at(2026, 10, 26, 2h + 30min)), ElementsAre("2026-10-26"));
}

TEST(DueTest, EveryDayOfAYearComesOnceHoweverOftenItLooks) {
  for (const char* zone : {"Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"}) {
    Life life{"every day 00:00", zone, start(2027, 12, 31, zone)};
    std::size_t made = 0;
    const Time end = life.at(2029, 1, 1, 12h);
    for (Time now = life.at(2027, 12, 31, 12h); now <= end; now += 37min)
      made += life.look(now).size();
    EXPECT_EQ(made, 367U) << zone;  // 2028 has 366 days, and the first of 2029
  }
}

TEST(DueTest, VeryManyMissedOccasionsAreTheNewest) {
  Life life{"every day 08:00", "Asia/Shanghai", start(2000, 1, 1)};
  const auto made = life.look(life.at(2026, 7, 1, 8h));
  EXPECT_EQ(made.size(), kMostDue);
  EXPECT_EQ(made.back(), "2026-07-01");
}

}  // namespace
}  // namespace districtd

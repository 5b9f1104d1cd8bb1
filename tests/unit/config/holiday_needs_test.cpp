// Which years want a file of holidays, and for what.
#include "daemon/config/holiday_needs.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/unit/fixture/catalogue_text.h"

namespace districtd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Catalogue with_working_days(bool asks) {
  return parsed_catalogue(catalogue_head() +
                          target_text("culture-tourism.x", "甲", "cumulative",
                                      "goal = 30\nunit = \"亿元\"\n" +
                                          std::string(asks ? "due_on_working_day = true\n" : "")))
      .catalogue;
}

Configuration with_bulletin(std::string_view schedule) {
  Configuration configuration;
  BulletinEntry entry;
  entry.name = "monthly";
  entry.schedule = *Timetable::parse(schedule);
  configuration.bulletins.entries.push_back(entry);
  return configuration;
}

TEST(HolidayNeedsTest, NothingDependsOnThemWhereNobodyAsks) {
  const auto missing = holidays_missing(with_bulletin("day 8 of each month 09:00"),
                                        with_working_days(false), date_of(2026, 12, 1));
  EXPECT_THAT(missing, IsEmpty());
}

TEST(HolidayNeedsTest, TheComingYearIsAskedForFromNovemberOn) {
  const Configuration configuration = with_bulletin("working day 5 of each month 09:00");
  const Catalogue catalogue = with_working_days(false);
  EXPECT_EQ(holidays_awaited_from(2027), date_of(2026, 11, 1));
  EXPECT_THAT(holidays_missing_now(configuration, catalogue, date_of(2026, 10, 31)),
              ElementsAre(Pair(2026, SizeIs(1))));
  EXPECT_THAT(holidays_missing_now(configuration, catalogue, date_of(2026, 11, 1)),
              ElementsAre(Pair(2026, SizeIs(1)), Pair(2027, SizeIs(1))));
}

TEST(HolidayNeedsTest, WhatDependsIsNamed) {
  Configuration configuration = with_bulletin("every day 08:00");
  configuration.bulletins.entries[0].schedule.move_to_working_days();
  configuration.alerting.emplace().working_days_only = true;
  const auto missing =
      holidays_missing(configuration, with_working_days(true), date_of(2026, 3, 1));
  // The report of December is due in January.
  EXPECT_THAT(missing, ElementsAre(Pair(2026, ElementsAre(HasSubstr("reports of 1 target"),
                                                          HasSubstr("the bulletin 'monthly'"),
                                                          HasSubstr("working_days_only"))),
                                   Pair(2027, SizeIs(3))));
  EXPECT_THAT(missing.at(2026)[0], HasSubstr("such as 'culture-tourism.x'"));
  EXPECT_THAT(holidays_missing_now(configuration, with_working_days(true), date_of(2026, 3, 1)),
              SizeIs(1));
}

}  // namespace
}  // namespace districtd

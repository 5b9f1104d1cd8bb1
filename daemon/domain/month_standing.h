// A target's year, month by month: the history that is shown where nobody looked on at the time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/assessment.h"

namespace districtd {

// How a target stood in one month. Values in base units, deviation a ratio, as in Assessment; a
// field is empty where there is no such thing for this target or nothing was reported.
struct MonthStanding {
  unsigned month = 0;               // 1 to 12
  std::optional<double> actual;     // the month's newest value; not for a pledge
  std::optional<double> expected;   // as of that value's day; of the month's last day, or of the
                                    // deadline, where there is none; empty while the schedule
                                    // asks for nothing yet
  std::optional<double> deviation;  // of that value; empty likewise
  std::optional<Status> status;     // of that value by itself
  std::uint32_t corrections = 0;    // of values as of days of this month
};

// The months of one year, in order, at most twelve.
struct YearStanding {
  int year = 0;
  std::vector<MonthStanding> months;
};

// The year is that of `on`, but none after the deadline's and none before the start's. Its months
// run from the start's to the deadline's; a later one has its place only where there is a value.
// `corrections` are those of the readings.
YearStanding year_standing(const Target& target, const WorkingDays& working_days,
                           std::span<const Reading> readings,
                           std::span<const Corrections> corrections, Date on);

}  // namespace districtd

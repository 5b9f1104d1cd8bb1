// Dates, and the share of a period that has passed (序时进度).
#pragma once

#include "base/date.h"

namespace districtd {

enum class Cadence { none, week, month, quarter };

inline int year_of(Date date) {  // 2026
  return static_cast<int>(std::chrono::year_month_day{date}.year());
}

// Months since year 0 at the end of day d: 12*year + (month-1) + day/days_in_month. The rule of the
// design page, by which published bulletins count: the end of November is 11/12 of a year = 91.7%.
double month_position(Date date);

// The same at the beginning of day d.
double month_position_at_start(Date date);

// The share of [start, deadline] that has passed at the end of day d, clamped to 0..1.
// Requires start <= deadline.
double schedule_share(Date start, Date deadline, Date d);

// The last day of the week (Sunday), month or quarter that holds d. Cadence none: d itself.
Date period_end(Cadence cadence, Date d);

// The first day of the same period.
Date period_start(Cadence cadence, Date d);

}  // namespace districtd

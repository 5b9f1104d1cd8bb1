// Working days: weekends, public holidays and the days that are worked instead (调休上班).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/domain/calendar.h"

namespace districtd {

// One year's arrangement as published, for China each autumn by the State Council's general office.
struct HolidayYear {
  int year = 0;
  std::string source;              // document and number
  std::vector<Date> days_off;      // of this year; weekends need not be listed
  std::vector<Date> working_days;  // of this year: Saturdays and Sundays that are worked
};

// Immutable; any thread. Without a year's arrangement only its weekends are days off.
class WorkingDays {
 public:
  WorkingDays() = default;
  explicit WorkingDays(const std::vector<HolidayYear>& years);

  bool knows(int year) const { return years_.contains(year); }
  // As the files list them, by date.
  const std::set<Date>& days_off() const { return days_off_; }
  const std::set<Date>& days_worked_instead() const { return worked_; }

  bool is_working_day(Date date) const;
  // `date` itself where it is a working day, else the next one.
  Date on_or_after(Date date) const;

 private:
  std::set<int> years_;
  std::set<Date> days_off_;
  std::set<Date> worked_;
};

}  // namespace districtd

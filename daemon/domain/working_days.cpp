#include "daemon/domain/working_days.h"

namespace districtd {

WorkingDays::WorkingDays(const std::vector<HolidayYear>& years) {
  for (const HolidayYear& year : years) {
    years_.insert(year.year);
    days_off_.insert(year.days_off.begin(), year.days_off.end());
    worked_.insert(year.working_days.begin(), year.working_days.end());
  }
}

bool WorkingDays::is_working_day(Date date) const {
  if (worked_.contains(date)) return true;
  if (days_off_.contains(date)) return false;
  const std::chrono::weekday day{date};
  return day != std::chrono::Saturday && day != std::chrono::Sunday;
}

Date WorkingDays::on_or_after(Date date) const {
  while (!is_working_day(date)) date += std::chrono::days{1};
  return date;
}

}  // namespace districtd

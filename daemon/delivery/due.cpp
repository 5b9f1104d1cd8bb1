#include "daemon/delivery/due.h"

#include <algorithm>

namespace districtd {

std::vector<DueOccasion> due_occasions(const Timetable& schedule, const DistrictClock& clock,
                                       const WorkingDays& working_days, Time since, Time now) {
  std::vector<DueOccasion> due;
  Date day = clock.date_at(now) + std::chrono::days{1};
  while (due.size() < kMostDue) {
    const auto before = schedule.last_before(day, working_days);
    if (!before) break;
    day = *before;
    const Time at = clock.time_at(day, schedule.time_of_day());
    if (at <= since) break;
    if (at <= now) due.push_back({day, at, now - at > kOnTime});
  }
  std::reverse(due.begin(), due.end());
  return due;
}

}  // namespace districtd

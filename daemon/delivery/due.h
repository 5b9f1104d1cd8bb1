// Which occasions of a schedule have come. Pure.
#pragma once

#include <vector>

#include "daemon/config/district_clock.h"
#include "daemon/domain/timetable.h"

namespace districtd {

struct DueOccasion {
  Date on{};
  Time at{};
  bool is_late = false;  // it came more than kOnTime ago
  friend bool operator==(const DueOccasion&, const DueOccasion&) = default;
};

// A daemon that looks every few seconds, or tries again after a passing fault, is still on time.
inline constexpr std::chrono::minutes kOnTime{10};

// Those after `since` and up to `now`, the oldest first; of very many the newest kMostDue. `since`
// is the newest occasion that was dealt with by now: a clock that was ahead for a while has left
// later ones behind, which do not count. Where the clock goes back, nothing comes twice.
inline constexpr std::size_t kMostDue = 400;
std::vector<DueOccasion> due_occasions(const Timetable& schedule, const DistrictClock& clock,
                                       const WorkingDays& working_days, Time since, Time now);

}  // namespace districtd

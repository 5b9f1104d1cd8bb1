// What day it is in the district.
#pragma once

#include <chrono>
#include <string>

#include "daemon/domain/calendar.h"

namespace date {
class time_zone;
}

namespace districtd {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

Time now();  // the system's clock

// Immutable; any thread.
class DistrictClock {
 public:
  // The name is one of the time zone database, as checked by load_configuration(); throws
  // std::runtime_error where it is not.
  explicit DistrictClock(const std::string& time_zone);

  Date date_at(Time time) const;
  Time end_of(Date date) const;  // the last millisecond of that day
  Date today() const { return date_at(now()); }

 private:
  const date::time_zone* zone_;  // the database's, which lives as long as the program
};

}  // namespace districtd

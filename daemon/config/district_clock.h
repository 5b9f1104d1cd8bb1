// What day it is in the district.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/ports/clock.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/known_time.h"

namespace date {
class time_zone;
}

namespace districtd {

// Immutable; any thread, where `now` is.
class DistrictClock {
 public:
  // The name is one of the time zone database, as checked by load_configuration(); throws
  // std::runtime_error where it is not.
  // `now` is the clock behind it: the system's, as far as it is credible, or a test's.
  explicit DistrictClock(const std::string& time_zone,
                         std::function<KnownTime()> now = districtd::now);

  Date date_at(Time time) const;
  Time end_of(Date date) const;  // the last millisecond of that day
  // That time of day; where the clocks are put forward over it the moment at which they are, and
  // the first of two where they are put back.
  Time time_at(Date date, std::chrono::minutes of_day) const;
  std::string text_of(Time time) const;  // "2026-07-08 09:30", for people
  // What is said by date is said only while this is credible.
  KnownTime known() const { return now_(); }
  // By the clock where it is credible, else as it is reckoned.
  Date today() const { return date_at(now()); }
  Time now() const { return now_().time; }

 private:
  std::function<KnownTime()> now_;
  const date::time_zone* zone_;  // the database's, which lives as long as the program
};

}  // namespace districtd

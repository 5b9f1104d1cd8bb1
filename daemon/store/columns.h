// How days and times stand in the file's columns.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"
#include "daemon/domain/calendar.h"

namespace districtd {

// Days since 1970-01-01.
inline std::int32_t day_number(Date date) {
  return static_cast<std::int32_t>(date.time_since_epoch().count());
}
inline Date date_from(std::int64_t day) { return Date(std::chrono::days(day)); }

// Milliseconds since 1970 in UTC.
inline std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }
inline Time time_from(std::int64_t milliseconds) {
  return Time(std::chrono::milliseconds(milliseconds));
}

}  // namespace districtd

// How days and times stand in the file's columns.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/reading.h"

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

// 0 actual, 1 projected.
inline std::int64_t basis_number(Basis basis) { return basis == Basis::projected ? 1 : 0; }
inline Basis basis_from(std::int64_t number) {
  return number == 1 ? Basis::projected : Basis::actual;
}

}  // namespace districtd

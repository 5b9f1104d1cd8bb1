// What the daemon knows of the time at one moment.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"

namespace districtd {

// A clock that is kept in time goes back by no more than this, which is nothing to speak of.
inline constexpr std::chrono::seconds kSlewed{2};

struct KnownTime {
  // The clock's, which is credible. Not explicit: a test's clock, or the system's, is believed.
  KnownTime(Time credible) : time(credible) {}  // NOLINT(google-explicit-constructor)
  // `read` is what the clock says and nobody believes.
  KnownTime(Time reckoned, Time read) : time(reckoned), clock_read(read) {}

  bool is_credible() const { return !clock_read; }

  Time time;                       // the clock's where it is credible, else the best reckoning
  std::optional<Time> clock_read;  // what the clock says, where that is not credible
  // Rises when the clock is believed again though it does not say what was reckoned meanwhile.
  // Where the number is the same as before, what was reckoned was right.
  int reckoning = 0;
};

}  // namespace districtd

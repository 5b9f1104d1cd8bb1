// The one place from which the program takes the time.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"

namespace districtd {

// The system's clock: what day it is, when something was received. It may jump both ways.
// Any thread.
Time now();

// A clock that never goes back and has no date: how long something took, when a wait is over.
// Any thread.
using SteadyClock = std::chrono::steady_clock;
using SteadyTime = SteadyClock::time_point;
SteadyTime steady_now();

// How long ago the machine was started, the time that it slept included (CLOCK_BOOTTIME). Nobody
// sets it, and NTP only makes it a little faster or slower. Any thread.
std::chrono::milliseconds since_boot();

// Whether NTP or the like keeps the system's clock in time (adjtimex(2)); the kernel says no again
// as soon as the clock is set by hand. nullopt where it does not tell, as in some containers. Any
// thread.
std::optional<bool> is_clock_synchronised();

}  // namespace districtd

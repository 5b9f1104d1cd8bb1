// The one place from which the program takes the time.
#pragma once

#include <chrono>

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

}  // namespace districtd

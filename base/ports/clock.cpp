#include "base/ports/clock.h"

namespace districtd {

Time now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime steady_now() { return SteadyClock::now(); }

}  // namespace districtd

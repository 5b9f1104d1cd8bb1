#include "base/ports/clock.h"

#include <sys/timex.h>

#include <ctime>

namespace districtd {

Time now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime steady_now() { return SteadyClock::now(); }

std::chrono::milliseconds since_boot() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec});
}

std::optional<bool> is_clock_synchronised() {
  timex clock{};  // modes 0: only asks
  if (adjtimex(&clock) < 0) return std::nullopt;
  return (static_cast<unsigned>(clock.status) & STA_UNSYNC) == 0;
}

}  // namespace districtd

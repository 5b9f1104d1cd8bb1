#include "daemon/service/systemd.h"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdint>

#include "base/ports/clock.h"

namespace districtd {

void notify_ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void notify_reloading() {
  // The steady clock is CLOCK_MONOTONIC, which systemd asks for.
  const auto microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_now().time_since_epoch())
          .count();
  sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds)).c_str());
}

void notify_stopping() { sd_notify(0, "STOPPING=1\nSTATUS=Finishing what was accepted"); }

void notify_alive() { sd_notify(0, "WATCHDOG=1"); }

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0 || microseconds == 0) return std::nullopt;
  return std::chrono::microseconds{microseconds / 2};
}

}  // namespace districtd

// What systemd is told: sd_notify(3). Does nothing where the daemon runs without systemd.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace districtd {

void notify_ready(const std::string& status);
void notify_reloading();
void notify_stopping();
void notify_alive();

// Half of the unit's WatchdogSec, the interval at which notify_alive() is due; nullopt without one.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace districtd

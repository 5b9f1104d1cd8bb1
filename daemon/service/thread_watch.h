// Notices a thread that stands still: says so in the log, in /-/ready and in a metric.
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>

#include "base/heartbeat.h"
#include "base/ports/clock.h"

namespace districtd {

// Looks at the threads of base/heartbeat.h, which cannot be ended from outside: what is stuck ends
// when the disk or the network that it waits for answers, or with the process. The event loop is
// known by how late it comes to look.
//
// Log events: thread_stuck, thread_moves_again, event_loop_stalled.
//
// Thread: the event loop's.
class ThreadWatch {
 public:
  static constexpr std::chrono::seconds kInterval{1};
  // Later than this is logged. systemd ends the process where the unit's WatchdogSec goes by.
  static constexpr std::chrono::seconds kLateLoop{2};

  // To be called every kInterval: logs each thread once when it is stuck, and once when it is not
  // any more.
  void look(const std::vector<WatchedThread>& threads, SteadyTime now);
  void look() { look(watched_threads(), steady_now()); }

  // districtd_thread_busy_seconds{thread}: of those with the same name the longest; and
  // districtd_thread_stuck{thread} 0|1.
  std::vector<prometheus::MetricFamily> metrics(const std::vector<WatchedThread>& threads) const;

 private:
  std::set<std::size_t> stuck_;  // numbers of those that were said to be
  SteadyTime looked_{};
  SteadyClock::duration late_{};  // how much later than due the last look was
};

// For /-/ready: a sentence for each thread that is stuck.
std::vector<std::string> stuck_threads(const std::vector<WatchedThread>& threads);

}  // namespace districtd

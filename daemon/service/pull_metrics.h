// Pulls of the sources of [[http_pull]], counted.
#pragma once

#include <chrono>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace districtd {

// Thread-safe, as prometheus-cpp's families are. The registry outlives it.
class PullMetrics {
 public:
  explicit PullMetrics(prometheus::Registry& registry);

  // districtd_pull_*{name}: districtd_pull_success 0|1, districtd_pull_duration_seconds,
  // districtd_pull_last_success_timestamp_seconds, districtd_pull_failures_total{name,reason}.
  void observe(std::string_view name, std::string_view failure_reason /* "" is success */,
               std::chrono::nanoseconds took);

  // The source is no longer in the configuration: it has no series any more.
  void forget(std::string_view name);

 private:
  prometheus::Family<prometheus::Gauge>& success_;
  prometheus::Family<prometheus::Gauge>& duration_;
  prometheus::Family<prometheus::Gauge>& last_success_;
  prometheus::Family<prometheus::Counter>& failures_;
};

}  // namespace districtd

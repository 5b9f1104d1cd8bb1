// What /metrics says of the sources that are pulled. docs/metrics.md lists the metrics.
#pragma once

#include <chrono>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace districtd {

// districtd_pull_success{name} 0|1, districtd_pull_duration_seconds{name},
// districtd_pull_last_success_timestamp_seconds{name}, districtd_pull_failures_total{name,reason}.
//
// All that are made for one registry share the families. Thread-safe, as prometheus-cpp is. The
// registry outlives it.
class PullMetrics {
 public:
  explicit PullMetrics(prometheus::Registry& registry);

  // `failure` is the reason; "" where the pull was good.
  void observe(std::string_view name, std::string_view failure, std::chrono::nanoseconds took);

  // The source has no series any more. A name that was never observed is fine.
  void forget(std::string_view name);

 private:
  prometheus::Family<prometheus::Gauge>& success_;
  prometheus::Family<prometheus::Gauge>& duration_;
  prometheus::Family<prometheus::Gauge>& last_success_;
  prometheus::Family<prometheus::Counter>& failures_;
};

}  // namespace districtd

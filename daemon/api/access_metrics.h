// As whom requests are let in, and why others are turned away, counted.
#pragma once

#include <array>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "daemon/http/access.h"

namespace districtd {

// districtd_http_requests_admitted_total{as} and districtd_http_requests_turned_away_total{reason};
// every series is there from the start. Thread-safe, as prometheus-cpp's counters are. The registry
// outlives it.
class AccessMetrics {
 public:
  explicit AccessMetrics(prometheus::Registry& registry);

  void count(AccessOutcome outcome) { counters_[static_cast<std::size_t>(outcome)]->Increment(); }

 private:
  std::array<prometheus::Counter*, kAccessOutcomes> counters_{};
};

}  // namespace districtd

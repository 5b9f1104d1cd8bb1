// What /metrics says of the inboxes. docs/metrics.md lists the metrics.
#pragma once

#include <string>

#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace districtd {

// districtd_inbox_last_round_timestamp_seconds{directory},
// districtd_inbox_step_began_timestamp_seconds{directory}, districtd_inbox_troubles{directory}.
//
// Those of one directory share the series. The registry outlives it.
class InboxMetrics {
 public:
  InboxMetrics(prometheus::Registry& registry, std::string directory);

  void step_began();  // of what may hang
  void step_ended();
  void round_ended();  // every folder was listed
  void set_troubles(std::size_t count);

  // The directory has no series any more.
  void forget();

 private:
  prometheus::Family<prometheus::Gauge>& last_round_;
  prometheus::Family<prometheus::Gauge>& step_began_;
  prometheus::Family<prometheus::Gauge>& troubles_;
  prometheus::Labels labels_;
};

}  // namespace districtd

// The daemon as a whole, as metrics: whether it is ready, and how its configuration was loaded.
#pragma once

#include <chrono>
#include <optional>

#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace districtd {

// Thread-safe, as prometheus-cpp's families are. The registry outlives it.
class ServiceMetrics {
 public:
  explicit ServiceMetrics(prometheus::Registry& registry);

  // districtd_config_last_reload_successful 0|1 and, for one that worked,
  // districtd_config_last_reload_success_timestamp_seconds: now.
  void set_reload(bool is_successful);

  // districtd_ready 0|1: what /-/ready answers.
  void set_ready(bool is_ready);

  // districtd_alerting_escalate_after_seconds, of [alerting]; absent for nullopt.
  void set_escalate_after(std::optional<std::chrono::seconds> time);

 private:
  prometheus::Family<prometheus::Gauge>& reload_successful_;
  prometheus::Family<prometheus::Gauge>& reload_success_time_;
  prometheus::Family<prometheus::Gauge>& ready_;
  prometheus::Family<prometheus::Gauge>& escalate_after_;
};

}  // namespace districtd

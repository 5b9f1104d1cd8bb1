#include "daemon/service/service_metrics.h"

#include "base/metric_family.h"

namespace districtd {

using prometheus::BuildGauge;

ServiceMetrics::ServiceMetrics(prometheus::Registry& registry)
    : reload_successful_(BuildGauge()
                             .Name("districtd_config_last_reload_successful")
                             .Help("1 where the last load of the configuration worked, else 0.")
                             .Register(registry)),
      reload_success_time_(
          BuildGauge()
              .Name("districtd_config_last_reload_success_timestamp_seconds")
              .Help("When the configuration was last loaded well, in seconds since the epoch.")
              .Register(registry)),
      ready_(BuildGauge()
                 .Name("districtd_ready")
                 .Help("1 where /-/ready answers that the daemon is ready, else 0.")
                 .Register(registry)),
      escalate_after_(
          BuildGauge()
              .Name("districtd_alerting_escalate_after_seconds")
              .Help("After how long an alert of a department goes to the supervision office.")
              .Register(registry)) {}

void ServiceMetrics::set_reload(bool is_successful) {
  reload_successful_.Add({}).Set(is_successful ? 1 : 0);
  if (!is_successful) return;
  reload_success_time_.Add({}).Set(seconds_since_1970(std::chrono::system_clock::now()));
}

void ServiceMetrics::set_ready(bool is_ready) { ready_.Add({}).Set(is_ready ? 1 : 0); }

void ServiceMetrics::set_escalate_after(std::optional<std::chrono::seconds> time) {
  if (time) {
    escalate_after_.Add({}).Set(static_cast<double>(time->count()));
  } else if (escalate_after_.Has({})) {
    escalate_after_.Remove(&escalate_after_.Add({}));
  }
}

}  // namespace districtd

#include "daemon/exporter/clock_metrics.h"

#include "base/metric_family.h"
#include "base/ports/clock.h"

namespace districtd {

std::vector<prometheus::MetricFamily> clock_metrics() {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> families;
  families.push_back(single_metric("districtd_time_seconds",
                                   "The daemon's clock, in seconds since the epoch.",
                                   MetricType::Gauge, seconds_since_1970(now())));
  if (const auto is_synchronised = is_clock_synchronised()) {
    families.push_back(single_metric("districtd_clock_synchronised",
                                     "1 where the kernel's clock is kept in time by NTP, else 0.",
                                     MetricType::Gauge, *is_synchronised ? 1 : 0));
  }
  return families;
}

}  // namespace districtd

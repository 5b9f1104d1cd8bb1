#include "daemon/log/log_metrics.h"

#include "base/metric_family.h"

namespace districtd {

std::vector<prometheus::MetricFamily> log_metrics(const LogStatistics& log) {
  using prometheus::MetricType;
  return {single_metric("districtd_log_write_failures_total",
                        "Records of the log that could not be written.", MetricType::Counter,
                        static_cast<double>(log.failed_writes)),
          single_metric("districtd_log_failing",
                        "1 where the last record could not be written, else 0.", MetricType::Gauge,
                        log.is_failing ? 1 : 0)};
}

}  // namespace districtd

// What became of the log's records, as metrics.
#pragma once

#include <vector>

#include <prometheus/metric_family.h>

#include "daemon/log/logging.h"

namespace districtd {

// districtd_log_write_failures_total and districtd_log_failing 0|1.
std::vector<prometheus::MetricFamily> log_metrics(const LogStatistics& log);

}  // namespace districtd

// The server's load, as metrics.
#pragma once

#include <vector>

#include <prometheus/metric_family.h>

#include "daemon/http/server.h"

namespace districtd {

// districtd_http_connections{listener}, districtd_http_max_connections{listener},
// districtd_http_displaced_connections_total{listener},
// districtd_http_refused_connections_total{listener}, districtd_http_memory_bytes and
// districtd_http_max_memory_bytes.
std::vector<prometheus::MetricFamily> load_metrics(const HttpLoad& load);

}  // namespace districtd

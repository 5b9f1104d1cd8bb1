// The store's statistics as metrics.
#pragma once

#include <vector>

#include <prometheus/metric_family.h>

#include "daemon/store/store.h"

namespace districtd {

// districtd_store_* and, once rows were ever held, districtd_rows_waiting{department} and
// districtd_rows_waiting_since_timestamp_seconds{department}. The sizes of the file system are left
// out where it does not tell them.
std::vector<prometheus::MetricFamily> store_metrics(const StoreStatistics& store);

}  // namespace districtd

// process_*: what the kernel says of this process, by the names that every Prometheus client uses:
// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
#pragma once

#include <vector>

#include <prometheus/metric_family.h>

namespace districtd {

// CPU time, resident and virtual memory, open and most file descriptors, start time. What the
// kernel does not tell is left out.
std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace districtd

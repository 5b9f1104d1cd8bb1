// The clock by which the daemon knows which day it is, so that Prometheus can see where it is off.
#pragma once

#include <vector>

#include <prometheus/metric_family.h>

namespace districtd {

// districtd_time_seconds, the clock at the moment of the scrape, to be compared with Prometheus'
// own; districtd_clock_synchronised 0|1, whether the kernel is kept in time by NTP or the like
// (adjtimex(2)). The second is left out where the kernel does not tell, as in some containers.
std::vector<prometheus::MetricFamily> clock_metrics();

}  // namespace districtd

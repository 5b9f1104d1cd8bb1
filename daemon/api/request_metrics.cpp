#include "daemon/api/request_metrics.h"

#include <string>

#include "base/metric_family.h"

namespace districtd {

namespace {

// From a cached answer to a large file on a slow disk.
const prometheus::Histogram::BucketBoundaries kBuckets = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

}  // namespace

RequestMetrics::RequestMetrics(prometheus::Registry& registry)
    : requests_(prometheus::BuildHistogram()
                    .Name("districtd_http_request_duration_seconds")
                    .Help("Time from a whole request to its answer, by route and status code.")
                    .Register(registry)) {}

void RequestMetrics::observe(const HttpServed& served) {
  requests_
      .Add({{"handler", std::string(served.pattern)}, {"code", std::to_string(served.status)}},
           kBuckets)
      .Observe(in_seconds(served.took));
}

}  // namespace districtd

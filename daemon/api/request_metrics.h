// How long HTTP requests took, counted.
#pragma once

#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "daemon/http/server.h"

namespace districtd {

// Thread-safe, as prometheus-cpp's families are. The registry outlives it.
class RequestMetrics {
 public:
  explicit RequestMetrics(prometheus::Registry& registry);

  // districtd_http_request_duration_seconds{handler,code}: handler is the pattern of a route, never
  // a path, so that nobody can make series by asking for paths.
  void observe(const HttpServed& served);

 private:
  prometheus::Family<prometheus::Histogram>& requests_;
};

}  // namespace districtd

#include "daemon/service/load_metrics.h"

#include <cstddef>
#include <utility>

#include "base/metric_family.h"

namespace districtd {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily of_listeners(const HttpLoad& load, const char* name, const char* help, MetricType type,
                          std::size_t HttpLoad::OfListener::*value) {
  MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  for (const HttpLoad::OfListener& listener : load.listeners) {
    prometheus::ClientMetric metric;
    metric.label = {{"listener", listener.address}};
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) =
        static_cast<double>(listener.*value);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

}  // namespace

std::vector<MetricFamily> load_metrics(const HttpLoad& load) {
  using OfListener = HttpLoad::OfListener;
  return {
      of_listeners(load, "districtd_http_connections", "Connections that are open.",
                   MetricType::Gauge, &OfListener::connections),
      of_listeners(load, "districtd_http_max_connections",
                   "How many there may be; beyond it some make room for others.", MetricType::Gauge,
                   &OfListener::max_connections),
      of_listeners(load, "districtd_http_displaced_connections_total",
                   "Connections that were closed to make room for others.", MetricType::Counter,
                   &OfListener::displaced),
      of_listeners(load, "districtd_http_refused_connections_total",
                   "Connections that were closed at once: their client had too many already.",
                   MetricType::Counter, &OfListener::refused),
      single_metric("districtd_http_memory_bytes",
                    "What requests and answers hold that are not done: bodies that arrive or wait "
                    "for the store, answers that are not read yet.",
                    MetricType::Gauge, static_cast<double>(load.bytes)),
      single_metric("districtd_http_max_memory_bytes", "How much that may be.", MetricType::Gauge,
                    static_cast<double>(load.max_bytes)),
  };
}

}  // namespace districtd

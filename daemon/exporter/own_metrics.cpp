#include "daemon/exporter/own_metrics.h"

#include <iterator>
#include <utility>

#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

#include "base/metric_family.h"
#include "daemon/exporter/clock_metrics.h"
#include "daemon/exporter/process_metrics.h"

namespace districtd {

using prometheus::MetricFamily;

void register_build_info(prometheus::Registry& registry) {
  prometheus::BuildGauge()
      .Name("districtd_build_info")
      .Help("The version of the running daemon. Always 1.")
      .Register(registry)
      .Add({{"version", DISTRICTD_VERSION}})
      .Set(1);
}

MetricFamily exposition_series(std::size_t series) {
  return single_metric("districtd_exposition_series",
                       "Series of targets and departments in the last exposition.",
                       prometheus::MetricType::Gauge, static_cast<double>(series));
}

std::string own_metrics_text(const prometheus::Registry& registry,
                             std::vector<MetricFamily> at_scrape) {
  auto families = registry.Collect();
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  const auto append = [&](std::vector<MetricFamily> more) {
    families.insert(families.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  };
  append(std::move(at_scrape));
  append(clock_metrics());
  append(process_metrics());
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace districtd

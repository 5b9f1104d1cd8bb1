#include "daemon/service/pull_metrics.h"

#include <string>

#include "base/metric_family.h"
#include "base/ports/clock.h"

namespace districtd {

using prometheus::BuildCounter;
using prometheus::BuildGauge;

PullMetrics::PullMetrics(prometheus::Registry& registry)
    : success_(BuildGauge()
                   .Name("districtd_pull_success")
                   .Help("1 where the last pull of the source worked, else 0.")
                   .Register(registry)),
      duration_(BuildGauge()
                    .Name("districtd_pull_duration_seconds")
                    .Help("How long the last pull of the source took.")
                    .Register(registry)),
      last_success_(BuildGauge()
                        .Name("districtd_pull_last_success_timestamp_seconds")
                        .Help("When a pull of the source last worked, in seconds since the epoch.")
                        .Register(registry)),
      failures_(BuildCounter()
                    .Name("districtd_pull_failures_total")
                    .Help("Pulls of the source that failed, by reason.")
                    .Register(registry)) {}

void PullMetrics::observe(std::string_view name, std::string_view failure_reason,
                          std::chrono::nanoseconds took) {
  const prometheus::Labels labels = {{"name", std::string(name)}};
  const bool is_success = failure_reason.empty();
  success_.Add(labels).Set(is_success ? 1 : 0);
  duration_.Add(labels).Set(in_seconds(took));
  if (is_success) {
    last_success_.Add(labels).Set(seconds_since_1970(now()));
  } else {
    failures_.Add({{"name", std::string(name)}, {"reason", std::string(failure_reason)}})
        .Increment();
  }
}

void PullMetrics::forget(std::string_view name) {
  const std::string source(name);
  const prometheus::Labels labels = {{"name", source}};
  for (auto* family : {&success_, &duration_, &last_success_}) {
    if (family->Has(labels)) family->Remove(&family->Add(labels));
  }
  for (const prometheus::MetricFamily& family : failures_.Collect()) {
    for (const auto& metric : family.metric) {
      prometheus::Labels of_series;
      for (const auto& label : metric.label) of_series.emplace(label.name, label.value);
      if (of_series.at("name") == source) failures_.Remove(&failures_.Add(of_series));
    }
  }
}

}  // namespace districtd

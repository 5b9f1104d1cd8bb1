#include "collectors/pull/pull_metrics.h"

#include <string>

#include "base/metric_family.h"

namespace districtd {

namespace {

using prometheus::Family;
using prometheus::Gauge;

}  // namespace

PullMetrics::PullMetrics(prometheus::Registry& registry)
    : success_(prometheus::BuildGauge()
                   .Name("districtd_pull_success")
                   .Help("1 where the last pull of the source worked, else 0.")
                   .Register(registry)),
      duration_(prometheus::BuildGauge()
                    .Name("districtd_pull_duration_seconds")
                    .Help("How long the last pull of the source took.")
                    .Register(registry)),
      last_success_(prometheus::BuildGauge()
                        .Name("districtd_pull_last_success_timestamp_seconds")
                        .Help("When a pull of the source last worked, in seconds since the epoch.")
                        .Register(registry)),
      failures_(prometheus::BuildCounter()
                    .Name("districtd_pull_failures_total")
                    .Help("Pulls of the source that failed, by reason.")
                    .Register(registry)) {}

void PullMetrics::observe(std::string_view name, std::string_view failure,
                          std::chrono::nanoseconds took) {
  const prometheus::Labels labels = {{"name", std::string(name)}};
  success_.Add(labels).Set(failure.empty() ? 1 : 0);
  duration_.Add(labels).Set(in_seconds(took));
  if (failure.empty()) {
    last_success_.Add(labels).Set(seconds_since_1970(std::chrono::system_clock::now()));
  } else {
    failures_.Add({{"name", std::string(name)}, {"reason", std::string(failure)}}).Increment();
  }
}

void PullMetrics::forget(std::string_view name) {
  const std::string source(name);
  const prometheus::Labels labels = {{"name", source}};
  for (Family<Gauge>* family : {&success_, &duration_, &last_success_}) {
    if (family->Has(labels)) family->Remove(&family->Add(labels));
  }
  for (const prometheus::MetricFamily& family : failures_.Collect()) {
    for (const auto& metric : family.metric) {
      prometheus::Labels of_it;
      for (const auto& label : metric.label) of_it.emplace(label.name, label.value);
      if (of_it.at("name") == source) failures_.Remove(&failures_.Add(of_it));
    }
  }
}

}  // namespace districtd

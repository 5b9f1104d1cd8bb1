// What prometheus-cpp leaves to whoever makes families at a scrape, and what its families count in.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <prometheus/metric_family.h>

namespace districtd {

// Prometheus counts time in seconds: durations, and moments since 1970.
inline double in_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}
template <typename Duration>
double seconds_since_1970(std::chrono::sys_time<Duration> moment) {
  return std::chrono::duration<double>(moment.time_since_epoch()).count();
}

// One family of one series without labels; `type` is Counter or Gauge.
inline prometheus::MetricFamily single_metric(std::string name, std::string help,
                                              prometheus::MetricType type, double value) {
  prometheus::MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  auto& metric = family.metric.emplace_back();
  (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return family;
}

}  // namespace districtd

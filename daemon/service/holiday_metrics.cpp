#include "daemon/service/holiday_metrics.h"

#include <utility>

#include "daemon/config/holiday_needs.h"

namespace districtd {

std::vector<prometheus::MetricFamily> HolidayMetrics::families(
    const Configuration& configuration, const std::shared_ptr<const Catalogue>& catalogue,
    Date today) {
  if (catalogue != catalogue_ || today != today_) {
    missing_ = holidays_missing_now(configuration, *catalogue, today);
    catalogue_ = catalogue;
    today_ = today;
  }
  if (missing_.empty()) return {};
  prometheus::MetricFamily family;
  family.name = "districtd_holidays_missing";
  family.help =
      "How many things depend on the working days of a year for which [catalogue] holidays names "
      "no file: the year at hand, and the coming one from 1 November on. Absent where none does.";
  family.type = prometheus::MetricType::Gauge;
  for (const auto& [year, needs] : missing_) {
    prometheus::ClientMetric metric;
    metric.label = {{"year", std::to_string(year)}};
    metric.gauge.value = static_cast<double>(needs.size());
    family.metric.push_back(std::move(metric));
  }
  return {std::move(family)};
}

}  // namespace districtd

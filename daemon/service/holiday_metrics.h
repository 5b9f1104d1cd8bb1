// Years whose holidays nobody has told, as a metric.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>

#include "daemon/config/configuration.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// The event loop's. What depends on them is reckoned once a day and a catalogue.
class HolidayMetrics {
 public:
  // districtd_holidays_missing{year}: how many things depend on it, see holidays_missing_now(); no
  // family where nothing does. A configuration comes with a catalogue of its own.
  std::vector<prometheus::MetricFamily> families(const Configuration& configuration,
                                                 const std::shared_ptr<const Catalogue>& catalogue,
                                                 Date today);

 private:
  std::shared_ptr<const Catalogue> catalogue_;  // so that no other one has its address
  Date today_{};
  std::map<int, std::vector<std::string>> missing_;
};

}  // namespace districtd

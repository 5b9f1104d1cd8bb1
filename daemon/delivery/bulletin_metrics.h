// Bulletins made and delivered, counted.
#pragma once

#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "base/time.h"

namespace districtd {

// Thread-safe, as prometheus-cpp's families are. The registry outlives it.
class BulletinMetrics {
 public:
  explicit BulletinMetrics(prometheus::Registry& registry);

  // districtd_bulletins_total{kind,result} with result made, unchanged, skipped, failed or
  // format_failed.
  void count_bulletin(std::string_view kind, std::string_view result);
  // districtd_bulletin_deliveries_total{kind,channel,result} with result sent, retried, failed or
  // uncertain.
  void count_delivery(std::string_view kind, std::string_view channel, std::string_view result);
  // districtd_bulletin_last_success_timestamp_seconds{bulletin}.
  void set_bulletin_success(std::string_view bulletin, Time at);
  // districtd_bulletin_failing{bulletin,stage}: 1 while the last one could not be made (stage
  // making) or did not surely arrive everywhere (stage delivery).
  void set_bulletin_failing(std::string_view bulletin, std::string_view stage, bool is_failing);

 private:
  prometheus::Family<prometheus::Counter>& bulletins_;
  prometheus::Family<prometheus::Counter>& deliveries_;
  prometheus::Family<prometheus::Gauge>& last_success_;
  prometheus::Family<prometheus::Gauge>& failing_;
};

}  // namespace districtd

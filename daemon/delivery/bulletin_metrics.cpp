#include "daemon/delivery/bulletin_metrics.h"

#include <string>

#include "base/metric_family.h"

namespace districtd {

using prometheus::BuildCounter;
using prometheus::BuildGauge;

BulletinMetrics::BulletinMetrics(prometheus::Registry& registry)
    : bulletins_(BuildCounter()
                     .Name("districtd_bulletins_total")
                     .Help("Occasions of bulletins, by what became of them.")
                     .Register(registry)),
      deliveries_(BuildCounter()
                      .Name("districtd_bulletin_deliveries_total")
                      .Help("Attempts to deliver a bulletin, by what became of them.")
                      .Register(registry)),
      last_success_(BuildGauge()
                        .Name("districtd_bulletin_last_success_timestamp_seconds")
                        .Help("When the bulletin was last made, in seconds since the epoch.")
                        .Register(registry)),
      failing_(BuildGauge()
                   .Name("districtd_bulletin_failing")
                   .Help("1 while the last bulletin could not be made, or did not surely arrive "
                         "everywhere.")
                   .Register(registry)) {}

void BulletinMetrics::count_bulletin(std::string_view kind, std::string_view result) {
  bulletins_.Add({{"kind", std::string(kind)}, {"result", std::string(result)}}).Increment();
}

void BulletinMetrics::count_delivery(std::string_view kind, std::string_view channel,
                                     std::string_view result) {
  deliveries_
      .Add({{"kind", std::string(kind)},
            {"channel", std::string(channel)},
            {"result", std::string(result)}})
      .Increment();
}

void BulletinMetrics::set_bulletin_success(std::string_view bulletin, Time at) {
  last_success_.Add({{"bulletin", std::string(bulletin)}}).Set(seconds_since_1970(at));
}

void BulletinMetrics::set_bulletin_failing(std::string_view bulletin, std::string_view stage,
                                           bool is_failing) {
  failing_.Add({{"bulletin", std::string(bulletin)}, {"stage", std::string(stage)}})
      .Set(is_failing ? 1 : 0);
}

}  // namespace districtd

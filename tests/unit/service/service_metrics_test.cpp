#include "daemon/service/service_metrics.h"

#include <chrono>
#include <ctime>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/exporter/own_metrics.h"
#include "tests/unit/exporter/text_exposition.h"

namespace districtd {
namespace {

TextExposition read(const prometheus::Registry& registry) {
  auto text = read_text_exposition(own_metrics_text(registry, {}));
  EXPECT_THAT(text.faults, testing::IsEmpty());
  return text;
}

TEST(ServiceMetricsTest, ReadinessAndTheTimeOfEscalationAreShownOnceTheyAreKnown) {
  prometheus::Registry registry;
  ServiceMetrics metrics(registry);
  EXPECT_FALSE(read(registry).families.contains("districtd_ready"));
  metrics.set_ready(true);
  metrics.set_escalate_after(std::chrono::days{7});
  auto text = read(registry);
  EXPECT_EQ(text.value("districtd_ready"), 1);
  EXPECT_EQ(text.value("districtd_alerting_escalate_after_seconds"), 604800);
  metrics.set_ready(false);
  metrics.set_escalate_after(std::nullopt);
  text = read(registry);
  EXPECT_EQ(text.value("districtd_ready"), 0);
  EXPECT_FALSE(text.families.contains("districtd_alerting_escalate_after_seconds"));
}

TEST(ServiceMetricsTest, AFailedReloadKeepsTheTimeOfTheLastGoodOne) {
  prometheus::Registry registry;
  ServiceMetrics metrics(registry);
  metrics.set_reload(true);
  const auto good = read(registry);
  EXPECT_EQ(good.value("districtd_config_last_reload_successful"), 1);
  const double time = good.value("districtd_config_last_reload_success_timestamp_seconds");
  EXPECT_NEAR(time, static_cast<double>(std::time(nullptr)), 60);

  metrics.set_reload(false);
  const auto bad = read(registry);
  EXPECT_EQ(bad.value("districtd_config_last_reload_successful"), 0);
  EXPECT_EQ(bad.value("districtd_config_last_reload_success_timestamp_seconds"), time);
}

}  // namespace
}  // namespace districtd

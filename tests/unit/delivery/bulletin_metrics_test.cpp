#include "daemon/delivery/bulletin_metrics.h"

#include <chrono>

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

TEST(BulletinMetricsTest, BulletinsAndDeliveriesAreCountedByWhatBecameOfThem) {
  prometheus::Registry registry;
  BulletinMetrics metrics(registry);
  metrics.count_bulletin("monthly", "made");
  metrics.count_bulletin("monthly", "made");
  metrics.count_bulletin("daily", "unchanged");
  metrics.count_delivery("monthly", "email", "sent");
  const auto text = read(registry);
  EXPECT_EQ(text.value(R"(districtd_bulletins_total{kind="monthly",result="made"})"), 2);
  EXPECT_EQ(text.value(R"(districtd_bulletins_total{kind="daily",result="unchanged"})"), 1);
  EXPECT_EQ(text.value("districtd_bulletin_deliveries_total"
                       R"({channel="email",kind="monthly",result="sent"})"),
            1);
}

TEST(BulletinMetricsTest, WhatFailsIsShownUntilItWorksAgain) {
  prometheus::Registry registry;
  BulletinMetrics metrics(registry);
  const char* const making = R"(districtd_bulletin_failing{bulletin="m",stage="making"})";
  EXPECT_FALSE(read(registry).families.contains("districtd_bulletin_failing"));
  metrics.set_bulletin_failing("m", "making", true);
  metrics.set_bulletin_failing("m", "delivery", true);
  EXPECT_EQ(read(registry).value(making), 1);
  metrics.set_bulletin_failing("m", "making", false);
  metrics.set_bulletin_success("m", Time(std::chrono::milliseconds(1'782'777'600'500)));
  const auto text = read(registry);
  EXPECT_EQ(text.value(making), 0);
  EXPECT_EQ(text.value(R"(districtd_bulletin_failing{bulletin="m",stage="delivery"})"), 1);
  EXPECT_EQ(text.value(R"(districtd_bulletin_last_success_timestamp_seconds{bulletin="m"})"),
            1'782'777'600.5);
}

}  // namespace
}  // namespace districtd

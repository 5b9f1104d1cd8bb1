#include "daemon/service/pull_metrics.h"

#include <chrono>
#include <ctime>

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

TEST(PullMetricsTest, PullsSaySuccessFailureAndSinceWhen) {
  prometheus::Registry registry;
  PullMetrics metrics(registry);
  metrics.observe("portal", "timeout", std::chrono::milliseconds(1500));
  auto text = read(registry);
  EXPECT_EQ(text.value(R"(districtd_pull_success{name="portal"})"), 0);
  EXPECT_EQ(text.value(R"(districtd_pull_duration_seconds{name="portal"})"), 1.5);
  EXPECT_EQ(text.value(R"(districtd_pull_failures_total{name="portal",reason="timeout"})"), 1);
  EXPECT_FALSE(text.families.contains("districtd_pull_last_success_timestamp_seconds"));

  const auto before = static_cast<double>(std::time(nullptr));
  metrics.observe("portal", "", std::chrono::milliseconds(20));
  text = read(registry);
  EXPECT_EQ(text.value(R"(districtd_pull_success{name="portal"})"), 1);
  EXPECT_GE(text.value(R"(districtd_pull_last_success_timestamp_seconds{name="portal"})"), before);
  EXPECT_EQ(text.value(R"(districtd_pull_failures_total{name="portal",reason="timeout"})"), 1);
}

TEST(PullMetricsTest, ASourceThatIsNoLongerPulledHasNoSeries) {
  prometheus::Registry registry;
  PullMetrics metrics(registry);
  for (const char* const name : {"old", "kept"}) {
    metrics.observe(name, "timeout", std::chrono::milliseconds(1));
    metrics.observe(name, "status", std::chrono::milliseconds(1));
    metrics.observe(name, "", std::chrono::milliseconds(1));
  }
  metrics.forget("old");
  metrics.forget("never-there");
  const auto text = read(registry);
  for (const char* const family :
       {"districtd_pull_success", "districtd_pull_duration_seconds",
        "districtd_pull_last_success_timestamp_seconds", "districtd_pull_failures_total"}) {
    for (const auto& [labels, value] : text.families.at(family).samples) {
      EXPECT_THAT(labels, testing::HasSubstr("kept")) << family;
    }
  }
  EXPECT_EQ(text.families.at("districtd_pull_failures_total").samples.size(), 2U);
}

}  // namespace
}  // namespace districtd

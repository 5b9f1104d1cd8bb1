#include "collectors/pull/pull_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include <prometheus/text_serializer.h>

#include "tests/unit/exporter/text_exposition.h"

namespace districtd {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

TextExposition read(const prometheus::Registry& registry) {
  auto families = registry.Collect();
  std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
  auto text = read_text_exposition(prometheus::TextSerializer().Serialize(families));
  EXPECT_THAT(text.faults, IsEmpty());
  return text;
}

TEST(PullMetricsTest, PullsSaySuccessFailureAndSinceWhen) {
  prometheus::Registry registry;
  PullMetrics pulls(registry);
  pulls.observe("portal", "timeout", milliseconds(1500));
  auto text = read(registry);
  EXPECT_EQ(text.value(R"(districtd_pull_success{name="portal"})"), 0);
  EXPECT_EQ(text.value(R"(districtd_pull_duration_seconds{name="portal"})"), 1.5);
  EXPECT_EQ(text.value(R"(districtd_pull_failures_total{name="portal",reason="timeout"})"), 1);
  EXPECT_FALSE(text.families.contains("districtd_pull_last_success_timestamp_seconds"));

  const auto before = static_cast<double>(std::time(nullptr));
  pulls.observe("portal", "", milliseconds(20));
  text = read(registry);
  EXPECT_EQ(text.value(R"(districtd_pull_success{name="portal"})"), 1);
  EXPECT_GE(text.value(R"(districtd_pull_last_success_timestamp_seconds{name="portal"})"), before);
  EXPECT_EQ(text.value(R"(districtd_pull_failures_total{name="portal",reason="timeout"})"), 1);
}

TEST(PullMetricsTest, ASourceThatIsNoLongerPulledHasNoSeries) {
  prometheus::Registry registry;
  for (const char* const name : {"old", "kept"}) {
    PullMetrics pulls(registry);  // each source has its own; they share the families
    pulls.observe(name, "timeout", milliseconds(1));
    pulls.observe(name, "status", milliseconds(1));
    pulls.observe(name, "", milliseconds(1));
  }
  PullMetrics pulls(registry);
  pulls.forget("old");
  pulls.forget("never-there");
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

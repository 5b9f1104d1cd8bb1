#include "daemon/api/request_metrics.h"

#include <chrono>
#include <string>
#include <string_view>

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

HttpServed served(std::string_view pattern, unsigned status, std::chrono::nanoseconds took) {
  HttpServed served;
  served.pattern = pattern;
  served.status = status;
  served.took = took;
  return served;
}

TEST(RequestMetricsTest, RequestsFallIntoBucketsFromHalfAMillisecondToTenSeconds) {
  prometheus::Registry registry;
  RequestMetrics metrics(registry);
  metrics.observe(served("/api/v1/targets/{id}", 200, std::chrono::microseconds(300)));
  metrics.observe(served("/api/v1/targets/{id}", 200, std::chrono::milliseconds(40)));
  metrics.observe(served("/api/v1/targets/{id}", 404, std::chrono::seconds(20)));
  const auto text = read(registry);
  const std::string name = "districtd_http_request_duration_seconds";
  const std::string ok = R"({code="200",handler="/api/v1/targets/{id}")";
  EXPECT_EQ(text.value(name + "_bucket" + ok + R"(,le="0.0005"})"), 1);
  EXPECT_EQ(text.value(name + "_bucket" + ok + R"(,le="0.05"})"), 2);
  EXPECT_EQ(text.value(name + "_count" + ok + "}"), 2);
  EXPECT_NEAR(text.value(name + "_sum" + ok + "}"), 0.0403, 1e-9);
  const std::string missing = R"({code="404",handler="/api/v1/targets/{id}")";
  EXPECT_EQ(text.value(name + "_bucket" + missing + R"(,le="10"})"), 0);
  EXPECT_EQ(text.value(name + "_count" + missing + "}"), 1);
}

}  // namespace
}  // namespace districtd

#include "daemon/exporter/own_metrics.h"

#include <fcntl.h>
#include <sys/timex.h>
#include <unistd.h>

#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>

#include "tests/unit/exporter/text_exposition.h"

namespace districtd {
namespace {

TextExposition read(const prometheus::Registry& registry) {
  auto text = read_text_exposition(own_metrics_text(registry, {}));
  EXPECT_THAT(text.faults, testing::IsEmpty());
  return text;
}

TEST(OwnMetricsTest, AFreshDaemonSaysWhatItIs) {
  prometheus::Registry registry;
  register_build_info(registry);
  const auto text = read(registry);
  ASSERT_TRUE(text.families.contains("districtd_build_info"));
  const auto& info = text.families.at("districtd_build_info");
  EXPECT_EQ(info.samples.size(), 1u);
  EXPECT_THAT(info.samples.begin()->first, testing::MatchesRegex(R"(\{version="[0-9.]+"\})"));
}

TEST(OwnMetricsTest, TheClockIsReportedAsItIs) {
  const prometheus::Registry registry;
  const auto text = read(registry);
  EXPECT_NEAR(text.value("districtd_time_seconds"), static_cast<double>(std::time(nullptr)), 5);
  timex clock{};
  if (adjtimex(&clock) < 0) {
    EXPECT_FALSE(text.families.contains("districtd_clock_synchronised"));
  } else {
    EXPECT_EQ(text.value("districtd_clock_synchronised"),
              (static_cast<unsigned>(clock.status) & STA_UNSYNC) == 0 ? 1 : 0);
  }
}

TEST(OwnMetricsTest, TheProcessIsReportedAsTheKernelSeesIt) {
  const prometheus::Registry registry;
  const auto before = read(registry);
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(before.value("process_start_time_seconds"), now + 1);
  EXPECT_GT(before.value("process_start_time_seconds"), now - 3600);
  EXPECT_GT(before.value("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(before.value("process_virtual_memory_bytes"),
            before.value("process_resident_memory_bytes"));
  EXPECT_GE(before.value("process_cpu_seconds_total"), 0);
  EXPECT_EQ(before.families.at("process_cpu_seconds_total").type, "counter");
  EXPECT_EQ(before.value("process_max_fds"), static_cast<double>(sysconf(_SC_OPEN_MAX)));

  const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  EXPECT_EQ(read(registry).value("process_open_fds"), before.value("process_open_fds") + 1);
  close(descriptor);
}

TEST(OwnMetricsTest, AFamilyWithoutSeriesIsLeftOut) {
  prometheus::Registry registry;
  auto& family = prometheus::BuildCounter().Name("made_total").Help("Made.").Register(registry);
  EXPECT_FALSE(read(registry).families.contains("made_total"));
  family.Add({}).Increment(3);
  EXPECT_EQ(read(registry).value("made_total"), 3);
}

TEST(OwnMetricsTest, WhatIsMadeForTheScrapeStandsBesideWhatIsCounted) {
  prometheus::Registry registry;
  register_build_info(registry);
  const auto text = read_text_exposition(own_metrics_text(registry, {exposition_series(1900)}));
  EXPECT_THAT(text.faults, testing::IsEmpty());
  EXPECT_EQ(text.value("districtd_exposition_series"), 1900);
  EXPECT_TRUE(text.families.contains("districtd_build_info"));
}

}  // namespace
}  // namespace districtd

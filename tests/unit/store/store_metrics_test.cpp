#include "daemon/store/store_metrics.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include "tests/unit/exporter/text_exposition.h"

namespace districtd {
namespace {

std::string text_of(const StoreStatistics& store) {
  return prometheus::TextSerializer().Serialize(store_metrics(store));
}

TextExposition read(const StoreStatistics& store) {
  auto text = read_text_exposition(text_of(store));
  EXPECT_THAT(text.faults, testing::IsEmpty());
  return text;
}

TEST(StoreMetricsTest, TheStatisticsAreReported) {
  StoreStatistics store;
  store.commits = 7;
  store.failed_commits = 2;
  store.submissions = 9;
  store.observations = 123;
  store.commit_seconds = 0.25;
  store.bytes = 4096;
  store.available_bytes = 1 << 20;
  store.filesystem_bytes = 4 << 20;
  store.queued = 5;
  store.failing = true;
  const auto text = read(store);
  EXPECT_EQ(text.value("districtd_store_commits_total"), 7);
  EXPECT_EQ(text.value("districtd_store_commit_failures_total"), 2);
  EXPECT_EQ(text.value("districtd_store_submissions_total"), 9);
  EXPECT_EQ(text.value("districtd_store_observations_total"), 123);
  EXPECT_EQ(text.value("districtd_store_commit_seconds_total"), 0.25);
  EXPECT_EQ(text.value("districtd_store_bytes"), 4096);
  EXPECT_EQ(text.value("districtd_store_available_bytes"), 1 << 20);
  EXPECT_EQ(text.value("districtd_store_filesystem_bytes"), 4 << 20);
  EXPECT_EQ(text.value("districtd_store_queue_length"), 5);
  EXPECT_EQ(text.value("districtd_store_failing"), 1);
}

TEST(StoreMetricsTest, RowsThatWaitAreReportedByDepartment) {
  StoreStatistics store;
  store.waiting = {{"a", 3, Time(std::chrono::milliseconds(1'782'777'600'500))},
                   {"b", 0, std::nullopt}};
  const auto text = read(store);
  EXPECT_EQ(text.value(R"(districtd_rows_waiting{department="a"})"), 3);
  EXPECT_EQ(text.value(R"(districtd_rows_waiting{department="b"})"), 0);
  const std::string since = "districtd_rows_waiting_since_timestamp_seconds";
  EXPECT_EQ(text.value(since + R"({department="a"})"), 1'782'777'600.5);
  EXPECT_EQ(text_of(store).find(since + R"({department="b"})"), std::string::npos);
  EXPECT_EQ(text_of({}).find("districtd_rows_waiting"), std::string::npos);
}

}  // namespace
}  // namespace districtd

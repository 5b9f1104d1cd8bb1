#include "daemon/exporter/daemon_metrics.h"

#include <fcntl.h>
#include <sys/timex.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/exporter/text_exposition.h"

namespace districtd {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

TextExposition read(const DaemonMetrics& metrics, const StoreStatistics& store = {},
                    std::size_t series = 0) {
  auto text = read_text_exposition(metrics.serialise(store, series));
  EXPECT_THAT(text.faults, IsEmpty());
  return text;
}

SubmissionResult result_of(Outcome outcome) {
  SubmissionResult result;
  result.outcome = outcome;
  return result;
}

TEST(DaemonMetricsTest, AFreshDaemonSaysWhatItIs) {
  const auto text = read(DaemonMetrics());
  ASSERT_TRUE(text.families.contains("districtd_build_info"));
  const auto& info = text.families.at("districtd_build_info");
  EXPECT_EQ(info.samples.size(), 1u);
  EXPECT_THAT(info.samples.begin()->first, testing::MatchesRegex(R"(\{version="[0-9.]+"\})"));
  EXPECT_FALSE(text.families.contains("districtd_submissions_total"));
  EXPECT_FALSE(text.families.contains("districtd_config_last_reload_successful"));
}

TEST(DaemonMetricsTest, SubmissionsAndRowsAreCountedByWhatBecameOfThem) {
  DaemonMetrics metrics;
  Submission submission;
  submission.collector = "http_push";
  submission.department = "culture-tourism";
  SubmissionResult result = result_of(Outcome::taken);
  result.receipt.accepted = 3;
  result.receipt.corrected = 2;
  result.receipt.unchanged = 1;
  result.receipt.rejected = 4;
  metrics.count(submission, result);
  metrics.count(submission, result);
  metrics.count("csv_drop", "culture-tourism", result_of(Outcome::unreadable));

  const auto text = read(metrics);
  const auto value = [&](const std::string& family, const std::string& collector,
                         const std::string& result_word) {
    return text.value(family + "{collector=\"" + collector +
                      "\",department=\"culture-tourism\",result=\"" + result_word + "\"}");
  };
  EXPECT_EQ(value("districtd_submissions_total", "http_push", "taken"), 2);
  EXPECT_EQ(value("districtd_submissions_total", "csv_drop", "unreadable"), 1);
  EXPECT_EQ(value("districtd_rows_total", "http_push", "accepted"), 6);
  EXPECT_EQ(value("districtd_rows_total", "http_push", "corrected"), 4);
  EXPECT_EQ(value("districtd_rows_total", "http_push", "unchanged"), 2);
  EXPECT_EQ(value("districtd_rows_total", "http_push", "rejected"), 8);
  EXPECT_EQ(text.families.at("districtd_rows_total").type, "counter");
}

TEST(DaemonMetricsTest, RefusalsAreCountedByDepartmentAndReason) {
  DaemonMetrics metrics;
  SubmissionResult result = result_of(Outcome::taken);
  result.receipt.errors = {{2, "target", "x", "unknown_target", ""},
                           {3, "value", "y", "not_a_number", ""},
                           {4, "value", "z", "not_a_number", ""}};
  metrics.count("http_push", "a", result);
  metrics.count("csv_drop", "a", result_of(Outcome::taken));
  const auto text = read(metrics);
  const auto& refusals = text.families.at("districtd_refusals_total");
  EXPECT_EQ(refusals.type, "counter");
  EXPECT_EQ(refusals.samples.size(), 2u);
  EXPECT_EQ(text.value(R"(districtd_refusals_total{department="a",reason="unknown_target"})"), 1);
  EXPECT_EQ(text.value(R"(districtd_refusals_total{department="a",reason="not_a_number"})"), 2);
}

TEST(DaemonMetricsTest, WhatWasNotKeptCountsNoRows) {
  DaemonMetrics metrics;
  metrics.count("http_push", "a", result_of(Outcome::unavailable));
  metrics.count("http_push", "a", result_of(Outcome::refused));
  const auto text = read(metrics);
  const std::string before = R"(districtd_submissions_total{collector="http_push",department="a",)";
  EXPECT_EQ(text.value(before + R"(result="unavailable"})"), 1);
  EXPECT_EQ(text.value(before + R"(result="refused"})"), 1);
}

TEST(DaemonMetricsTest, ARepeatAndAConflictCountAsSuchAndNoRowsOfTheirs) {
  DaemonMetrics metrics;
  SubmissionResult repeat = result_of(Outcome::taken);
  repeat.is_repeat = true;
  repeat.receipt.accepted = 3;
  repeat.receipt.errors = {{2, "target", "x", "unknown_target", ""}};
  repeat.receipt.flags = {{2, "value", "1", "decrease", ""}};
  metrics.count("http_push", "a", repeat);
  SubmissionResult conflict = result_of(Outcome::conflict);
  conflict.is_repeat = true;
  metrics.count("http_push", "a", conflict);
  const auto text = read(metrics);
  const auto& submissions = text.families.at("districtd_submissions_total").samples;
  EXPECT_EQ(submissions.size(), 2u);
  const std::string before = R"(districtd_submissions_total{collector="http_push",department="a",)";
  EXPECT_EQ(text.value(before + R"(result="repeated"})"), 1);
  EXPECT_EQ(text.value(before + R"(result="conflict"})"), 1);
  for (const char* family :
       {"districtd_rows_total", "districtd_refusals_total", "districtd_rows_flagged_total"}) {
    EXPECT_FALSE(text.families.contains(family)) << family;
  }
}

TEST(DaemonMetricsTest, RequestsFallIntoBucketsFromHalfAMillisecondToTenSeconds) {
  DaemonMetrics metrics;
  metrics.observe_request("/api/v1/targets/{id}", 200, std::chrono::microseconds(300));
  metrics.observe_request("/api/v1/targets/{id}", 200, milliseconds(40));
  metrics.observe_request("/api/v1/targets/{id}", 404, std::chrono::seconds(20));
  const auto text = read(metrics);
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

TEST(DaemonMetricsTest, ReadinessAndTheTimeOfEscalationAreShownOnceTheyAreKnown) {
  DaemonMetrics metrics;
  EXPECT_FALSE(read(metrics).families.contains("districtd_ready"));
  metrics.set_ready(true);
  metrics.set_escalate_after(std::chrono::days{7});
  auto text = read(metrics);
  EXPECT_EQ(text.value("districtd_ready"), 1);
  EXPECT_EQ(text.value("districtd_alerting_escalate_after_seconds"), 604800);
  metrics.set_ready(false);
  metrics.set_escalate_after(std::nullopt);
  text = read(metrics);
  EXPECT_EQ(text.value("districtd_ready"), 0);
  EXPECT_FALSE(text.families.contains("districtd_alerting_escalate_after_seconds"));
}

TEST(DaemonMetricsTest, TheClockIsReportedAsItIs) {
  const auto text = read(DaemonMetrics());
  EXPECT_NEAR(text.value("districtd_time_seconds"), static_cast<double>(std::time(nullptr)), 5);
  timex clock{};
  if (adjtimex(&clock) < 0) {
    EXPECT_FALSE(text.families.contains("districtd_clock_synchronised"));
  } else {
    EXPECT_EQ(text.value("districtd_clock_synchronised"),
              (static_cast<unsigned>(clock.status) & STA_UNSYNC) == 0 ? 1 : 0);
  }
}

TEST(DaemonMetricsTest, AFailedReloadKeepsTheTimeOfTheLastGoodOne) {
  DaemonMetrics metrics;
  metrics.set_reload(true);
  const auto good = read(metrics);
  EXPECT_EQ(good.value("districtd_config_last_reload_successful"), 1);
  const double time = good.value("districtd_config_last_reload_success_timestamp_seconds");
  EXPECT_NEAR(time, static_cast<double>(std::time(nullptr)), 60);

  metrics.set_reload(false);
  const auto bad = read(metrics);
  EXPECT_EQ(bad.value("districtd_config_last_reload_successful"), 0);
  EXPECT_EQ(bad.value("districtd_config_last_reload_success_timestamp_seconds"), time);
}

TEST(DaemonMetricsTest, TheStoreAndTheExpositionAreReported) {
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
  const auto text = read(DaemonMetrics(), store, 1900);
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
  EXPECT_EQ(text.value("districtd_exposition_series"), 1900);
}

TEST(DaemonMetricsTest, RowsThatWaitAreReportedByDepartment) {
  StoreStatistics store;
  store.waiting = {{"a", 3, Time(milliseconds(1'782'777'600'500))}, {"b", 0, std::nullopt}};
  const auto text = read(DaemonMetrics(), store);
  EXPECT_EQ(text.value(R"(districtd_rows_waiting{department="a"})"), 3);
  EXPECT_EQ(text.value(R"(districtd_rows_waiting{department="b"})"), 0);
  const std::string since = "districtd_rows_waiting_since_timestamp_seconds";
  EXPECT_EQ(text.value(since + R"({department="a"})"), 1'782'777'600.5);
  EXPECT_EQ(DaemonMetrics().serialise(store, 0).find(since + R"({department="b"})"),
            std::string::npos);
  EXPECT_EQ(DaemonMetrics().serialise({}, 0).find("districtd_rows_waiting"), std::string::npos);
}

TEST(DaemonMetricsTest, TheProcessIsReportedAsTheKernelSeesIt) {
  const DaemonMetrics metrics;
  const auto before = read(metrics);
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
  EXPECT_EQ(read(metrics).value("process_open_fds"), before.value("process_open_fds") + 1);
  close(descriptor);
}

TEST(DaemonMetricsTest, ThreadsMayCountWhileAnotherSerialises) {
  DaemonMetrics metrics;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i) {
        metrics.count("http_push", "a", result_of(Outcome::taken));
        metrics.observe_request("/metrics", 200, milliseconds(1));
      }
    });
  }
  for (int i = 0; i < 10; ++i) read(metrics);
  threads.clear();
  EXPECT_EQ(
      read(metrics).value(
          R"(districtd_submissions_total{collector="http_push",department="a",result="taken"})"),
      1000);
}

}  // namespace
}  // namespace districtd

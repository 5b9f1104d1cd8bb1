#include "daemon/pipeline/submission_metrics.h"

#include <thread>
#include <vector>

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

SubmissionResult result_of(Outcome outcome) {
  SubmissionResult result;
  result.outcome = outcome;
  return result;
}

TEST(SubmissionMetricsTest, SubmissionsAndRowsAreCountedByWhatBecameOfThem) {
  prometheus::Registry registry;
  SubmissionMetrics metrics(registry);
  SubmissionResult result = result_of(Outcome::taken);
  result.receipt.accepted = 3;
  result.receipt.corrected = 2;
  result.receipt.unchanged = 1;
  result.receipt.rejected = 4;
  metrics.count("http_push", "culture-tourism", result);
  metrics.count("http_push", "culture-tourism", result);
  metrics.count("csv_drop", "culture-tourism", result_of(Outcome::unreadable));

  const auto text = read(registry);
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

TEST(SubmissionMetricsTest, RefusalsAreCountedByDepartmentAndReason) {
  prometheus::Registry registry;
  SubmissionMetrics metrics(registry);
  SubmissionResult result = result_of(Outcome::taken);
  result.receipt.errors = {{2, "target", "x", "unknown_target", ""},
                           {3, "value", "y", "not_a_number", ""},
                           {4, "value", "z", "not_a_number", ""}};
  metrics.count("http_push", "a", result);
  metrics.count("csv_drop", "a", result_of(Outcome::taken));
  const auto text = read(registry);
  const auto& refusals = text.families.at("districtd_refusals_total");
  EXPECT_EQ(refusals.type, "counter");
  EXPECT_EQ(refusals.samples.size(), 2u);
  EXPECT_EQ(text.value(R"(districtd_refusals_total{department="a",reason="unknown_target"})"), 1);
  EXPECT_EQ(text.value(R"(districtd_refusals_total{department="a",reason="not_a_number"})"), 2);
}

TEST(SubmissionMetricsTest, WhatWasNotKeptCountsNoRows) {
  prometheus::Registry registry;
  SubmissionMetrics metrics(registry);
  metrics.count("http_push", "a", result_of(Outcome::unavailable));
  metrics.count("http_push", "a", result_of(Outcome::refused));
  const auto text = read(registry);
  const std::string before = R"(districtd_submissions_total{collector="http_push",department="a",)";
  EXPECT_EQ(text.value(before + R"(result="unavailable"})"), 1);
  EXPECT_EQ(text.value(before + R"(result="refused"})"), 1);
}

TEST(SubmissionMetricsTest, ARepeatAndAConflictCountAsSuchAndNoRowsOfTheirs) {
  prometheus::Registry registry;
  SubmissionMetrics metrics(registry);
  SubmissionResult repeat = result_of(Outcome::taken);
  repeat.is_repeat = true;
  repeat.receipt.accepted = 3;
  repeat.receipt.errors = {{2, "target", "x", "unknown_target", ""}};
  repeat.receipt.flags = {{2, "value", "1", "decrease", ""}};
  metrics.count("http_push", "a", repeat);
  SubmissionResult conflict = result_of(Outcome::conflict);
  conflict.is_repeat = true;
  metrics.count("http_push", "a", conflict);
  const auto text = read(registry);
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

TEST(SubmissionMetricsTest, ThreadsMayCountWhileAnotherSerialises) {
  prometheus::Registry registry;
  SubmissionMetrics metrics(registry);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i) {
        metrics.count("http_push", "a", result_of(Outcome::taken));
        metrics.count("csv_drop", "b", result_of(Outcome::refused));
      }
    });
  }
  for (int i = 0; i < 10; ++i) read(registry);
  threads.clear();
  EXPECT_EQ(
      read(registry).value(
          R"(districtd_submissions_total{collector="http_push",department="a",result="taken"})"),
      1000);
}

}  // namespace
}  // namespace districtd

#include "daemon/service/thread_watch.h"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/log/log_file.h"

namespace districtd {
namespace {

using std::chrono_literals::operator""s;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

WatchedThread store_writer(std::chrono::seconds busy_for, std::size_t number = 7) {
  return {number, "store_writer", busy_for == 0s ? nullptr : "commits submissions", busy_for, 10s};
}

double value_of(const std::vector<prometheus::MetricFamily>& families, const std::string& name,
                const std::string& thread) {
  for (const auto& family : families) {
    for (const auto& metric : family.metric) {
      if (family.name == name && metric.label.at(0).value == thread) return metric.gauge.value;
    }
  }
  return -1;
}

class ThreadWatchTest : public testing::Test {
 protected:
  void look(std::vector<WatchedThread> threads) { watch_.look(threads, at_ += 1s); }

  ThreadWatch watch_;
  SteadyTime at_ = steady_now();
};

TEST(StuckThreadsTest, AreTheReasonsWhyItIsNotReady) {
  EXPECT_THAT(stuck_threads({store_writer(0s), store_writer(10s)}), IsEmpty());
  EXPECT_THAT(
      stuck_threads({store_writer(12s)}),
      ElementsAre("The thread store_writer has been stuck for 12 s: it commits submissions."));
}

TEST_F(ThreadWatchTest, TheMetricsNameTheLongestOfEachNameAndTheEventLoop) {
  const auto families = watch_.metrics({store_writer(3s, 1), store_writer(12s, 2)});
  EXPECT_EQ(value_of(families, "districtd_thread_busy_seconds", "store_writer"), 12);
  EXPECT_EQ(value_of(families, "districtd_thread_stuck", "store_writer"), 1);
  EXPECT_EQ(value_of(families, "districtd_thread_busy_seconds", "event_loop"), 0);
  EXPECT_EQ(value_of(families, "districtd_thread_stuck", "event_loop"), 0);
}

TEST_F(ThreadWatchTest, AStuckThreadIsLoggedOnceAndOnceMoreWhenItMovesAgain) {
  const LogFile log;
  look({store_writer(9s)});
  look({store_writer(11s)});
  look({store_writer(12s)});
  look({store_writer(0s)});
  look({});
  std::vector<std::string> events;
  for (const auto& record : log.records()) {
    EXPECT_EQ(record.at("thread").as_string(), "store_writer");
    events.emplace_back(record.at("event").as_string());
  }
  EXPECT_THAT(events, ElementsAre("thread_stuck", "thread_moves_again"));
  EXPECT_THAT(log.lines().front(), HasSubstr("11 s: it commits submissions"));
}

TEST_F(ThreadWatchTest, ALoopThatComesLateSaysByHowMuch) {
  look({});
  at_ += 5s;
  look({});
  EXPECT_EQ(value_of(watch_.metrics({}), "districtd_thread_busy_seconds", "event_loop"), 5);
  look({});
  EXPECT_EQ(value_of(watch_.metrics({}), "districtd_thread_busy_seconds", "event_loop"), 0);
}

}  // namespace
}  // namespace districtd

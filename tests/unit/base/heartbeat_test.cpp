#include "base/heartbeat.h"

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

namespace districtd {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

std::optional<WatchedThread> watched(std::string_view name, SteadyTime at = steady_now()) {
  for (WatchedThread& thread : watched_threads(at)) {
    if (thread.name == name) return std::move(thread);
  }
  return std::nullopt;
}

TEST(HeartbeatTest, SaysWhatAThreadIsDoingAndSinceWhen) {
  std::promise<void> is_busy;
  std::promise<void> may_end;
  std::thread thread([&] {
    watch_this_thread("writer", 10s);
    const Busy busy("commits");
    is_busy.set_value();
    may_end.get_future().wait();
  });
  is_busy.get_future().wait();
  const auto now = steady_now();
  const auto soon = watched("writer", now + 9s);
  const auto late = watched("writer", now + 11s);
  may_end.set_value();
  thread.join();
  ASSERT_TRUE(soon && late);
  EXPECT_EQ(std::string_view(soon->doing), "commits");
  EXPECT_GE(soon->busy_for, 9s);
  EXPECT_FALSE(soon->is_stuck());
  EXPECT_TRUE(late->is_stuck());
}

TEST(HeartbeatTest, AThreadThatWaitsForWorkIsNeverStuckAndOneThatHasEndedIsNotThere) {
  std::promise<void> is_idle;
  std::promise<void> may_end;
  std::thread thread([&] {
    watch_this_thread("idler", 1ms);
    { const Busy busy("works"); }
    is_idle.set_value();
    may_end.get_future().wait();
  });
  is_idle.get_future().wait();
  const auto idle = watched("idler", steady_now() + std::chrono::hours(1));
  may_end.set_value();
  thread.join();
  ASSERT_TRUE(idle);
  EXPECT_EQ(idle->doing, nullptr);
  EXPECT_EQ(idle->busy_for, 0ms);
  EXPECT_FALSE(idle->is_stuck());
  EXPECT_FALSE(watched("idler"));
}

TEST(HeartbeatTest, APieceWithinAPieceCountsByItselfAndTheOuterOneBeginsAnew) {
  std::thread thread([] {
    watch_this_thread("nested", 10s);
    const Busy outer("makes bulletins");
    const auto before = watched("nested")->number;
    {
      const Busy inner("converts");
      EXPECT_EQ(std::string_view(watched("nested")->doing), "converts");
    }
    const auto ended = steady_now();
    EXPECT_EQ(std::string_view(watched("nested")->doing), "makes bulletins");
    EXPECT_LE(watched("nested", ended)->busy_for, 1s);
    watch_this_thread("nested", 10s);
    EXPECT_EQ(watched("nested")->number, before) << "watched already";
  });
  thread.join();
}

TEST(HeartbeatTest, WorkOnAThreadThatIsNotWatchedIsNobodysConcern) {
  const std::size_t before = watched_threads().size();
  const Busy busy("is only a test");
  EXPECT_EQ(watched_threads().size(), before);
}

}  // namespace
}  // namespace districtd

#include "daemon/service/repeated_task.h"

#include <chrono>

#include <gtest/gtest.h>

namespace districtd {
namespace {

using std::chrono_literals::operator""us;
using std::chrono_literals::operator""h;

TEST(RepeatedTaskTest, ItIsDoneAtOnceAndAgainUntilItIsStopped) {
  boost::asio::io_context io;
  int times = 0;
  RepeatedTask* itself = nullptr;
  RepeatedTask task(io, [&] {
    if (++times == 3) itself->stop();
  });
  itself = &task;
  task.start(100us);
  EXPECT_EQ(times, 1);
  io.run();  // ends because nothing is waited for any more
  EXPECT_EQ(times, 3);
}

TEST(RepeatedTaskTest, StoppedItKeepsNoLoopFromEnding) {
  boost::asio::io_context io;
  int times = 0;
  RepeatedTask task(io, [&] { ++times; });
  task.start(1h);
  task.stop();
  io.run();
  EXPECT_EQ(times, 1);
}

TEST(RepeatedTaskTest, StoppedAfterTheTimeHasComeItIsNotDoneAnyMore) {
  boost::asio::io_context io;
  int times = 0;
  RepeatedTask task(io, [&] { ++times; });
  boost::asio::steady_timer other(io);
  task.start(0us);  // its time has come, and its handler is due
  other.expires_after(0us);
  other.async_wait([&](boost::system::error_code) { task.stop(); });
  io.run();
  const int at_the_stop = times;
  io.restart();
  io.run();
  EXPECT_EQ(times, at_the_stop);
}

}  // namespace
}  // namespace districtd

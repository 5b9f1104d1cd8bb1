#include "collectors/inbox/blocking_thread.h"

#include <gtest/gtest.h>

#include <future>
#include <boost/asio/io_context.hpp>

#include "tests/unit/collectors/recording_sink.h"

namespace districtd {
namespace {

TEST(BlockingThreadTest, WorksOneAfterTheOtherAndComesBackToTheLoop) {
  boost::asio::io_context io;
  const auto door = std::make_shared<LoopDoor>(io);
  std::vector<int> done;
  BlockingThread thread;
  for (int i = 0; i < 3; ++i) {
    thread.run([door, &done, i] { door->post([&done, i] { done.push_back(i); }); });
  }
  ASSERT_TRUE(run_until(io, [&] { return done.size() == 3; }));
  EXPECT_EQ(done, (std::vector<int>{0, 1, 2}));
}

// A file system that hangs: neither the thread nor the event loop may be waited for.
TEST(BlockingThreadTest, NobodyWaitsForWorkThatDoesNotReturn) {
  std::promise<void> begun;
  std::promise<void> answer;
  std::promise<void> ended;
  bool came_back = false;
  {
    boost::asio::io_context io;
    const auto door = std::make_shared<LoopDoor>(io);
    {
      BlockingThread thread;
      thread.run([&, door] {
        begun.set_value();
        answer.get_future().wait();
        door->post([&] { came_back = true; });
        ended.set_value();
      });
      thread.run([&] { came_back = true; });
      begun.get_future().wait();
    }  // returns while the work is under way
    door->close();
    io.run();
  }
  answer.set_value();  // long after the loop is gone
  ended.get_future().wait();
  EXPECT_FALSE(came_back);
}

}  // namespace
}  // namespace districtd

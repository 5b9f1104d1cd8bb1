#include "daemon/service/shutdown.h"

#include <chrono>
#include <functional>
#include <utility>
#include <boost/asio/executor_work_guard.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/service_folder.h"

namespace districtd {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;
using testing::HasSubstr;
using testing::Not;

// A loop that does not end by itself, as the daemon's.
class ShutdownTest : public ServiceFolder {
 protected:
  Shutdown made(std::chrono::milliseconds longest) {
    return {io_, [this](std::function<void()> done) { drained_ = std::move(done); },
            [this] {
              ++asked_;
              return in_flight_ > 0 ? in_flight_-- : 0;
            },
            longest};
  }

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_open_{
      io_.get_executor()};
  std::function<void()> drained_;
  std::size_t in_flight_ = 0;
  int asked_ = 0;
};

TEST_F(ShutdownTest, TheLoopEndsOnceTheRequestsAreAnswered) {
  Shutdown shutdown = made(1h);
  EXPECT_FALSE(shutdown.has_begun());
  shutdown.begin();
  EXPECT_TRUE(shutdown.has_begun());
  io_.poll();
  ASSERT_FALSE(io_.stopped());
  drained_();
  EXPECT_TRUE(io_.stopped());
  EXPECT_THAT(log(), Not(HasSubstr("stop_cut_short")));
}

TEST_F(ShutdownTest, SubmissionsInFlightAreWaitedFor) {
  in_flight_ = 3;
  Shutdown shutdown = made(1h);
  shutdown.begin();
  drained_();
  EXPECT_FALSE(io_.stopped());
  io_.run();
  EXPECT_EQ(in_flight_, 0U);
  EXPECT_EQ(asked_, 4);
  EXPECT_THAT(log(), Not(HasSubstr("stop_cut_short")));
}

TEST_F(ShutdownTest, WhatTakesTooLongIsNotWaitedFor) {
  in_flight_ = 2;
  Shutdown shutdown = made(200ms);
  shutdown.begin();  // and nobody says that the requests are answered
  const auto began = std::chrono::steady_clock::now();
  io_.run();
  EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
  EXPECT_THAT(log(), HasSubstr("\"event\":\"stop_cut_short\""));
  EXPECT_THAT(log(), HasSubstr("still open after 0.2 s"));
  EXPECT_THAT(log(), HasSubstr("\"in_flight\":2"));
}

}  // namespace
}  // namespace districtd

#include "daemon/service/signals.h"

#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace districtd {
namespace {

using testing::ElementsAre;

class SignalsTest : public testing::Test {
 protected:
  ~SignalsTest() override {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, SIG_DFL);
  }

  void raise_and_wait(int signal) {
    const std::size_t before = heard_.size();
    std::raise(signal);
    while (heard_.size() == before) io_.run_one();
  }

  boost::asio::io_context io_;
  std::vector<std::string> heard_;
  Signals signals_{io_, [this] { heard_.emplace_back("reload"); },
                   [this](std::string_view signal) { heard_.emplace_back(signal); }};
};

TEST_F(SignalsTest, EachIsHandedOutEachTimeThatItComes) {
  signals_.start();
  raise_and_wait(SIGHUP);
  raise_and_wait(SIGHUP);
  raise_and_wait(SIGTERM);
  raise_and_wait(SIGINT);
  EXPECT_THAT(heard_, ElementsAre("reload", "reload", "SIGTERM", "SIGINT"));
}

TEST_F(SignalsTest, OneThatComesBeforeTheStartIsNotLost) {
  std::raise(SIGHUP);
  signals_.start();
  while (heard_.empty()) io_.run_one();
  EXPECT_THAT(heard_, ElementsAre("reload"));
}

TEST_F(SignalsTest, IgnoredTheyDoNotEndTheProcess) {
  signals_.start();
  signals_.ignore();
  std::raise(SIGTERM);
  std::raise(SIGINT);
  std::raise(SIGHUP);
  io_.poll();
  EXPECT_TRUE(heard_.empty());
}

}  // namespace
}  // namespace districtd

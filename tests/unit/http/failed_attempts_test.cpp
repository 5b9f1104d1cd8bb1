#include "daemon/http/failed_attempts.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

using boost::asio::ip::make_address;
using std::chrono_literals::operator""s;

class FailedAttemptsTest : public testing::Test {
 protected:
  void fail(const std::string& address, int times) {
    for (int i = 0; i < times; ++i) failed_.count_failure(make_address(address), now_);
  }
  long wait(const std::string& address) const {
    const auto wait = failed_.wait(make_address(address), now_);
    return wait ? wait->count() : 0;
  }

  FailedAttempts failed_;
  FailedAttempts::Clock::time_point now_{1000s};
};

TEST_F(FailedAttemptsTest, OneComesBackEveryPause) {
  fail("10.1.2.3", FailedAttempts::kAtOnce - 1);
  EXPECT_EQ(wait("10.1.2.3"), 0);
  fail("10.1.2.3", 1);
  EXPECT_EQ(wait("10.1.2.3"), 3);
  now_ += 2s;
  EXPECT_EQ(wait("10.1.2.3"), 1);
  now_ += 1s;
  EXPECT_EQ(wait("10.1.2.3"), 0);
  fail("10.1.2.3", 1);
  EXPECT_EQ(wait("10.1.2.3"), 3) << "the one that came back is used up";
}

TEST_F(FailedAttemptsTest, NobodyWaitsLongerForHavingFailedMore) {
  fail("10.1.2.3", 1000);
  EXPECT_EQ(wait("10.1.2.3"), 3);
}

TEST_F(FailedAttemptsTest, AddressesAreCountedByThemselvesAndOfIpv6ByTheirFirstHalf) {
  fail("10.1.2.3", FailedAttempts::kAtOnce);
  EXPECT_EQ(wait("10.1.2.4"), 0);
  EXPECT_EQ(wait("::ffff:10.1.2.3"), 3);
  fail("2001:db8:1:2::1", FailedAttempts::kAtOnce);
  EXPECT_EQ(wait("2001:db8:1:2:ffff::9"), 3);
  EXPECT_EQ(wait("2001:db8:1:3::1"), 0);
}

TEST_F(FailedAttemptsTest, TheTableIsBoundedAndTheOldestGoesFirst) {
  fail("10.1.2.3", FailedAttempts::kAtOnce);
  for (unsigned i = 0; i < FailedAttempts::kMostAddresses - 1; ++i) {
    failed_.count_failure(boost::asio::ip::address_v4(0x0B000000U + i), now_);
  }
  EXPECT_EQ(failed_.addresses(), FailedAttempts::kMostAddresses);
  EXPECT_EQ(wait("10.1.2.3"), 3);
  fail("10.9.9.9", 1);
  EXPECT_EQ(failed_.addresses(), FailedAttempts::kMostAddresses);
  EXPECT_EQ(wait("10.1.2.3"), 0);
}

TEST_F(FailedAttemptsTest, WhatWasGoodIsGoodWhereItWas) {
  const auto here = make_address("10.1.2.3");
  EXPECT_FALSE(failed_.is_good_here("a", here));
  failed_.remember_good("a", here);
  EXPECT_TRUE(failed_.is_good_here("a", here));
  EXPECT_FALSE(failed_.is_good_here("b", here));
  EXPECT_FALSE(failed_.is_good_here("a", make_address("10.1.2.4")));
  for (unsigned i = 0; i < 8; ++i) {
    failed_.remember_good("a", boost::asio::ip::address_v4(0x0B000000U + i));
  }
  EXPECT_FALSE(failed_.is_good_here("a", here)) << "the last eight places are kept";
}

}  // namespace
}  // namespace districtd

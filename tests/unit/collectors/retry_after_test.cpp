// RFC 9110, 10.2.3.
#include "collectors/pull/retry_after.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

using namespace std::chrono_literals;

const Time kNow = std::chrono::sys_days{2026y / 7 / 8} + 9h;

TEST(RetryAfterTest, SaysSecondsOrADate) {
  EXPECT_EQ(retry_after("120", kNow), 120s);
  EXPECT_EQ(retry_after("0", kNow), 0s);
  EXPECT_EQ(retry_after("Wed, 08 Jul 2026 09:01:30 GMT", kNow), 90s);
  EXPECT_EQ(retry_after("Wed, 08 Jul 2026 08:00:00 GMT", kNow), 0s);
}

TEST(RetryAfterTest, IsAtMostADay) {
  EXPECT_EQ(retry_after("99999999999999999999", kNow), 24h);
  EXPECT_EQ(retry_after("Wed, 08 Jul 2099 08:00:00 GMT", kNow), 24h);
}

TEST(RetryAfterTest, WhatIsNeitherIsNotFollowed) {
  for (const char* const text : {"", "-5", "soon", "2026-07-08", "Wed, 32 Jul 2026 09:00:00 GMT",
                                 "Wed, 08 Jux 2026 09:00:00 GMT"}) {
    EXPECT_EQ(retry_after(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace districtd

#include "base/backoff.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(BackoffTest, BeginsWithOneSecondAndDoubles) {
  EXPECT_EQ(backoff(1, seconds{3600}), seconds{1});
  EXPECT_EQ(backoff(2, seconds{3600}), seconds{2});
  EXPECT_EQ(backoff(5, seconds{3600}), seconds{16});
}

TEST(BackoffTest, NeverPassesItsCap) {
  EXPECT_EQ(backoff(7, seconds{60}), seconds{60});
  EXPECT_EQ(backoff(4'000'000'000u, seconds{60}), seconds{60});
  EXPECT_EQ(backoff(1, milliseconds{10}), milliseconds{10});
}

TEST(BackoffTest, JitterReachesFromNothingToTheWholeWait) {
  std::mt19937 random(1);
  auto least = milliseconds::max();
  auto most = milliseconds::min();
  for (int i = 0; i < 10'000; ++i) {
    const auto wait = with_full_jitter(milliseconds{1000}, random);
    ASSERT_GE(wait, milliseconds{0});
    ASSERT_LE(wait, milliseconds{1000});
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_LT(least, milliseconds{50});
  EXPECT_GT(most, milliseconds{950});
}

}  // namespace
}  // namespace districtd

#include "base/time.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

using std::chrono_literals::operator""ms;

// 2026-07-08 01:15:30.123 UTC.
constexpr Time kTime{std::chrono::sys_days{std::chrono::year{2026} / 7 / 8} +
                     std::chrono::hours{1} + std::chrono::minutes{15} + std::chrono::seconds{30} +
                     123ms};

// RFC 3339, section 5.6 and the examples of section 5.8.
TEST(Rfc3339Test, WritesMillisecondsInUtc) {
  EXPECT_EQ(to_rfc3339(kTime), "2026-07-08T01:15:30.123Z");
  EXPECT_EQ(to_rfc3339(Time{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(Time{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339Test, ReadsOffsetsAndFractions) {
  EXPECT_EQ(from_rfc3339("2026-07-08T01:15:30.123Z"), kTime);
  EXPECT_EQ(from_rfc3339("2026-07-08T09:15:30.123+08:00"), kTime);
  EXPECT_EQ(from_rfc3339("2026-07-07T19:45:30.123-05:30"), kTime);
  EXPECT_EQ(from_rfc3339("2026-07-08t01:15:30z"), kTime - 123ms);
  EXPECT_EQ(from_rfc3339("2026-07-08T01:15:30.1Z"), kTime - 23ms);
  EXPECT_EQ(from_rfc3339("2026-07-08T01:15:30.123999999Z"), kTime);
  EXPECT_TRUE(from_rfc3339("2024-02-29T00:00:00Z"));
}

TEST(Rfc3339Test, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026-07-08", "2026-07-08T01:15:30", "2026-07-08 01:15:30Z", "2026-7-8T01:15:30Z",
        "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-07-08T24:00:00Z",
        "2026-07-08T01:60:00Z", "2026-07-08T01:15:60Z", "2026-07-08T01:15:30.Z",
        "2026-07-08T01:15:30Zx", "2026-07-08T01:15:30+0800", "2026-07-08T01:15:30+24:00",
        "-026-07-08T01:15:30Z", "2026-07-08T01:15Z"}) {
    EXPECT_FALSE(from_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace districtd

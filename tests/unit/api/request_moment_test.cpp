#include "daemon/api/request_moment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace districtd {
namespace {

using testing::HasSubstr;

const DistrictClock& clock_of_jindong() {
  static const DistrictClock clock{"Asia/Shanghai"};
  return clock;
}

HttpRequest asking(std::vector<std::pair<std::string, std::string>> query) {
  HttpRequest request;
  request.query = std::move(query);
  return request;
}

AskedMoment asked(std::vector<std::pair<std::string, std::string>> query) {
  auto result = moment_asked(asking(std::move(query)), clock_of_jindong());
  return *result;
}

HttpAnswer refused(std::vector<std::pair<std::string, std::string>> query) {
  auto result = moment_asked(asking(std::move(query)), clock_of_jindong());
  return result.error();
}

TEST(ParameterTest, TheFirstOfANameCounts) {
  const HttpRequest request = asking({{"a", "1"}, {"b", ""}, {"a", "2"}});
  EXPECT_EQ(parameter(request, "a"), "1");
  EXPECT_EQ(parameter(request, "b"), "");
  EXPECT_EQ(parameter(request, "c"), std::nullopt);
}

TEST(MomentAskedTest, WithoutParametersItIsNow) {
  const Date before = clock_of_jindong().today();
  const AskedMoment now = asked({{"department", "culture"}});
  EXPECT_TRUE(now.is_now);
  EXPECT_TRUE(now.moment.on == before || now.moment.on == clock_of_jindong().today());
  EXPECT_EQ(now.moment.known_at, std::nullopt);
}

TEST(MomentAskedTest, OnIsADayByAllThatIsKnown) {
  const AskedMoment day = asked({{"on", "2026-06-30"}});
  EXPECT_FALSE(day.is_now);
  EXPECT_EQ(to_string(day.moment.on), "2026-06-30");
  EXPECT_EQ(day.moment.known_at, std::nullopt);
}

TEST(MomentAskedTest, KnownAtAloneIsAboutItsDayInTheDistrict) {
  // 2026-07-08T17:30Z is the early morning of the 9th in Shanghai.
  const AskedMoment moment = asked({{"known_at", "2026-07-08T17:30:00Z"}});
  EXPECT_FALSE(moment.is_now);
  EXPECT_EQ(to_string(moment.moment.on), "2026-07-09");
  ASSERT_TRUE(moment.moment.known_at);
  EXPECT_EQ(to_rfc3339(*moment.moment.known_at), "2026-07-08T17:30:00.000Z");
}

TEST(MomentAskedTest, KnownAtAsADayIsTheEndOfItInTheDistrict) {
  const AskedMoment moment = asked({{"known_at", "2026-07-08"}});
  EXPECT_EQ(to_string(moment.moment.on), "2026-07-08");
  EXPECT_EQ(moment.moment.known_at, parse_known_at("2026-07-08", clock_of_jindong()));
}

TEST(MomentAskedTest, BothTogetherAreADayByWhatWasKnownThen) {
  const AskedMoment moment = asked({{"known_at", "2026-07-08"}, {"on", "2026-05-31"}});
  EXPECT_EQ(to_string(moment.moment.on), "2026-05-31");
  EXPECT_TRUE(moment.moment.known_at);
}

TEST(MomentAskedTest, WhatIsNoDayOrTimeIsRefusedWithWhatWasReceived) {
  for (const char* on : {"", "2026-6-30", "2026-06-31", "today"}) {
    const HttpAnswer answer = refused({{"on", on}});
    EXPECT_EQ(answer.status, 400U);
    EXPECT_THAT(answer.body, HasSubstr("\"bad_date\""));
    EXPECT_THAT(answer.body, HasSubstr("收到的是“" + std::string(on) + "”"));
  }
  const HttpAnswer answer = refused({{"known_at", "yesterday"}, {"on", "2026-06-30"}});
  EXPECT_EQ(answer.status, 400U);
  EXPECT_THAT(answer.body, HasSubstr("\"bad_time\""));
  EXPECT_THAT(answer.body, HasSubstr("收到的是“yesterday”"));
  EXPECT_THAT(refused({{"known_at", "yesterday"}, {"on", "today"}}).body, HasSubstr("bad_date"));
}

}  // namespace
}  // namespace districtd

#include "daemon/api/request_log.h"

#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/log/log_file.h"

namespace districtd {
namespace {

HttpServed served(unsigned status, std::string_view method = "POST") {
  return {.pattern = "/api/v1/observations",
          .method = method,
          .request_id = "excel-7",
          .peer = "10.0.0.7",
          .status = status,
          .took = {}};
}

class RequestLogTest : public testing::Test {
 protected:
  LogFile file_;
  RequestLog log_;
  const RequestLog::Clock::time_point start_ = RequestLog::Clock::now();
};

TEST_F(RequestLogTest, WhatIsAnsweredWellIsNotSaid) {
  for (const unsigned status : {100U, 200U, 301U, 304U}) log_.add(served(status), start_);
  EXPECT_THAT(file_.records(), testing::IsEmpty());
}

TEST_F(RequestLogTest, AnErrorIsSaidWithWhatFindsIt) {
  log_.add(served(401), start_);
  const auto records = file_.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].at("event"), "request_refused");
  EXPECT_EQ(records[0].at("level"), "warn");
  EXPECT_EQ(records[0].at("message"),
            "POST /api/v1/observations from 10.0.0.7 was answered with 401");
  EXPECT_EQ(records[0].at("request"), "excel-7");
  EXPECT_EQ(records[0].at("method"), "POST");
  EXPECT_EQ(records[0].at("handler"), "/api/v1/observations");
  EXPECT_EQ(records[0].at("peer"), "10.0.0.7");
  EXPECT_EQ(records[0].at("code"), 401);
}

TEST_F(RequestLogTest, AClerksMistakeIsNoWarning) {
  for (const unsigned status : {400U, 404U, 413U, 422U}) log_.add(served(status), start_);
  for (const unsigned status : {401U, 403U, 429U, 500U, 503U}) log_.add(served(status), start_);
  const auto records = file_.records();
  ASSERT_EQ(records.size(), 9U);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(records[i].at("level"), i < 4 ? "info" : "warn");
}

TEST_F(RequestLogTest, WhatIsNoRequestHasNoMethodAndAMadeUpOneIsCut) {
  HttpServed nothing = served(400, "");
  HttpServed unknown = served(404, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  nothing.pattern = unknown.pattern = "other";
  log_.add(nothing, start_);
  log_.add(unknown, start_);
  const auto records = file_.records();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].at("method"), "");
  EXPECT_EQ(records[0].at("message"), "What is no request from 10.0.0.7 was answered with 400");
  EXPECT_EQ(records[1].at("method"), "ABCDEFGHIJKLMNOP");
  EXPECT_EQ(records[1].at("message"),
            "ABCDEFGHIJKLMNOP of an unknown address from 10.0.0.7 was answered with 404");
}

TEST_F(RequestLogTest, WhoKnocksWithoutEndIsSaidOnlyNowAndThen) {
  for (int i = 0; i < 10 * RequestLog::kMost; ++i) log_.add(served(401), start_);
  auto records = file_.records();
  ASSERT_EQ(records.size(), std::size_t{RequestLog::kMost} + 1);
  EXPECT_EQ(records.back().at("event"), "requests_not_logged");
  log_.add(served(401), start_ + RequestLog::kPeriod);
  records = file_.records();
  EXPECT_EQ(records.size(), std::size_t{RequestLog::kMost} + 2);
  EXPECT_EQ(records.back().at("event"), "request_refused");
}

}  // namespace
}  // namespace districtd

#include "daemon/delivery/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/delivery/robots.h"

namespace districtd {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(MailTest, HeaderWordsAreShortAndCutNoCharacter) {
  EXPECT_EQ(encoded_header("Monthly bulletin"), "Monthly bulletin");
  EXPECT_EQ(encoded_header("督查"), "=?utf-8?B?552j5p+l?=");
  const std::string encoded = encoded_header("关于2026年1—6月目标任务进展情况的通报（补发）");
  for (std::size_t at = 0; at < encoded.size();) {
    const std::size_t end = std::min(encoded.find("\r\n ", at), encoded.size());
    const std::string word = encoded.substr(at, end - at);
    EXPECT_LE(word.size(), 75U);
    EXPECT_THAT(word, StartsWith("=?utf-8?B?"));
    EXPECT_THAT(word, EndsWith("?="));
    at = end + 3;
  }
}

TEST(MailTest, NoTextBeginsAnotherHeader) {
  EXPECT_EQ(encoded_header("a\r\nBcc: b@example.org"), "a  Bcc: b@example.org");
  EXPECT_THAT(encoded_parameter("filename", "a\r\nX: \"b"), Not(HasSubstr("\n")));
}

TEST(MailTest, ChineseFileNamesAreRfc2231) {
  EXPECT_EQ(encoded_parameter("filename", "a.pdf"), "filename=\"a.pdf\"");
  EXPECT_EQ(encoded_parameter("filename", "通报.pdf"), "filename*0*=UTF-8''%E9%80%9A%E6%8A%A5.pdf");
  const std::string longer = encoded_parameter("filename", "关于目标任务进展情况的通报.xlsx");
  EXPECT_THAT(longer, HasSubstr(";\r\n filename*1*="));
}

TEST(MailTest, MessageIdIsTheSameForTheSameCopyOnly) {
  const auto id = [](const char* bulletin, const char* to, int copy) {
    return message_id_of(bulletin, to, copy, "ducha@example.org");
  };
  EXPECT_EQ(id("m-2026-07-08", "a@b.c", 1), id("m-2026-07-08", "a@b.c", 1));
  EXPECT_NE(id("m-2026-07-08", "a@b.c", 1), id("m-2026-07-08", "a@b.c", 2));
  EXPECT_NE(id("m-2026-07-08", "a@b.c", 1), id("m-2026-07-08", "d@b.c", 1));
  EXPECT_THAT(id("m-2026-07-08", "a@b.c", 1), EndsWith("@example.org"));
}

TEST(MailTest, AddressesAreWhatServersTake) {
  EXPECT_EQ(parse_mail_address("督查室 <ducha@example.org>")->name, "督查室");
  EXPECT_EQ(parse_mail_address("\"a, b\" <a.b@x-y.example>")->name, "a, b");
  for (const char* text : {"", "ducha", "@example.org", "a@", "a b@example.org", "a@b@c",
                           "a@-b.org", "a..b@c.org", "a@c.org\r\nBcc: d@e.f", "x <a@b", "a@b..c"}) {
    EXPECT_FALSE(parse_mail_address(text)) << text;
  }
}

// Reckoned with openssl dgst -sha256 -hmac SEC1 -binary of "1783472400000\nSEC1".
TEST(RobotsTest, DingtalkSignatureIsTheDocumentedOne) {
  const Time at{std::chrono::milliseconds{1783472400000}};
  const std::string url =
      signed_url("https://oapi.dingtalk.com/robot/send?access_token=x", "SEC1", at);
  EXPECT_THAT(url, StartsWith("https://oapi.dingtalk.com/robot/send?access_token=x"
                              "&timestamp=1783472400000&sign="));
  EXPECT_EQ(url.substr(url.find("&sign=") + 6),
            "Yg8PaXs86SXdTcmXnJV08775B8xRGHPov%2BwLh6E%2FeLI%3D");
}

TEST(RobotsTest, LongMessagesAreCutAtALineAndKeepTheLink) {
  Announcement a{"通报", "通报\n", "http://d/bulletins/m", "{}"};
  for (int i = 0; i < 500; ++i) a.message += "未达到序时进度的目标之一\n";
  const std::string body = announcement_body(Webhook::Form::wecom, a);
  EXPECT_LT(body.size(), 4300U);
  EXPECT_THAT(body, HasSubstr("之一\\n…\\n[查看全文](http://d/bulletins/m)"));
}

TEST(RobotsTest, OnlyErrcodeZeroIsTaken) {
  using Kind = RobotAnswer::Kind;
  const auto good = read_robot_answer(Webhook::Form::wecom, "{\"errcode\":0,\"errmsg\":\"ok\"}");
  EXPECT_EQ(good.kind, Kind::took);
  EXPECT_EQ(good.sentence, "");
  const auto refused = read_robot_answer(Webhook::Form::dingtalk,
                                         "{\"errcode\":310000,\"errmsg\":\"sign not match\"}");
  EXPECT_EQ(refused.kind, Kind::refused);
  EXPECT_EQ(refused.sentence, "the robot answered errcode 310000: sign not match");
  EXPECT_EQ(read_robot_answer(Webhook::Form::wecom, "<html>").kind, Kind::unclear);
  EXPECT_NE(read_robot_answer(Webhook::Form::wecom, "<html>").sentence, "");
  EXPECT_EQ(read_robot_answer(Webhook::Form::json, "").kind, Kind::took);
}

}  // namespace
}  // namespace districtd

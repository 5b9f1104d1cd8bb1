#include "daemon/http/outgoing_answer.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace districtd {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string unsent(const OutgoingAnswer& answer) {
  std::string bytes;
  for (const auto& buffer : answer.unsent()) {
    bytes.append(static_cast<const char*>(buffer.data()), buffer.size());
  }
  return bytes;
}

HttpAnswer in_pieces() {
  HttpAnswer answer = text_answer(200, "");
  for (const char* piece : {"one,", "", "two,", "three"}) {
    answer.pieces.push_back(std::make_shared<const std::string>(piece));
  }
  return answer;
}

TEST(OutgoingAnswerTest, IsTheHeadThenTheBody) {
  OutgoingAnswer answer;
  answer.begin(text_answer(404, "nothing"), Persistence::close, "k1", false);
  EXPECT_EQ(answer.status(), 404U);
  EXPECT_THAT(unsent(answer),
              AllOf(StartsWith("HTTP/1.1 404 Not Found\r\n"), HasSubstr("Content-Length: 7\r\n"),
                    HasSubstr("X-Request-Id: k1\r\n"), HasSubstr("Connection: close\r\n"),
                    EndsWith("\r\n\r\nnothing")));
  EXPECT_EQ(answer.unsent().size(), 1U) << "a small body goes out with the head";
}

TEST(OutgoingAnswerTest, AnAnswerToAHeadHasTheLengthAndNotTheBody) {
  OutgoingAnswer answer;
  answer.begin(in_pieces(), Persistence::implied, "k1", true);
  EXPECT_THAT(unsent(answer), AllOf(HasSubstr("Content-Length: 13\r\n"), EndsWith("\r\n\r\n")));
}

TEST(OutgoingAnswerTest, WhatWasSentIsTakenOffAcrossThePieces) {
  OutgoingAnswer answer;
  answer.begin(in_pieces(), Persistence::implied, "k1", false);
  std::string expected = unsent(answer);
  EXPECT_THAT(expected, EndsWith("\r\n\r\none,two,three"));
  EXPECT_FALSE(answer.advance(0));
  for (const std::size_t bytes : {1UL, expected.size() - 12, 3UL, 4UL, 3UL}) {
    EXPECT_FALSE(answer.advance(bytes));
    expected.erase(0, bytes);
    EXPECT_EQ(unsent(answer), expected);
  }
  EXPECT_TRUE(answer.advance(1));
  EXPECT_EQ(unsent(answer), "");
}

TEST(OutgoingAnswerTest, LetsGoOfThePiecesWhenItIsCleared) {
  HttpAnswer large = in_pieces();
  const std::weak_ptr<const std::string> watched = large.pieces[0];
  OutgoingAnswer answer;
  answer.begin(std::move(large), Persistence::implied, "k1", false);
  EXPECT_FALSE(watched.expired());
  answer.clear();
  EXPECT_TRUE(watched.expired());
  EXPECT_TRUE(answer.unsent().empty());
}

}  // namespace
}  // namespace districtd

#include "daemon/api/token_authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"

namespace districtd {
namespace {

using testing::HasSubstr;

class Unused : public SubmissionSink {
 public:
  void submit(Submission, Done) override { ADD_FAILURE() << "nothing is submitted"; }
};

class TokenAuthenticatorTest : public testing::Test {
 protected:
  boost::asio::io_context io_;
  boost::asio::thread_pool workers_{1};
  Unused sink_;
  HttpPush push_{
      io_, workers_, sink_, {{"culture", sha256_hex("c"), false}, {"", sha256_hex("o"), true}}};
  TokenAuthenticator authenticator_{push_};
};

TEST_F(TokenAuthenticatorTest, KnowsWhoseTokenItIs) {
  const Caller culture{Caller::Role::department, "culture"};
  const Caller office{Caller::Role::office, ""};
  EXPECT_EQ(authenticator_.caller_of("Bearer c"), culture);
  EXPECT_EQ(authenticator_.caller_of("Bearer o"), office);
  EXPECT_EQ(authenticator_.caller_of("Bearer x"), Caller{});
  EXPECT_EQ(authenticator_.caller_of(""), Caller{});
  EXPECT_EQ(authenticator_.caller_of("c"), Caller{});
}

TEST_F(TokenAuthenticatorTest, ATokenThatWasTakenBackIsNobodys) {
  push_.set_tokens({});
  EXPECT_EQ(authenticator_.caller_of("Bearer c"), Caller{});
}

TEST_F(TokenAuthenticatorTest, ADepartmentIsTold403) {
  const auto refused = admit(Access::office, Audience::everybody, "Bearer c", &authenticator_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 403U);
  EXPECT_THAT(refused.error().body, HasSubstr("\"forbidden\""));
  EXPECT_THAT(refused.error().body, HasSubstr("应由督查室办理"));
}

TEST_F(TokenAuthenticatorTest, WhoShowsNoTokenThatTheRouteIsForIsTold401AndHow) {
  for (const char* shown : {"", "Bearer x", "Bearer o"}) {
    const auto refused = admit(Access::department, Audience::everybody, shown, &authenticator_);
    ASSERT_FALSE(refused) << shown;
    EXPECT_EQ(refused.error().status, 401U);
    EXPECT_THAT(refused.error().body, HasSubstr("\"unauthorized\""));
    EXPECT_THAT(refused.error().body, HasSubstr(*shown == '\0' ? "请求没有令牌" : "令牌无效"));
    EXPECT_THAT(refused.error().headers,
                testing::ElementsAre(testing::Pair("WWW-Authenticate", "Bearer")));
  }
}

}  // namespace
}  // namespace districtd

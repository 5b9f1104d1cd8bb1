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

using Role = Caller::Role;
using boost::asio::ip::address;
using boost::asio::ip::make_address;

const KnownHosts kHosts({"10.1.2.3"});

class TokenAuthenticatorTest : public testing::Test {
 protected:
  // "Bearer c" is a department's, o the office's, p the operator's, r a reader's.
  Caller caller_of(std::string_view authorization, const std::string& peer = "10.1.2.3") {
    const auto caller = authenticator_.caller_of(authorization, make_address(peer));
    return caller ? *caller : Caller{};
  }
  std::string answer_to(std::string_view authorization, const std::string& peer) {
    const auto caller = authenticator_.caller_of(authorization, make_address(peer));
    if (!caller) return std::to_string(caller.error().status);
    return caller->role == Role::anyone ? "nobody" : "somebody";
  }
  HttpAnswer refused(Access access, std::string_view authorization) {
    const RequestSource source{"10.1.2.3", "", false, false, false};
    const auto admitted = admit(
        access, {Audience::everybody, false},
        {"GET", authorization, source, make_address("10.1.2.4"), true, kHosts}, &authenticator_);
    EXPECT_FALSE(admitted) << authorization;
    return admitted ? HttpAnswer{} : admitted.error();
  }

  boost::asio::io_context io_;
  boost::asio::thread_pool workers_{1};
  Unused sink_;
  HttpPush push_{io_,
                 workers_,
                 sink_,
                 {{"culture", sha256_hex("c"), TokenRole::department},
                  {"", sha256_hex("o"), TokenRole::office},
                  {"", sha256_hex("p"), TokenRole::operation},
                  {"", sha256_hex("r"), TokenRole::reader}}};
  MetricsAccess metrics_;
  prometheus::Registry registry_;
  TokenAuthenticator authenticator_{push_, metrics_, registry_};
};

TEST_F(TokenAuthenticatorTest, KnowsWhoseTokenItIs) {
  const Caller culture{Role::department, "culture"};
  EXPECT_EQ(caller_of("Bearer c"), culture);
  EXPECT_EQ(caller_of("Bearer o").role, Role::office);
  EXPECT_EQ(caller_of("Bearer p").role, Role::operation);
  EXPECT_EQ(caller_of("Bearer r").role, Role::reader);
  EXPECT_EQ(caller_of("Bearer x"), Caller{});
  EXPECT_EQ(caller_of(""), Caller{});
  EXPECT_EQ(caller_of("c"), Caller{});
}

TEST_F(TokenAuthenticatorTest, ATokenThatWasTakenBackIsNobodys) {
  push_.set_tokens({});
  EXPECT_EQ(caller_of("Bearer c"), Caller{});
}

// RFC 7617; dXNlcjpwYTpzcw== is user:pa:ss.
TEST_F(TokenAuthenticatorTest, ThePasswordOfTheMetricsIsAScrapersWhoeverShowsIt) {
  EXPECT_EQ(caller_of("Basic dXNlcjpwYTpzcw=="), Caller{}) << "none is configured";
  metrics_.password_sha256 = sha256_hex("pa:ss");
  EXPECT_EQ(caller_of("Basic dXNlcjpwYTpzcw==").role, Role::scraper);
  EXPECT_EQ(caller_of("basic  OnBhOnNz").role, Role::scraper) << "without a user";
  for (const char* wrong : {"Basic dXNlcjpwYQ==", "Basic cGE6c3M", "Basic dXNlcg==", "Basic ",
                            "Basic dXNlcjpwYTpzcw=", "Bearer pa:ss"}) {
    EXPECT_EQ(caller_of(wrong, "10.7.7.7"), Caller{}) << wrong;
  }
}

TEST_F(TokenAuthenticatorTest, AddressesThatMayScrapeAreThoseOfTheConfiguration) {
  EXPECT_FALSE(authenticator_.may_scrape(make_address("10.1.2.3")));
  metrics_.from = {*AddressRange::parse("10.1.0.0/16"), *AddressRange::parse("fd00::/8")};
  for (const char* inside : {"10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "fd12::1"}) {
    EXPECT_TRUE(authenticator_.may_scrape(make_address(inside))) << inside;
  }
  for (const char* outside :
       {"10.2.0.0", "10.0.255.255", "::ffff:10.2.2.3", "fe80::1", "::10.1.2.3"}) {
    EXPECT_FALSE(authenticator_.may_scrape(make_address(outside))) << outside;
  }
}

TEST_F(TokenAuthenticatorTest, GuessesAreSlowedForTheAddressTheyComeFrom) {
  for (int i = 0; i < FailedAttempts::kAtOnce; ++i) {
    EXPECT_EQ(answer_to("Bearer guess" + std::to_string(i), "10.1.2.3"), "nobody");
  }
  EXPECT_EQ(answer_to("Bearer guess", "10.1.2.3"), "429");
  EXPECT_EQ(answer_to("Bearer c", "10.1.2.3"), "429") << "whether it is right is not told either";
  EXPECT_EQ(answer_to("Bearer guess", "10.1.2.4"), "nobody");
  EXPECT_EQ(answer_to("Bearer c", "10.1.2.4"), "somebody");
  const auto slowed = authenticator_.caller_of("Bearer guess", make_address("10.1.2.3"));
  ASSERT_FALSE(slowed);
  EXPECT_THAT(slowed.error().body, HasSubstr("\"too_many_failures\""));
  EXPECT_THAT(slowed.error().headers,
              testing::Contains(testing::Pair("Retry-After", testing::AnyOf("1", "2", "3"))));
}

// A whole office may share an address.
TEST_F(TokenAuthenticatorTest, ATokenThatWasGoodThereBeforeStaysGoodBesideWhoeverGuesses) {
  EXPECT_EQ(answer_to("Bearer c", "10.1.2.3"), "somebody");
  for (int i = 0; i < 2 * FailedAttempts::kAtOnce; ++i) answer_to("Bearer guess", "10.1.2.3");
  EXPECT_EQ(answer_to("Bearer c", "10.1.2.3"), "somebody");
  EXPECT_EQ(answer_to("Bearer o", "10.1.2.3"), "429") << "this one never came from there";
}

TEST_F(TokenAuthenticatorTest, OnLoopbackAGoodTokenIsGoodWhateverOthersTry) {
  for (int i = 0; i < 2 * FailedAttempts::kAtOnce; ++i) answer_to("Bearer guess", "127.0.0.1");
  EXPECT_EQ(answer_to("Bearer guess", "127.0.0.1"), "429");
  EXPECT_EQ(answer_to("Bearer o", "127.0.0.1"), "somebody");
}

TEST_F(TokenAuthenticatorTest, ADepartmentIsTold403) {
  const HttpAnswer answer = refused(Access::office, "Bearer c");
  EXPECT_EQ(answer.status, 403U);
  EXPECT_THAT(answer.body, HasSubstr("\"forbidden\""));
  EXPECT_THAT(answer.body, HasSubstr("应由督查室办理"));
}

TEST_F(TokenAuthenticatorTest, WhoeverLacksARoleIsToldWhichIsWanted) {
  EXPECT_THAT(refused(Access::operation, "Bearer r").body, HasSubstr("查阅的令牌不能"));
  EXPECT_THAT(refused(Access::operation, "Bearer r").body, HasSubstr("运维（operator）"));
  EXPECT_THAT(refused(Access::read, "Bearer c").body, HasSubstr("查阅（reader）"));
  EXPECT_THAT(refused(Access::metrics, "").body, HasSubstr("metrics_password_file"));
  EXPECT_EQ(refused(Access::metrics, "").status, 401U);
}

TEST_F(TokenAuthenticatorTest, WhereThereIsAPasswordTheMetricsAskForItToo) {
  using testing::Contains;
  using testing::Pair;
  EXPECT_THAT(refused(Access::metrics, "").headers,
              testing::ElementsAre(Pair("WWW-Authenticate", "Bearer")));
  metrics_.password_sha256 = sha256_hex("pass");
  EXPECT_THAT(refused(Access::metrics, "").headers,
              Contains(Pair("WWW-Authenticate", "Bearer, Basic realm=\"districtd metrics\"")));
  EXPECT_THAT(refused(Access::read, "").headers,
              testing::ElementsAre(Pair("WWW-Authenticate", "Bearer")));
}

TEST_F(TokenAuthenticatorTest, WhoShowsNoTokenThatTheRouteIsForIsTold401AndHow) {
  for (const char* shown : {"", "Bearer x", "Bearer o", "Bearer p", "Bearer r"}) {
    const HttpAnswer answer = refused(Access::department, shown);
    EXPECT_EQ(answer.status, 401U);
    EXPECT_THAT(answer.body, HasSubstr("\"unauthorized\""));
    EXPECT_THAT(answer.body, HasSubstr(*shown == '\0' ? "请求没有令牌" : "令牌无效"));
    EXPECT_THAT(answer.headers, testing::ElementsAre(testing::Pair("WWW-Authenticate", "Bearer")));
  }
}

}  // namespace
}  // namespace districtd

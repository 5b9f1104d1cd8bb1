#include "daemon/http/access.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace districtd {
namespace {

using Role = Caller::Role;
using boost::asio::ip::address;
using boost::asio::ip::make_address;

// "D" is a department's token, "O" the office's, "P" the operator's, "R" a reader's, "M" the
// password of the metrics; 10.1.2.3 may scrape. Counts how often it is asked.
class Tokens : public Authenticator {
 public:
  Result<Caller, HttpAnswer> caller_of(std::string_view authorization, const address&) override {
    ++asked;
    if (authorization == "D") return Caller{Role::department, "culture"};
    if (authorization == "O") return Caller{Role::office, ""};
    if (authorization == "P") return Caller{Role::operation, ""};
    if (authorization == "R") return Caller{Role::reader, ""};
    if (authorization == "M") return Caller{Role::scraper, ""};
    if (authorization == "often") return error_answer(429, "too_many_failures", "");
    return Caller{};
  }
  bool may_scrape(const address& peer) const override { return peer == make_address("10.1.2.3"); }
  HttpAnswer refusal(Access, const Caller& caller, std::string_view) const override {
    return error_answer(caller.role == Role::anyone ? 401 : 403, "refused", "");
  }
  void count(AccessOutcome outcome) override { outcomes.push_back(outcome); }
  int asked = 0;
  std::vector<AccessOutcome> outcomes;
};

const KnownHosts kHosts({"localhost"});

RequestSource source_of(std::string host) {
  RequestSource source;
  source.host = std::move(host);
  return source;
}

std::string word_of(const Result<Caller, HttpAnswer>& admitted) {
  if (!admitted) return std::to_string(admitted.error().status);
  switch (admitted->role) {
    case Role::anyone:
      return "anyone";
    case Role::department:
      return admitted->department;
    case Role::office:
      return "office";
    case Role::operation:
      return "operator";
    case Role::reader:
      return "reader";
    case Role::scraper:
      return "scraper";
  }
  return "";
}

// As what nobody, a department, the office, the operator, a reader and a scraper come in.
std::string outcome(Access access, const Entrance& entrance, const RequestSource& source,
                    const std::string& peer = "127.0.0.1", bool host_is_known = true) {
  Tokens tokens;
  std::string all;
  for (const char* shown : {"", "D", "O", "P", "R", "M"}) {
    if (!all.empty()) all += ' ';
    all +=
        word_of(admit(access, entrance,
                      {"GET", shown, source, make_address(peer), host_is_known, kHosts}, &tokens));
  }
  EXPECT_EQ(tokens.outcomes.size(), 6U) << "each is counted once";
  return all;
}

const Entrance kLoopback{Audience::everybody, true};
const Entrance kNetwork{Audience::everybody, false};
const Entrance kTokenHolders{Audience::token_holders, true};
constexpr const char* kAnyone = "anyone anyone anyone anyone anyone anyone";

TEST(AccessTest, ReadingIsOpenWhereListenerAndHostAreLoopback) {
  const auto local = source_of("localhost:9480");
  EXPECT_EQ(outcome(Access::open, kLoopback, local), kAnyone);
  for (const Access access : {Access::read, Access::read_own, Access::bulletins, Access::metrics}) {
    EXPECT_EQ(outcome(access, kLoopback, local), kAnyone);
  }
  EXPECT_EQ(outcome(Access::department, kLoopback, local), "401 culture 403 403 403 403");
  EXPECT_EQ(outcome(Access::office, kLoopback, local), "401 403 office 403 403 403");
  EXPECT_EQ(outcome(Access::operation, kLoopback, local), "401 403 office operator 403 403");
}

TEST(AccessTest, EverywhereElseReadingIsForThoseWhoMayRead) {
  auto through_a_proxy = source_of("localhost");
  through_a_proxy.was_passed_on = true;
  struct Case {
    Entrance entrance;
    RequestSource source;
  };
  for (const Case& each :
       {Case{kNetwork, source_of("localhost")}, Case{kLoopback, source_of("a.example")},
        Case{kLoopback, source_of("")}, Case{kLoopback, through_a_proxy},
        Case{kTokenHolders, source_of("localhost")}}) {
    EXPECT_EQ(outcome(Access::read, each.entrance, each.source),
              "401 403 office operator reader 403");
    EXPECT_EQ(outcome(Access::bulletins, each.entrance, each.source),
              "401 403 office operator reader 403");
    EXPECT_EQ(outcome(Access::read_own, each.entrance, each.source),
              "401 culture office operator reader 403");
    EXPECT_EQ(outcome(Access::metrics, each.entrance, each.source),
              "401 403 office operator reader scraper");
  }
}

TEST(AccessTest, AnAddressOfTheConfigurationReadsTheMetricsAndNothingElse) {
  auto source = source_of("10.9.9.9");
  EXPECT_EQ(outcome(Access::metrics, kNetwork, source, "10.1.2.3"),
            "scraper scraper scraper scraper scraper scraper");
  EXPECT_EQ(outcome(Access::read, kNetwork, source, "10.1.2.3"),
            "401 403 office operator reader 403");
  source.was_passed_on = true;
  EXPECT_EQ(outcome(Access::metrics, kNetwork, source, "10.1.2.3"),
            "401 403 office operator reader scraper")
      << "the address is the proxy's then";
}

// A page whose name was pointed here is of our origin to its browser, and may send any
// Authorization.
TEST(AccessTest, ASourceThatIsNotOursIsLetInByItsTokenAlone) {
  constexpr const char* kOnlyTokens = "401 403 office operator reader 403";
  constexpr const char* kNobody = "421 421 421 421 421 421";
  const auto evil = source_of("evil.example");
  EXPECT_EQ(outcome(Access::open, kLoopback, evil, "127.0.0.1", false), kNobody);
  EXPECT_EQ(
      outcome(Access::bulletins, {Audience::bulletin_readers, false}, evil, "127.0.0.1", false),
      kNobody);
  EXPECT_EQ(outcome(Access::metrics, kNetwork, evil, "10.1.2.3", false),
            "401 403 office operator reader scraper");
  auto page = source_of("localhost");
  page.origin = "http://evil.example";
  EXPECT_EQ(outcome(Access::read, kLoopback, page), kOnlyTokens);
  EXPECT_EQ(outcome(Access::metrics, kNetwork, page, "10.1.2.3"),
            "401 403 office operator reader scraper");
  EXPECT_EQ(outcome(Access::open, kLoopback, page), "403 403 403 403 403 403");
}

TEST(AccessTest, AListenerForTokenHoldersDoesNotHaveOpenRoutes) {
  EXPECT_FALSE(is_served(Access::open, Audience::token_holders));
  EXPECT_TRUE(is_served(Access::open, Audience::everybody));
  for (const Access access : {Access::read, Access::read_own, Access::bulletins, Access::metrics,
                              Access::department, Access::office, Access::operation}) {
    EXPECT_TRUE(is_served(access, Audience::token_holders));
    EXPECT_TRUE(is_served(access, Audience::everybody));
    EXPECT_EQ(is_served(access, Audience::bulletin_readers), access == Access::bulletins);
  }
  EXPECT_FALSE(is_served(Access::open, Audience::bulletin_readers));
}

TEST(AccessTest, AListenerForReadersOfBulletinsShowsThemToEverybody) {
  for (const bool is_loopback : {true, false}) {
    EXPECT_EQ(outcome(Access::bulletins, {Audience::bulletin_readers, is_loopback}, source_of("x")),
              kAnyone);
  }
}

TEST(AccessTest, NobodyLooksAtATokenThatIsNotAskedFor) {
  Tokens tokens;
  const RequestSource local = source_of("localhost");
  const AccessRequest request{"GET", "D", local, make_address("127.0.0.1"), true, kHosts};
  ASSERT_TRUE(admit(Access::read_own, kLoopback, request, &tokens));
  EXPECT_EQ(tokens.asked, 0);
  ASSERT_TRUE(admit(Access::read_own, kTokenHolders, request, &tokens));
  EXPECT_EQ(tokens.asked, 1);
}

TEST(AccessTest, WhoFailedTooOftenIsToldToWait) {
  Tokens tokens;
  const RequestSource elsewhere = source_of("a.example");
  const AccessRequest request{"GET", "often", elsewhere, make_address("10.1.2.4"), true, kHosts};
  EXPECT_EQ(word_of(admit(Access::read, kNetwork, request, &tokens)), "429");
  EXPECT_THAT(tokens.outcomes, testing::ElementsAre(AccessOutcome::too_many_failures));
}

TEST(AccessTest, HeadersOfProxiesAreKnownInEverySpelling) {
  for (const char* name :
       {"Forwarded", "forwarded", "X-Forwarded-For", "x-forwarded-proto", "X_FORWARDED_USER",
        "X-WEBAUTH-USER", "Remote-User", "REMOTE_USER", "X-Remote-User", "X-Real-IP", "Via",
        "X-Auth-Request-User", "X-Authentik-Username", "Cf-Access-Jwt-Assertion"}) {
    EXPECT_TRUE(is_of_a_proxy(name)) << name;
  }
  for (const char* name : {"", "X-Request-Id", "Host", "Accept", "User-Agent", "Viaduct",
                           "X-Prometheus-Scrape-Timeout-Seconds", "Connection"}) {
    EXPECT_FALSE(is_of_a_proxy(name)) << name;
  }
}

TEST(AccessDeathTest, ARouteThatAsksForATokenNeedsSomebodyWhoKnowsThem) {
  const RequestSource local = source_of("localhost");
  const AccessRequest request{"GET", "", local, {}, true, kHosts};
  EXPECT_TRUE(admit(Access::open, kLoopback, request, nullptr));
  EXPECT_DEATH(static_cast<void>(admit(Access::office, kLoopback, request, nullptr)),
               "somebody knows the tokens");
}

}  // namespace
}  // namespace districtd

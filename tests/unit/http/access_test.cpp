#include "daemon/http/access.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

using Role = Caller::Role;

// "D" is a department's token, "O" the office's; counts how often it is asked.
class TwoTokens : public Authenticator {
 public:
  Caller caller_of(std::string_view authorization) const override {
    ++asked;
    if (authorization == "D") return {Role::department, "culture"};
    if (authorization == "O") return {Role::office, ""};
    return {};
  }
  HttpAnswer refusal(const Caller& caller, std::string_view) const override {
    return error_answer(caller.role == Role::department ? 403 : 401, "refused", "");
  }
  mutable int asked = 0;
};

// The role as which each of nobody, a department and the office comes in, or the status of the
// refusal: "anyone department office", "401 401 office".
std::string outcome(Access access, Audience audience) {
  const TwoTokens tokens;
  std::string all;
  for (const char* shown : {"", "D", "O"}) {
    const auto admitted = admit(access, audience, shown, &tokens);
    if (!all.empty()) all += ' ';
    if (!admitted) {
      all += std::to_string(admitted.error().status);
    } else {
      all += admitted->role == Role::anyone       ? "anyone"
             : admitted->role == Role::department ? admitted->department
                                                  : "office";
    }
  }
  return all;
}

TEST(AccessTest, OnAListenerForEverybodyOnlyDepartmentAndOfficeAreAskedFor) {
  EXPECT_EQ(outcome(Access::open, Audience::everybody), "anyone anyone anyone");
  EXPECT_EQ(outcome(Access::open_or_token, Audience::everybody), "anyone anyone anyone");
  EXPECT_EQ(outcome(Access::open_or_office, Audience::everybody), "anyone anyone anyone");
  EXPECT_EQ(outcome(Access::department, Audience::everybody), "401 culture 401");
  EXPECT_EQ(outcome(Access::office, Audience::everybody), "401 403 office");
}

TEST(AccessTest, OnAListenerForTokenHoldersEveryRouteAsks) {
  EXPECT_EQ(outcome(Access::open_or_token, Audience::token_holders), "401 culture office");
  EXPECT_EQ(outcome(Access::open_or_office, Audience::token_holders), "401 403 office");
  EXPECT_EQ(outcome(Access::department, Audience::token_holders), "401 culture 401");
  EXPECT_EQ(outcome(Access::office, Audience::token_holders), "401 403 office");
}

TEST(AccessTest, AListenerForTokenHoldersDoesNotHaveOpenRoutes) {
  EXPECT_FALSE(is_served(Access::open, Audience::token_holders));
  EXPECT_TRUE(is_served(Access::open, Audience::everybody));
  for (const Access access :
       {Access::open_or_token, Access::open_or_office, Access::department, Access::office}) {
    EXPECT_TRUE(is_served(access, Audience::token_holders));
    EXPECT_TRUE(is_served(access, Audience::everybody));
  }
}

TEST(AccessTest, NobodyLooksAtATokenThatIsNotAskedFor) {
  const TwoTokens tokens;
  ASSERT_TRUE(admit(Access::open_or_token, Audience::everybody, "D", &tokens));
  EXPECT_EQ(tokens.asked, 0);
  ASSERT_TRUE(admit(Access::open_or_token, Audience::token_holders, "D", &tokens));
  EXPECT_EQ(tokens.asked, 1);
}

TEST(AccessDeathTest, ARouteThatAsksForATokenNeedsSomebodyWhoKnowsThem) {
  EXPECT_TRUE(admit(Access::open, Audience::everybody, "", nullptr));
  EXPECT_DEATH(static_cast<void>(admit(Access::office, Audience::everybody, "", nullptr)),
               "somebody knows the tokens");
}

}  // namespace
}  // namespace districtd

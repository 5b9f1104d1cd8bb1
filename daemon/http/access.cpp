#include "daemon/http/access.h"

#include "base/check.h"

namespace districtd {
namespace {

bool asks_for_token(Access access, Audience audience) {
  switch (access) {
    case Access::open:
      return false;
    case Access::open_or_token:
    case Access::open_or_office:
      return audience == Audience::token_holders;
    case Access::department:
    case Access::office:
      break;
  }
  return true;
}

bool lets_in(Access access, Caller::Role role) {
  switch (access) {
    case Access::open:
      break;
    case Access::open_or_token:
      return role != Caller::Role::anyone;
    case Access::department:
      return role == Caller::Role::department;
    case Access::open_or_office:
    case Access::office:
      return role == Caller::Role::office;
  }
  return true;
}

}  // namespace

bool is_served(Access access, Audience audience) {
  return audience == Audience::everybody || needs_authenticator(access);
}

bool needs_authenticator(Access access) { return access != Access::open; }

Result<Caller, HttpAnswer> admit(Access access, Audience audience, std::string_view authorization,
                                 const Authenticator* authenticator) {
  DISTRICT_CHECK(is_served(access, audience), "the listener has the route");
  if (!asks_for_token(access, audience)) return Caller{};
  DISTRICT_CHECK(authenticator != nullptr, "somebody knows the tokens that a route asks for");
  Caller caller = authenticator->caller_of(authorization);
  if (!lets_in(access, caller.role)) return authenticator->refusal(caller, authorization);
  return caller;
}

}  // namespace districtd

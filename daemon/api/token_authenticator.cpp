#include "daemon/api/token_authenticator.h"

#include <string>
#include <utility>

#include "base/check.h"

namespace districtd {

Caller TokenAuthenticator::caller_of(std::string_view authorization) const {
  if (std::string department = push_.authenticate(authorization); !department.empty()) {
    return {Caller::Role::department, std::move(department)};
  }
  if (push_.is_office(authorization)) return {Caller::Role::office, {}};
  return {};
}

HttpAnswer TokenAuthenticator::refusal(const Caller& caller, std::string_view authorization) const {
  if (caller.role == Caller::Role::department) {
    return error_answer(403, "forbidden",
                        "部门的令牌不能查看、确认或退回暂存的数据，应由督查室办理。");
  }
  auto refused = push_.refuse_stranger(authorization);
  DISTRICT_CHECK(refused.has_value(), "whoever is no department has no department's token");
  return to_http_answer(std::move(*refused));
}

HttpAnswer to_http_answer(PushAnswer pushed) {
  HttpAnswer answer;
  answer.status = pushed.status;
  answer.body = std::move(pushed.body);
  answer.headers = std::move(pushed.headers);
  return answer;
}

}  // namespace districtd

// The tokens of the configuration as the server's authenticator.
#pragma once

#include <string_view>

#include "collectors/http_push.h"
#include "daemon/http/access.h"

namespace districtd {

// Thread: the event loop's, as HttpPush.
class TokenAuthenticator : public Authenticator {
 public:
  explicit TokenAuthenticator(const HttpPush& push) : push_(push) {}  // which outlives it

  Caller caller_of(std::string_view authorization) const override;
  // 403 for a department, 401 for whoever shows no token that the route is for.
  HttpAnswer refusal(const Caller& caller, std::string_view authorization) const override;

 private:
  const HttpPush& push_;
};

// What HttpPush answers, as the server sends it.
HttpAnswer to_http_answer(PushAnswer pushed);

}  // namespace districtd

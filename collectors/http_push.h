// Push: an HTTP request with a bearer token becomes a submission. The server is daemon/http's; this
// only decides who is sending and translates a receipt into an answer.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/submission.h"

namespace districtd {

struct PushToken {
  std::string department;
  std::string sha256;  // lower-case hex of the token's SHA-256
};

struct PushRequest {
  std::string authorization;  // the header's value, "" where there is none
  std::string content_type;
  std::string peer;  // address, for the record
  std::string body;
};

struct PushAnswer {
  unsigned status = 500;
  std::string body;  // JSON: the receipt, or {"error":...}; one line with its end
  std::vector<std::pair<std::string, std::string>> headers;
};

// Thread: the event loop's.
class HttpPush {
 public:
  HttpPush(SubmissionSink& sink, std::vector<PushToken> tokens);

  // The department whose token this Authorization header carries; "" where it carries none that is
  // known. Every known hash is compared in constant time. Call it before reading a body.
  std::string authenticate(std::string_view authorization) const;

  // The 401 for an Authorization header without a known token, nullopt for one with: for the
  // server, before it reads a body.
  std::optional<PushAnswer> turn_away(std::string_view authorization) const;

  // 401 without or with a wrong token, 415 for a media type that is neither CSV nor JSON or a
  // charset other than UTF-8, else what the receipt says: 200 taken, 422 refused, 400 unreadable,
  // 503 with Retry-After unavailable.
  void handle(PushRequest request, std::function<void(PushAnswer)> done);

  void set_tokens(std::vector<PushToken> tokens);  // reload

 private:
  SubmissionSink& sink_;
  std::vector<PushToken> tokens_;
};

// 32 random bytes in base64url, with which `token new` answers, and the hash that configuration
// keeps. Throws std::runtime_error where the system gives no randomness.
std::string new_token();
std::string sha256_hex(std::string_view text);

}  // namespace districtd

// Push: an HTTP request with a bearer token becomes a submission. The server is daemon/http's; this
// only decides who is sending and translates a receipt into an answer.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/push_rate.h"
#include "collectors/submission.h"

namespace districtd {

struct PushToken {
  std::string department;  // "" for the office
  std::string sha256;      // lower-case hex of the token's SHA-256
  bool is_office = false;  // the supervision office's: confirms rows, and reports nothing
};

struct PushRequest {
  std::string authorization;  // the header's value, "" where there is none
  std::string content_type;
  std::string peer;  // address, for the record
  std::string body;
  std::string content_encoding = {};  // "" or "gzip"
  std::string idempotency_key = {};
};

struct PushLimits {
  std::size_t max_body_bytes = 16U << 20;  // of a body that was sent as gzip, once it is unpacked
  unsigned per_minute = 0;                 // pushes of one token; 0: no limit
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

  // Whether this header carries a token of the supervision office, compared likewise.
  bool is_office(std::string_view authorization) const;

  // The 401 for an Authorization header without a known token, nullopt for one with: for the
  // server, before it reads a body.
  std::optional<PushAnswer> turn_away(std::string_view authorization) const;

  // 401 without or with a wrong token, 415 for a media type that is none of CSV, JSON and xlsx or a
  // charset that intake does not read, else what the receipt says: 200 taken, 422 refused, 400
  // unreadable, 503 with Retry-After unavailable. 429 with Retry-After where the token has pushed
  // too often; 413 and 400 for gzip that is too large or damaged; 400 for an Idempotency-Key of
  // more than 255 bytes. A request whose key the same token has used before gets the answer of
  // then, across restarts, or 422 where its unpacked body is another.
  void handle(PushRequest request, std::function<void(PushAnswer)> done);

  void set_tokens(std::vector<PushToken> tokens);  // reload
  void set_limits(PushLimits limits);

 private:
  const PushToken* find_token(std::string_view authorization) const;

  SubmissionSink& sink_;
  std::vector<PushToken> tokens_;
  PushLimits limits_;
  PushRate rate_;
};

// 32 random bytes in base64url, with which `token new` answers, and the hash that configuration
// keeps. Throws std::runtime_error where the system gives no randomness.
std::string new_token();
std::string sha256_hex(std::string_view text);

}  // namespace districtd

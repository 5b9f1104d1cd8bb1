// http_push: an HTTP request with a bearer token becomes a submission. [[token]] of the
// configuration says whose tokens are known.
//
// The HTTP server serves it: requests come by a route, the server's start and stop are its own, and
// a reload gives the one HttpPush other tokens while requests are under way. So it has an entry in
// the list of collectors for its tables, and nothing that starts and stops.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/byte_budget.h"
#include "base/gzip.h"
#include "collectors/collector.h"
#include "collectors/push/push_rate.h"
#include "collectors/submission.h"

namespace districtd {

// What the holder of a token may do; only a department's reports.
enum class TokenRole {
  department,  // reports, and reads its own receipts
  office,      // the supervision office's: confirms rows, reads, runs the daemon
  operation,   // the server operator's: reads and runs the daemon
  reader,      // reads, such as a Prometheus elsewhere
};
inline constexpr std::size_t kTokenRoles = 4;

// As the configuration and the command line write it: "department", "office", "operator", "reader".
std::string_view to_string(TokenRole role);

struct PushToken {
  std::string department;  // "" for the other roles
  std::string sha256;      // lower-case hex of the token's SHA-256
  TokenRole role = TokenRole::department;
  friend bool operator==(const PushToken&, const PushToken&) = default;
};

extern const CollectorKind kHttpPush;

// All [[token]] of the configuration file and of the files that [http] token_files names; there is
// always one such entry.
struct HttpPushConfig final : CollectorConfig {
  std::vector<PushToken> tokens;

  const CollectorKind& kind() const override { return kHttpPush; }
  std::string name() const override { return {}; }
  bool is_same(const CollectorConfig& other) const override;
  std::unique_ptr<Collector> make(const CollectorContext& context) const override;  // nullptr
};

// What is decided on before a body is read: headers' values, "" where there is none.
struct PushHead {
  std::string_view authorization;
  std::string_view content_type;
  std::string_view idempotency_key;
};

struct PushRequest {
  std::string authorization;  // the header's value, "" where there is none
  std::string content_type;
  std::string peer;  // address, for the record
  std::string body;
  std::string content_encoding = {};  // "" or "gzip"
  std::string idempotency_key = {};
  std::string id = {};         // for the log
  std::string programme = {};  // ?programme=, as Submission::programme
  bool is_dry_run = false;     // ?dry_run=true
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

// Thread: the event loop's, `io`; bodies that were sent as gzip are unpacked on `unpacker`. What is
// unpacked when the HttpPush is destroyed is dropped and never answered.
class HttpPush {
 public:
  // The references outlive it. `budget` is shared with the server: what a push holds from its body
  // to its answer, unpacked and read, counts against it.
  HttpPush(boost::asio::io_context& io, boost::asio::thread_pool& unpacker, SubmissionSink& sink,
           std::vector<PushToken> tokens,
           std::shared_ptr<ByteBudget> budget = std::make_shared<ByteBudget>(SIZE_MAX));

  // The department whose token this Authorization header carries; "" where it carries none that is
  // known. Every known hash is compared in constant time. Call it before reading a body.
  std::string authenticate(std::string_view authorization) const;

  // Whether this header carries a token of the supervision office, compared likewise.
  bool is_office(std::string_view authorization) const;

  // The token that this header carries, compared likewise; null where it carries none that is
  // known. Valid until the tokens change.
  const PushToken* find_token(std::string_view authorization) const;

  // The 401 for an Authorization header without a known token of a department, nullopt for one
  // with.
  std::optional<PushAnswer> refuse_stranger(std::string_view authorization) const;

  // For the server, once for each request before it reads the body; nullopt where it may come. 401
  // without or with a wrong token; 429 with Retry-After where the token has pushed too often; 415
  // for a media type that cannot be figures (a page, an image) or a charset that intake does not
  // read; 400 for an Idempotency-Key of more than 255 bytes.
  std::optional<PushAnswer> turn_away(const PushHead& head);

  // A request that turn_away() let in: what the receipt says is 200 taken, 422 refused, 400
  // unreadable, 503 with Retry-After unavailable; 413 and 400 for gzip that is too large or
  // damaged; 400 for a form that has not one file. A request whose key the same token has used
  // before gets the answer of then, across restarts, or 422 where its unpacked body is another. 401
  // where the token went out of use meanwhile.
  void handle(PushRequest request, std::function<void(PushAnswer)> done);

  void set_tokens(std::vector<PushToken> tokens);  // reload
  void set_limits(PushLimits limits);

 private:
  using Done = std::function<void(PushAnswer)>;

  // `boundary` is that of a form in which the file stands; "" where the body is the file.
  void unpack(Submission submission, std::string boundary, Done done);
  void submit(Submission submission, const std::string& boundary, Done done);

  boost::asio::io_context& io_;
  boost::asio::thread_pool& unpacker_;
  SubmissionSink& sink_;
  std::vector<PushToken> tokens_;
  PushLimits limits_;
  PushRate rate_;
  std::shared_ptr<ByteBudget> budget_;  // shared with the pushes under way too
  std::shared_ptr<HttpPush*> self_;     // held weakly by what comes back from `unpacker_`
};

// 32 random bytes in base64url, with which `token new` answers. Throws std::runtime_error where the
// system gives no randomness.
std::string new_token();

}  // namespace districtd

// A route: a method and a path, who may use it, and who answers it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/access.h"
#include "daemon/http/answer.h"
#include "daemon/http/path_pattern.h"

namespace districtd {

struct HttpRequest {
  // For the log, and in the answer as X-Request-Id: the client's where it is 1 to 64 of
  // [A-Za-z0-9._-], else one of ours, unique while the process runs.
  std::string id;
  std::string method;
  std::string path;  // as it came, without the query; valid percent-encoding
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  PathCaptures captures;                                   // decoded; see capture()
  std::string authorization;
  std::string content_type;
  std::string content_encoding;  // "" or "gzip"; what takes the body has to unpack it
  bool accepts_gzip = false;     // RFC 9110, section 12.5.3
  std::string idempotency_key;
  std::string peer;  // the client's address
  RequestSource source;
  Caller caller;  // as whom the route let the request in
  std::string body;

  // The path segment that the route's pattern calls {name}. The pattern must have one.
  const std::string& capture(std::string_view name) const;
};

using HttpReply = std::function<void(HttpAnswer)>;  // called once, on the event loop's thread

enum class RequestBody {
  ignored,  // see HttpRoute::kMostIgnored
  taken,
};

struct HttpRoute {
  std::string method;
  std::string pattern;  // see PathPattern: "/api/v1/targets/{id}"
  Access access;
  std::function<void(HttpRequest, HttpReply)> handle;
  RequestBody body = RequestBody::ignored;
  // Says what speaks against the request before its body is read, such as its Content-Type: that
  // answer is sent and `handle` is not called. nullopt: nothing does. Called once for a request
  // that `access` lets in. May be empty.
  std::function<std::optional<HttpAnswer>(const HttpRequest&)> check_head = nullptr;

  // Where the body is ignored, the server throws away at most this many bytes of it and answers 413
  // beyond. So nobody fills the memory through a route that has no use for a body.
  static constexpr std::size_t kMostIgnored = 64U << 10;
};

// Everything that a server answers. A route that asks for a token needs the authenticator.
struct HttpApi {
  std::vector<HttpRoute> routes;
  std::unique_ptr<Authenticator> authenticator;
};

}  // namespace districtd

// The HTTP server: Beast on the event loop. It only translates; what is said is the handlers'.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>

namespace districtd {

class ServerCertificate;

struct HttpRequest {
  // For the log, and in the answer as X-Request-Id: the client's where it is 1 to 64 of
  // [A-Za-z0-9._-], else one of ours, unique while the process runs.
  std::string id;
  std::string method;
  std::string path;                                        // decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  std::string authorization;
  std::string content_type;
  std::string content_encoding;  // "" or "gzip"; what takes the body has to unpack it
  std::string idempotency_key;
  std::string peer;
  // It came by a listener that serves only whoever shows a token, see HttpRoute::asks_token.
  bool must_show_token = false;
  std::string body;
};

// The answer: `body`, or `pieces` sent one after the other without copying.
struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::shared_ptr<const std::string>> pieces;  // shared with what renders them
  std::vector<std::pair<std::string, std::string>> headers;
};

using HttpReply = std::function<void(HttpAnswer)>;  // once, on the event loop's thread

// One route: METHOD and a pattern, whose last segment may be "{}" for one path segment.
struct HttpRoute {
  std::string method;
  std::string pattern;  // "/api/v1/targets/{}"; the handler label of the duration metric
  // Called once, before a body is read; an answer with status other than 0 is sent instead (401,
  // 415, 429). May be empty.
  std::function<HttpAnswer(const HttpRequest&)> admit;
  std::function<void(HttpRequest, HttpReply)> handle;
  // Where false, `handle` sees an empty body: at most kMostUnwanted bytes are read and thrown away,
  // 413 beyond. So nobody fills the memory through a route that asks him for nothing.
  bool takes_body = false;
  // Whether its handler turns away whoever shows no token where the request must_show_token. Others
  // are 404 on such a listener.
  bool asks_token = false;

  static constexpr std::size_t kMostUnwanted = 64u << 10;
};

// May change while the server runs.
struct HttpLimits {
  std::size_t max_body_bytes = 16u << 20;    // of a route that takes one: 413 beyond
  std::size_t max_header_bytes = 16u << 10;  // 431 beyond
  // For a request to arrive whole: 408. A connection that has not begun its first one by then is
  // closed.
  std::chrono::seconds request_timeout{30};
  std::chrono::seconds idle_timeout{75};  // between requests: closed
  // Beyond it the connection that has been idle longest is closed; where none is, further ones wait
  // in the kernel's queue.
  std::size_t max_connections = 1024;
  // The least throughput of an answer: one that has not gone out within request_timeout + its size
  // / this is given up and its connection closed, as is one of which nothing is taken for
  // request_timeout. Or readers that take a few bytes a second would hold every connection.
  std::size_t least_answer_bytes_per_second = 64u << 10;
};

struct HttpServerOptions : HttpLimits {
  std::vector<std::string> listen;  // "127.0.0.1:9480", "[::1]:9480"
  // With TLS, where there is a certificate.
  std::vector<std::string> tls_listen;
  std::shared_ptr<ServerCertificate> certificate;
  bool tls_serves_all = true;  // else only routes that ask for a token
};

// One answer that has gone out.
struct HttpServed {
  std::string_view pattern;  // of its route; "other" where there was none
  std::string_view method;   // "" where the request was none
  std::string_view request_id;
  std::string_view peer;
  unsigned status = 0;
  std::chrono::nanoseconds took{};
};

// HTTP/1.1 with keep-alive and pipelining in order. Every error is a JSON {"error":{...}}: 400 for
// what is no HTTP, or HTTP without TLS where TLS is spoken, 404, 405 with Allow, 408, 413, 431,
// 500.
//
// Thread: everything on the event loop's.
class HttpServer {
 public:
  using Observer = std::function<void(const HttpServed&)>;

  // Binds at once; throws std::runtime_error with the address and what to do where it cannot.
  HttpServer(boost::asio::io_context& io, HttpServerOptions options, std::vector<HttpRoute> routes,
             Observer observer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void start();

  // Accepts no more, closes idle connections, lets requests under way finish and then calls `done`.
  void drain(std::function<void()> done);

  std::vector<std::uint16_t> ports() const;  // as bound, for ":0" in tests; those with TLS last
  void set_limits(const HttpLimits& limits);
  // For connections that come from now on.
  void set_certificate(std::shared_ptr<ServerCertificate> certificate);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace districtd

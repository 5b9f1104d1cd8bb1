// The HTTP server: Beast on the event loop. It decides who may use a route; what a route answers is
// its handler's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <boost/asio/io_context.hpp>

#include "base/byte_budget.h"
#include "daemon/http/known_hosts.h"
#include "daemon/http/route.h"

namespace districtd {

class ServerCertificate;

// What the server bears. May change while it runs.
struct HttpLimits {
  std::size_t max_body_bytes = 16U << 20;    // of a route that takes one: 413 beyond
  std::size_t max_header_bytes = 16U << 10;  // 431 beyond
  // Within this time a request's header must arrive whole, else it is answered 408. A connection
  // that has sent nothing by then is closed without an answer. Bodies and answers may take longer:
  // as long as they go on within this time, and on the average of all but this time at
  // least_bytes_per_second.
  std::chrono::seconds request_timeout{30};
  std::chrono::seconds idle_timeout{75};    // a connection that is idle for longer is closed
  std::chrono::seconds answer_timeout{30};  // a request whose handler needs longer is answered 503
  // Of each listener. Beyond it those make room who have the least to lose, see Places; where
  // nobody can, new ones wait in the kernel's queue.
  std::size_t max_connections = 1024;
  // Of one client at one listener; 0: as many as there are. Clients on this machine are not
  // counted, so that a reverse proxy may have as many as it likes.
  std::size_t max_connections_per_client = 128;
  // Of a body that arrives and of an answer that goes out. Otherwise clients that send or read a
  // few bytes a second would hold every connection.
  std::size_t least_bytes_per_second = 1U << 10;
  // What the bodies and answers of all connections may hold together, a quarter of it only once
  // they are handed to a handler. Where no more is to be had, the largest unfinished body is
  // answered 503, the client that takes nothing of its answer is let go, and a new answer of more
  // than kUncounted is 503.
  std::size_t memory_bytes = 256U << 20;
  static constexpr std::size_t kUncounted = 64U << 10;  // a body or an answer up to this is not
};

struct HttpServerOptions : HttpLimits {
  std::vector<std::string> listen;                 // without TLS: "127.0.0.1:9480", "[::1]:9480"
  std::vector<std::string> tls_listen;             // with TLS; needs the certificate
  std::shared_ptr<ServerCertificate> certificate;  // shared with the connections that began with it
  bool tls_serves_all = true;                // else tls_listen is for token holders, see Audience
  std::vector<std::string> bulletin_listen;  // without TLS, for readers of bulletins
  // Under which names the server may be asked without a token. Where they are the defaults, the
  // address that a client connected to and the certificate's names are known too.
  KnownHosts hosts;
  bool hosts_are_default = true;
};

// How much of the limits is in use.
struct HttpLoad {
  struct OfListener {
    std::string address;  // as it was given: "127.0.0.1:9480"
    std::size_t connections = 0;
    std::size_t max_connections = 0;
    std::size_t displaced = 0;  // since the start: connections that made room for others
    std::size_t refused = 0;    // since the start: of clients that had too many already
  };
  std::vector<OfListener> listeners;
  std::size_t bytes = 0;  // of ByteBudget, with what pushes hold
  std::size_t max_bytes = 0;
};

// One answer that has gone out.
struct HttpServed {
  std::string_view pattern;  // its route's, without names (PathPattern::label); "other": no route
  std::string_view method;   // "" where what came was no HTTP request
  std::string_view request_id;
  std::string_view peer;
  unsigned status = 0;
  std::chrono::nanoseconds took{};
};

// HTTP/1.1 with keep-alive; requests of one connection are answered in their order. What the server
// itself refuses gets an error_answer(): 400 for what is no HTTP and for HTTP without TLS on a TLS
// port, 404, 405 with Allow, 408, 413, 415, 431, 500, 501, 503 with Retry-After; 401 and 403 as the
// authenticator says.
//
// Before a body is read a request passes, in this order: its header's form, its source (421, 403;
// see refuse_source()), its route (404, 405), the route's access (401, 403, 429), the route's
// check_head, the announced length (413), and whether there is a place for what may have to wait
// (503).
//
// Log events: accept_failed, request_failed, tls_handshake_failed.
//
// Thread: everything on the event loop's.
class HttpServer {
 public:
  using Observer = std::function<void(const HttpServed&)>;

  // Binds at once. Throws std::runtime_error, with the address and what to do, where it cannot.
  // `observer` may be empty. `budget` is what its connections count their memory against, shared
  // with whatever else holds what they sent; its limit becomes that of the options.
  HttpServer(boost::asio::io_context& io, HttpServerOptions options, HttpApi api, Observer observer,
             std::shared_ptr<ByteBudget> budget = std::make_shared<ByteBudget>(0));
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void start();

  // Accepts no more connections, closes idle ones, answers the requests under way, then calls
  // `done`.
  void drain(std::function<void()> done);

  std::vector<std::uint16_t> ports() const;  // as bound, for ":0" in tests; in the order
                                             // listen, tls_listen, bulletin_listen
  HttpLoad load() const;
  void set_limits(const HttpLimits& limits);
  void set_hosts(KnownHosts hosts, bool are_default);
  // Connections that come from now on begin with it.
  void set_certificate(std::shared_ptr<ServerCertificate> certificate);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace districtd

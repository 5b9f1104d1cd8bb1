// One client's connection: requests in, answers out, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/http/client_stream.h"
#include "daemon/http/deadline_queue.h"
#include "daemon/http/request_parser.h"
#include "daemon/http/route_table.h"
#include "daemon/http/server.h"

namespace districtd {

class Connection;

// What all connections of a server have in common. Outlives every connection that is not closed.
struct ConnectionsShared {
  ConnectionsShared(boost::asio::io_context& io, HttpServerOptions given,
                    std::vector<HttpRoute> given_routes, HttpServer::Observer given_observer);

  bool is_full() const { return open.size() >= options.max_connections; }
  std::string new_request_id();

  HttpServerOptions options;
  RouteTable routes;
  RouteTable token_routes;  // those of them that ask for a token
  HttpServer::Observer observer;
  DeadlineQueue idle;     // for the next request to begin
  DeadlineQueue request;  // for a handshake, a request to arrive, and an answer to move at all
  DeadlineQueue linger;
  // The owner of every open connection. The handlers of its pending operations own it too, until
  // they have run; a reply that is still to come does not.
  std::unordered_map<Connection*, std::shared_ptr<Connection>> open;
  std::size_t lingering = 0;  // of the open ones: answered, waiting for the client to close
  bool draining = false;
  // A connection closed, began to linger, or became idle while all places were taken: there may be
  // room for another. May close any idle one.
  std::function<void()> on_room;

 private:
  std::uint64_t last_request_id_;
};

// Shakes hands where it has TLS. Reads a request, waits for its answer, writes it, and only then
// looks at the next one. Where a connection ends with an answer, it stops sending and reads for a
// while what the client still sends: closing at once would reset the connection and take the answer
// from the client's hands.
//
// Thread: the event loop's.
class Connection : public std::enable_shared_from_this<Connection>, private Deadline {
 public:
  // Without a certificate: without TLS. Where `must_show_token`, it serves only routes that ask for
  // a token.
  Connection(ClientStream::Socket socket, std::shared_ptr<ServerCertificate> certificate,
             bool must_show_token, ConnectionsShared& shared);

  void start();
  void drain();  // closes where nothing is under way
  void close();  // at once

 private:
  enum class State { handshaking, idle, reading, handling, writing, lingering, closed };

  void expired() override;

  void on_handshake(boost::system::error_code failure);
  void await_first_request();
  void run();
  bool step();
  void read();
  void on_read(boost::system::error_code failure, std::size_t bytes);
  bool make_room();

  void begin_request();
  void on_header();
  std::optional<HttpAnswer> refusal();
  void on_request();
  void on_syntax_error(boost::system::error_code failure);
  HttpAnswer too_large() const;
  bool body_is_buffered();
  void send_continue();
  void take_request_id();

  void reply(std::uint64_t request, HttpAnswer answer);
  void refuse(HttpAnswer answer);  // answers and closes
  void respond(HttpAnswer answer);
  void write();
  bool advance(std::size_t bytes);
  void on_written();
  void linger();
  void stop_sending();
  void discard();
  void on_discarded(boost::system::error_code failure, std::size_t bytes);

  std::string_view pattern() const;

  ClientStream stream_;
  const bool must_show_token_;
  ConnectionsShared& shared_;
  std::string peer_;
  State state_ = State::idle;
  bool running_ = false;  // run() is on the stack
  bool read_pending_ = false;

  // Bytes received and not yet parsed: buffer_[begin_, end_).
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  // The request under way.
  std::uint64_t request_ = 0;
  std::string request_id_;  // "" until the header is read
  Clock::time_point began_;
  std::optional<RequestParser> parser_;
  bool header_done_ = false;
  std::size_t header_bytes_ = 0;
  const HttpRoute* route_ = nullptr;
  bool keep_alive_ = true;

  // The answer under way. It waits while a 100 Continue goes out.
  bool continue_pending_ = false;
  std::string head_;
  HttpAnswer answer_;  // keeps alive what unsent_ shows
  std::vector<boost::asio::const_buffer> buffers_;
  std::span<boost::asio::const_buffer> unsent_;
  Clock::time_point answer_by_;  // given up then, though it moves
  std::size_t drained_ = 0;      // bytes thrown away while lingering
};

}  // namespace districtd

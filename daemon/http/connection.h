// One client's connection: requests in, answers out, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <boost/system/error_code.hpp>

#include "base/byte_budget.h"
#include "daemon/http/client_stream.h"
#include "daemon/http/connections_shared.h"
#include "daemon/http/deadline_queue.h"
#include "daemon/http/outgoing_answer.h"
#include "daemon/http/places.h"
#include "daemon/http/receive_buffer.h"
#include "daemon/http/request_parser.h"
#include "daemon/http/route_table.h"

namespace districtd {

// Shakes hands where it has TLS. Then it reads one request, waits for its answer, writes it, and
// only then looks at the next request. After the last answer it stops sending and reads for a while
// what the client still sends, and throws it away: closing at once would reset the connection, and
// the client might lose the answer.
//
// connection.cpp reads, connection_answer.cpp writes, connection_limits.cpp says what it may hold
// and for how long.
//
// Thread: the event loop's.
class Connection : public std::enable_shared_from_this<Connection>, private Deadline {
 public:
  // Speaks TLS where `certificate` is not null. Serves the routes that the audience of the
  // listener, `entrance`, may see.
  Connection(ClientStream::Socket socket, std::shared_ptr<ServerCertificate> certificate,
             Entrance entrance, ConnectionsShared& shared, Places& places);

  bool enter();  // takes its place, see Places::enter(); once, before start()
  void start();
  void drain();  // closes unless a request is under way
  void close();  // whatever is under way

 private:
  enum class State { handshaking, idle, reading, handling, writing, lingering, closed };

  void expired() override;
  void displaced() override;
  void wait_for_more(Clock::time_point now);
  bool is_too_slow(std::size_t bytes, Clock::time_point began, Clock::time_point now) const;
  bool hold_body();
  bool hold_answer(const HttpAnswer& answer);
  bool let_one_go() const;
  void let_go_of_answer();
  static HttpAnswer too_busy();
  HttpAnswer no_answer() const;

  void on_handshake(boost::system::error_code failure);
  void await_first_request();
  void run();
  bool step();
  bool parse();
  void read();
  void on_read(boost::system::error_code failure, std::size_t bytes);

  RequestParser& parser();
  void begin_request();
  void on_header();
  std::optional<HttpAnswer> refusal();
  std::optional<HttpAnswer> check_source();
  std::optional<HttpAnswer> find_route();
  std::optional<HttpAnswer> check_route();
  bool body_is_buffered();
  void send_continue();
  void take_request_id();
  void on_request();
  void on_syntax_error(boost::system::error_code failure);
  HttpAnswer too_large();
  AccessRequest access_request();
  HttpAnswer failed(std::string_view what, const std::exception& failure) const;

  void reply(std::uint64_t request, HttpAnswer answer);
  void refuse(HttpAnswer answer);  // answers and closes
  void respond(HttpAnswer answer);
  void write();
  void on_written();
  void linger();
  void stop_sending();
  void discard();
  void on_discarded(boost::system::error_code failure, std::size_t bytes);

  std::string_view pattern() const;

  ClientStream stream_;
  const Entrance entrance_;
  ConnectionsShared& shared_;
  Places& places_;
  const boost::asio::ip::address local_address_;
  const boost::asio::ip::address peer_address_;
  std::string peer_;
  std::string client_;  // of client_of()
  bool has_place_ = false;
  State state_ = State::idle;
  bool running_ = false;  // run() is on the stack
  bool read_pending_ = false;
  ReceiveBuffer received_;

  // The request under way.
  std::uint64_t request_ = 0;
  std::string request_id_;  // "" until the header is read
  Clock::time_point began_;
  bool has_proved_itself_ = false;  // a token stands for this request
  bool is_push_ = false;            // counted by its listener as one
  ByteBudget::Share held_;          // of the request's body, then of the answer's
  std::optional<RequestParser> parser_;
  bool header_done_ = false;
  std::size_t header_bytes_ = 0;
  const RouteTable::Entry* route_ = nullptr;  // null: not known yet, or there is none
  bool keep_alive_ = true;

  // The answer under way. It waits while a 100 Continue goes out.
  bool continue_pending_ = false;
  OutgoingAnswer answer_;
  Clock::time_point answer_began_;
  PiecesInFlight::Pieces counted_pieces_;  // of the answer, in ConnectionsShared::pieces
  std::size_t drained_ = 0;                // bytes thrown away while lingering
};

}  // namespace districtd

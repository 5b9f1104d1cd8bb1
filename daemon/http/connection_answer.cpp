// How a connection writes its answers and ends.
#include <chrono>
#include <string>
#include <utility>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "base/ports/clock.h"
#include "daemon/http/connection.h"

namespace districtd {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kMostDrained = 64U << 20;

}  // namespace

void Connection::reply(std::uint64_t request, HttpAnswer answer) {
  if (state_ == State::handling && request == request_) respond(std::move(answer));
}

void Connection::refuse(HttpAnswer answer) {
  keep_alive_ = false;
  std::string().swap(
      parser().request().body);  // nobody is going to read it; = would keep its memory
  respond(std::move(answer));
}

void Connection::respond(HttpAnswer answer) {
  state_ = State::writing;
  unlink();
  const bool was_push = std::exchange(is_push_, false);
  if (was_push) places_.end_push();
  held_.reset();
  if (!hold_answer(answer) && !was_push) answer = too_busy();
  keep_alive_ = keep_alive_ && !shared_.draining;
  const Persistence persistence = !keep_alive_         ? Persistence::close
                                  : parser().http_11() ? Persistence::implied
                                                       : Persistence::keep_alive;
  if (request_id_.empty()) take_request_id();
  answer_.begin(std::move(answer), persistence, request_id_, parser().is_head());
  // Without TLS most answers fit into the socket's buffer, and no operation has to be started.
  if (!stream_.speaks_tls() && !continue_pending_) {
    error_code failure;
    const std::size_t sent = stream_.socket().write_some(answer_.unsent(), failure);
    if (failure && failure != asio::error::would_block) return close();
    if (answer_.advance(failure ? 0 : sent)) return on_written();
  }
  answer_began_ = steady_now();
  places_.moving.push(*this, answer_began_);
  if (!continue_pending_) write();
}

void Connection::write() {
  stream_.async_write_some(
      answer_.unsent(), [self = shared_from_this()](error_code failure, std::size_t bytes) {
        if (self->state_ != State::writing) return;
        if (failure) return self->close();
        if (self->answer_.advance(bytes)) return self->on_written();
        const auto now = steady_now();
        if (self->is_too_slow(self->answer_.sent(), self->answer_began_, now)) {
          return self->close();
        }
        self->places_.moving.push(*self, now);
        self->write();
      });
}

void Connection::on_written() {
  const auto now = steady_now();
  if (shared_.observer) {
    shared_.observer(
        {.pattern = pattern(),
         .method = route_ == nullptr ? parser().request().method : route_->route.method,
         .request_id = request_id_,
         .peer = peer_,
         .status = answer_.status(),
         .took = now - began_});
  }
  answer_.clear();
  let_go_of_answer();
  if (!keep_alive_) return linger();
  if (shared_.draining) return close();
  received_.shrink();
  state_ = State::idle;
  places_.idle.push(*this, now);
  run();
}

void Connection::linger() {
  state_ = State::lingering;
  ++shared_.lingering;
  places_.linger.push(*this, steady_now());
  if (stream_.speaks_tls()) {
    // It fails where the client still sends; the client has been told the end all the same.
    stream_.async_shutdown([self = shared_from_this()](error_code) { self->stop_sending(); });
  } else {
    stop_sending();
  }
  shared_.on_room();
}

void Connection::stop_sending() {
  if (state_ == State::closed) return;
  error_code failure;
  stream_.socket().shutdown(ClientStream::Socket::shutdown_send, failure);
  if (failure) return close();
  if (stream_.speaks_tls() || !read_pending_) discard();
}

// Reads from the socket itself, even with TLS: nobody needs to understand what comes now. A read
// that TLS still has pending may take some of the bytes.
void Connection::discard() {
  stream_.socket().async_read_some(
      received_.scratch(), [self = shared_from_this()](error_code failure, std::size_t bytes) {
        self->on_discarded(failure, bytes);
      });
}

void Connection::on_discarded(error_code failure, std::size_t bytes) {
  if (state_ == State::closed) return;
  drained_ += bytes;
  if (failure || drained_ > kMostDrained) return close();
  discard();
}

}  // namespace districtd

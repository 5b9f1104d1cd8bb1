#include "daemon/http/connection.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <exception>
#include <random>
#include <utility>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <spdlog/spdlog.h>

#include "base/digest.h"
#include "daemon/http/answer_text.h"

namespace districtd {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kFirstBuffer = 4u << 10;
constexpr std::size_t kBodyBuffer = 64u << 10;
constexpr std::size_t kSmallBody = 8u << 10;  // cheaper to copy behind the head than to gather
constexpr std::size_t kMostDrained = 64u << 20;
constexpr std::chrono::seconds kLinger{2};

std::string address_of(const ClientStream::Socket& socket) {
  error_code failure;
  const auto endpoint = socket.remote_endpoint(failure);
  return failure ? std::string() : endpoint.address().to_string();
}

bool is_http_without_tls(const error_code& failure) {
  return failure.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(failure.value())) == SSL_R_HTTP_REQUEST;
}

std::vector<HttpRoute> that_ask_for_a_token(std::vector<HttpRoute> routes) {
  std::erase_if(routes, [](const HttpRoute& route) { return !route.asks_token; });
  return routes;
}

std::uint64_t random_start() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

}  // namespace

ConnectionsShared::ConnectionsShared(asio::io_context& io, HttpServerOptions given,
                                     std::vector<HttpRoute> given_routes,
                                     HttpServer::Observer given_observer)
    : options(std::move(given)),
      routes(given_routes),
      token_routes(that_ask_for_a_token(std::move(given_routes))),
      observer(std::move(given_observer)),
      idle(io, options.idle_timeout),
      request(io, options.request_timeout),
      linger(io, kLinger),
      last_request_id_(random_start()) {}

// Twelve hexadecimal digits: as many as differ before a process has answered 2^48 requests, and few
// enough that a std::string keeps them without an allocation.
std::string ConnectionsShared::new_request_id() {
  std::array<unsigned char, 6> bytes{};
  std::uint64_t rest = ++last_request_id_;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, rest >>= 8) {
    *byte = static_cast<unsigned char>(rest & 0xFFU);
  }
  return to_hex(bytes);
}

Connection::Connection(ClientStream::Socket socket, std::shared_ptr<ServerCertificate> certificate,
                       bool must_show_token, ConnectionsShared& shared)
    : stream_(std::move(socket), std::move(certificate)),
      must_show_token_(must_show_token),
      shared_(shared),
      peer_(address_of(stream_.socket())) {}

void Connection::start() {
  error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  error_code failure;
  stream_.socket().non_blocking(true, failure);
  if (failure) return close();
  if (!stream_.speaks_tls()) return await_first_request();
  state_ = State::handshaking;
  shared_.request.push(*this, Clock::now());
  stream_.async_handshake(
      [self = shared_from_this()](error_code outcome) { self->on_handshake(outcome); });
}

void Connection::on_handshake(error_code failure) {
  if (state_ == State::closed) return;
  if (!failure) return await_first_request();
  if (!is_http_without_tls(failure)) {
    spdlog::debug("http: no TLS with {}: {}", peer_, failure.message());
    return close();
  }
  stream_.give_up_tls();
  begin_request();
  refuse(error_answer(400, "tls_expected",
                      "这个端口只接受加密的 HTTPS 连接，请把地址开头的 http:// 改为 https://。"));
}

// Not in the idle queue, so that it does not have to make room before it has been served.
void Connection::await_first_request() {
  state_ = State::idle;
  shared_.request.push(*this, Clock::now());
  run();
}

void Connection::drain() {
  if (state_ == State::idle || state_ == State::handshaking) close();
}

void Connection::close() {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  if (state_ == State::lingering) --shared_.lingering;
  state_ = State::closed;
  unlink();
  error_code ignored;
  stream_.socket().close(ignored);
  shared_.open.erase(this);
  shared_.on_room();
}

void Connection::expired() {
  const auto self = shared_from_this();
  if (state_ == State::reading) {
    refuse(error_answer(408, "request_timeout", "请求没有在规定时间内发送完整，请重新发送。"));
  } else {
    close();
  }
}

// Parses what is there until it needs more bytes or the request's answer is not there yet. A loop:
// answers that come at once would otherwise stack up one call a pipelined request.
void Connection::run() {
  if (running_) return;
  running_ = true;
  while (step()) {
  }
  running_ = false;
  if (state_ == State::idle && shared_.is_full()) shared_.on_room();
  if ((state_ == State::idle || state_ == State::reading) && !read_pending_) read();
}

bool Connection::step() {
  if (state_ == State::idle) {
    // RFC 9112 section 2.2: empty lines before a request are to be ignored.
    while (begin_ < end_ && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) ++begin_;
    if (begin_ == end_) return false;
    begin_request();
  }
  if (state_ != State::reading || begin_ == end_) return false;

  error_code failure;
  const std::size_t taken =
      parser_->put(asio::const_buffer(&buffer_[begin_], end_ - begin_), failure);
  begin_ += taken;
  if (!header_done_) {
    header_bytes_ += taken;
    const std::size_t unparsed = parser_->is_header_done() ? 0 : end_ - begin_;
    if ((!failure || failure == http::error::need_more) &&
        header_bytes_ + unparsed > shared_.options.max_header_bytes) {
      failure = http::error::header_limit;
    }
  }
  if (failure == http::error::need_more) return false;
  if (failure) {
    on_syntax_error(failure);
    return true;
  }
  if (!header_done_ && parser_->is_header_done()) {
    header_done_ = true;
    on_header();
  }
  if (state_ == State::reading && parser_->is_done()) on_request();
  return true;
}

void Connection::read() {
  if (!make_room()) {
    return refuse(error_answer(400, "bad_request", "请求的分块格式不正确：块头过长。"));
  }
  read_pending_ = true;
  stream_.async_read_some(asio::mutable_buffer(&buffer_[end_], capacity_ - end_),
                          [self = shared_from_this()](error_code failure, std::size_t bytes) {
                            self->on_read(failure, bytes);
                          });
}

void Connection::on_read(error_code failure, std::size_t bytes) {
  read_pending_ = false;
  if (state_ == State::closed) return;
  if (state_ == State::lingering) {
    // With TLS, discard() reads behind TLS's back what comes from now on.
    if (!stream_.speaks_tls()) on_discarded(failure, bytes);
    return;
  }
  if (failure) {
    // While an answer is being written the client may have finished sending; writing goes on.
    if (state_ != State::writing) close();
    return;
  }
  if (state_ == State::writing) return;  // a refusal is on its way, nothing more is looked at
  end_ += bytes;
  run();
}

// Makes room for reading behind end_; false where the buffer is full of one piece that cannot be
// parsed and must not grow.
bool Connection::make_room() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    // A body that has proved to be large is read in larger pieces.
    if (state_ == State::reading && capacity_ < kBodyBuffer &&
        parser_->request().body.size() >= kFirstBuffer / 2) {
      buffer_ = std::make_unique_for_overwrite<char[]>(kBodyBuffer);
      capacity_ = kBodyBuffer;
    }
  }
  if (end_ < capacity_) return true;
  if (begin_ > 0) {
    std::memmove(&buffer_[0], &buffer_[begin_], end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return true;
  }
  const std::size_t most = std::max(kBodyBuffer, shared_.options.max_header_bytes + 1);
  if (capacity_ >= most) return false;
  const std::size_t grown = std::min(std::max(kFirstBuffer, 4 * capacity_), most);
  auto larger = std::make_unique_for_overwrite<char[]>(grown);
  if (end_ > 0) std::memcpy(&larger[0], &buffer_[0], end_);
  buffer_ = std::move(larger);
  capacity_ = grown;
  return true;
}

void Connection::begin_request() {
  state_ = State::reading;
  ++request_;
  request_id_.clear();
  began_ = Clock::now();
  shared_.request.push(*this, began_);
  parser_.emplace(shared_.options.max_header_bytes);
  header_done_ = false;
  header_bytes_ = 0;
  route_ = nullptr;
}

// The client's own, or a new one where it has none or its header cannot be read.
void Connection::take_request_id() {
  std::string& id = parser_->request().id;
  if (id.empty()) id = shared_.new_request_id();
  request_id_ = id;
}

void Connection::on_header() {
  take_request_id();
  keep_alive_ = parser_->keep_alive();
  parser_->set_max_body(shared_.options.max_body_bytes);
  if (auto answer = refusal()) {
    // Behind a request that was misunderstood, nothing can be understood.
    const bool unclear = answer->status == 400 || answer->status == 501;
    if (unclear || !body_is_buffered()) return refuse(std::move(*answer));
    return respond(std::move(*answer));
  }
  if (!parser_->is_done() && parser_->expects_continue() && begin_ == end_) send_continue();
}

// What the header alone says against the request.
std::optional<HttpAnswer> Connection::refusal() {
  if (const auto fault = parser_->header_fault()) {
    return error_answer(fault->status, fault->code, fault->message);
  }
  if (!parser_->resolve_target()) {
    return error_answer(400, "bad_request", "请求的地址格式不正确。");
  }
  HttpRequest& request = parser_->request();
  const RouteTable& routes = must_show_token_ ? shared_.token_routes : shared_.routes;
  route_ = routes.find(request.method, request.path);
  if (route_ == nullptr) {
    std::string allowed = routes.allowed(request.path);
    if (allowed.empty()) {
      return error_answer(
          404, "not_found",
          must_show_token_ ? "没有这个地址。这个端口只供持令牌的部门报送。" : "没有这个地址。");
    }
    HttpAnswer answer = error_answer(405, "method_not_allowed",
                                     "这个地址不支持该请求方法，支持：" + allowed + "。");
    answer.headers.emplace_back("Allow", std::move(allowed));
    return answer;
  }
  request.peer = peer_;
  request.must_show_token = must_show_token_;
  if (!route_->takes_body) {
    parser_->set_max_body(std::min(shared_.options.max_body_bytes, HttpRoute::kMostUnwanted));
    parser_->discard_body();
  }
  if (route_->admit) {
    try {
      HttpAnswer answer = route_->admit(request);
      if (answer.status != 0) return answer;
    } catch (const std::exception& failure) {
      spdlog::error("http: admission to {} failed: {} request={}", route_->pattern, failure.what(),
                    request_id_);
      return error_answer(500, "internal", "服务器内部错误，请联系管理员。");
    }
  }
  if (parser_->content_length().value_or(0) > parser_->max_body()) return too_large();
  return std::nullopt;
}

// Whether the rest of the request is here already; then it is thrown away and the connection can
// go on.
bool Connection::body_is_buffered() {
  parser_->discard_body();
  while (!parser_->is_done() && begin_ < end_) {
    error_code failure;
    begin_ += parser_->put(asio::const_buffer(&buffer_[begin_], end_ - begin_), failure);
    if (failure) return false;
  }
  return parser_->is_done();
}

void Connection::send_continue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  continue_pending_ = true;
  // A client that waits for these bytes has read all before them, so they always fit.
  stream_.async_write_some(asio::buffer(kContinue),
                           [self = shared_from_this()](error_code failure, std::size_t sent) {
                             self->continue_pending_ = false;
                             if (failure || sent != kContinue.size()) return self->close();
                             if (self->state_ == State::writing) self->write();
                           });
}

void Connection::on_request() {
  state_ = State::handling;
  unlink();
  HttpRequest request = std::move(parser_->request());
  request.method = route_->method;  // a HEAD is answered as its GET
  const std::uint64_t number = request_;
  try {
    route_->handle(std::move(request), [weak = weak_from_this(), number](HttpAnswer answer) {
      if (const auto self = weak.lock()) self->reply(number, std::move(answer));
    });
  } catch (const std::exception& failure) {
    spdlog::error("http: the handler of {} failed: {} request={}", pattern(), failure.what(),
                  request_id_);
    reply(number, error_answer(500, "internal", "服务器内部错误，请联系管理员。"));
  }
}

void Connection::on_syntax_error(error_code failure) {
  if (failure == http::error::header_limit) {
    return refuse(error_answer(
        431, "header_too_large",
        "请求头过大，最多 " + std::to_string(shared_.options.max_header_bytes) + " 字节。"));
  }
  if (failure == http::error::body_limit) return refuse(too_large());
  refuse(error_answer(400, "bad_request", "不是有效的 HTTP 请求：" + failure.message() + "。"));
}

HttpAnswer Connection::too_large() const {
  const std::string most = std::to_string(parser_->max_body()) + " 字节。";
  return error_answer(413, "too_large",
                      route_->takes_body ? "请求正文过大，最多 " + most + "请拆分后分次报送。"
                                         : "这个地址不需要请求正文，收到的正文超过 " + most);
}

void Connection::reply(std::uint64_t request, HttpAnswer answer) {
  if (state_ == State::handling && request == request_) respond(std::move(answer));
}

void Connection::refuse(HttpAnswer answer) {
  keep_alive_ = false;
  respond(std::move(answer));
}

void Connection::respond(HttpAnswer answer) {
  state_ = State::writing;
  answer_ = std::move(answer);
  keep_alive_ = keep_alive_ && !shared_.draining;
  const Persistence persistence = !keep_alive_          ? Persistence::close
                                  : !parser_->http_11() ? Persistence::keep_alive
                                                        : Persistence::implied;
  head_.clear();
  if (request_id_.empty()) take_request_id();
  append_head(head_, answer_, body_length(answer_), persistence, std::time(nullptr), request_id_);
  buffers_.clear();
  const bool with_body = !parser_->is_head() && answer_.status != 204 && answer_.status != 304;
  const bool one_buffer = with_body && answer_.body.size() <= kSmallBody;
  if (one_buffer) head_ += answer_.body;
  buffers_.emplace_back(asio::buffer(head_));
  if (with_body) {
    if (!one_buffer) buffers_.emplace_back(asio::buffer(answer_.body));
    for (const auto& piece : answer_.pieces) {
      if (!piece->empty()) buffers_.emplace_back(asio::buffer(*piece));
    }
  }
  unsent_ = buffers_;
  if (!stream_.speaks_tls() && !continue_pending_) {
    error_code failure;
    const std::size_t sent = stream_.socket().write_some(unsent_, failure);
    if (failure && failure != asio::error::would_block) return close();
    if (advance(failure ? 0 : sent)) return on_written();
  }
  const auto now = Clock::now();
  answer_by_ = now + shared_.options.request_timeout +
               std::chrono::milliseconds(1000 * asio::buffer_size(unsent_) /
                                         shared_.options.least_answer_bytes_per_second);
  shared_.request.push(*this, now);
  if (!continue_pending_) write();
}

void Connection::write() {
  stream_.async_write_some(unsent_,
                           [self = shared_from_this()](error_code failure, std::size_t bytes) {
                             if (self->state_ != State::writing) return;
                             if (failure) return self->close();
                             if (self->advance(bytes)) return self->on_written();
                             const auto now = Clock::now();
                             if (now >= self->answer_by_) return self->close();
                             self->shared_.request.push(*self, now);
                             self->write();
                           });
}

// Takes sent bytes off unsent_; whether that was all.
bool Connection::advance(std::size_t bytes) {
  while (!unsent_.empty() && bytes >= unsent_.front().size()) {
    bytes -= unsent_.front().size();
    unsent_ = unsent_.subspan(1);
  }
  if (!unsent_.empty()) unsent_.front() += bytes;
  return unsent_.empty();
}

void Connection::on_written() {
  const auto now = Clock::now();
  if (shared_.observer) {
    shared_.observer({.pattern = pattern(),
                      .method = route_ == nullptr ? parser_->request().method : route_->method,
                      .request_id = request_id_,
                      .peer = peer_,
                      .status = answer_.status,
                      .took = now - began_});
  }
  answer_ = HttpAnswer();
  if (buffers_.capacity() > 64) buffers_ = {};
  if (!keep_alive_) return linger();
  if (shared_.draining) return close();
  if (capacity_ > kBodyBuffer / 2 && begin_ == end_) {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
  }
  state_ = State::idle;
  shared_.idle.push(*this, now);
  run();
}

void Connection::linger() {
  state_ = State::lingering;
  ++shared_.lingering;
  shared_.linger.push(*this, Clock::now());
  if (stream_.speaks_tls()) {
    // Fails where the client still sends; either way it has been told that this is the end.
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

// Reads from the socket itself: with TLS what comes now is of no meaning. A read that TLS still has
// pending may have its share of the bytes.
void Connection::discard() {
  if (capacity_ == 0) {
    buffer_ = std::make_unique_for_overwrite<char[]>(kFirstBuffer);
    capacity_ = kFirstBuffer;
  }
  stream_.socket().async_read_some(
      asio::buffer(&buffer_[0], capacity_),
      [self = shared_from_this()](error_code failure, std::size_t bytes) {
        self->on_discarded(failure, bytes);
      });
}

void Connection::on_discarded(error_code failure, std::size_t bytes) {
  if (state_ == State::closed) return;
  drained_ += bytes;
  if (failure || drained_ > kMostDrained) return close();
  discard();
}

std::string_view Connection::pattern() const {
  return route_ == nullptr ? std::string_view("other") : std::string_view(route_->pattern);
}

}  // namespace districtd

#include "daemon/http/connection.h"

#include <algorithm>
#include <utility>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include "base/check.h"
#include "base/json_writer.h"
#include "base/ports/clock.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// Unspecified where the client has gone already.
asio::ip::address peer_of(const ClientStream::Socket& socket) {
  error_code failure;
  const auto endpoint = socket.remote_endpoint(failure);
  return failure ? asio::ip::address() : endpoint.address();
}

// The one of ours that the client connected to.
asio::ip::address local_of(const ClientStream::Socket& socket) {
  error_code failure;
  const auto endpoint = socket.local_endpoint(failure);
  return failure ? asio::ip::address() : endpoint.address();
}

std::string_view not_found_on(Audience audience) {
  switch (audience) {
    case Audience::everybody:
      break;
    case Audience::token_holders:
      return "没有这个地址。这个端口只供持令牌者使用。";
    case Audience::bulletin_readers:
      return "没有这个地址。这个端口只供查看督查通报（/bulletins/）。";
  }
  return "没有这个地址。";
}

bool is_http_without_tls(const error_code& failure) {
  return failure.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(failure.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace

Connection::Connection(ClientStream::Socket socket, std::shared_ptr<ServerCertificate> certificate,
                       Entrance entrance, ConnectionsShared& shared, Places& places)
    : stream_(std::move(socket), std::move(certificate)),
      entrance_(entrance),
      shared_(shared),
      places_(places),
      local_address_(local_of(stream_.socket())),
      peer_address_(peer_of(stream_.socket())),
      held_(shared.budget) {
  // Unspecified: the client has gone already.
  if (peer_address_.is_unspecified()) return;
  peer_ = peer_address_.to_string();
  client_ = client_of(peer_address_);
}

void Connection::start() {
  error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  error_code failure;
  stream_.socket().non_blocking(true, failure);
  if (failure) return close();
  if (!stream_.speaks_tls()) return await_first_request();
  state_ = State::handshaking;
  places_.unproven.push(*this, steady_now());
  stream_.async_handshake(
      [self = shared_from_this()](error_code outcome) { self->on_handshake(outcome); });
}

void Connection::on_handshake(error_code failure) {
  if (state_ == State::closed) return;
  if (!failure) return await_first_request();
  if (!is_http_without_tls(failure)) {
    log_event(LogLevel::debug, "tls_handshake_failed",
              "No TLS with " + peer_ + ": " + failure.message(), {{"peer", json_text(peer_)}});
    return close();
  }
  stream_.give_up_tls();
  begin_request();
  refuse(error_answer(400, "tls_expected",
                      "这个端口只接受加密的 HTTPS 连接，请把地址开头的 http:// 改为 https://。"));
}

void Connection::await_first_request() {
  state_ = State::idle;
  places_.unproven.push(*this, steady_now());
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
  let_go_of_answer();
  if (std::exchange(is_push_, false)) places_.end_push();
  if (std::exchange(has_place_, false)) places_.leave(client_);
  error_code ignored;
  stream_.socket().close(ignored);
  shared_.open.erase(this);
  shared_.on_room();
}

// Parses what is there until it needs more bytes or the request's answer is not there yet. A loop:
// answers that come at once would otherwise stack up one call a pipelined request.
void Connection::run() {
  if (running_) return;
  running_ = true;
  while (step()) {
  }
  running_ = false;
  if (state_ == State::idle && places_.is_full()) shared_.on_room();
  if ((state_ == State::idle || state_ == State::reading) && !read_pending_) read();
}

// One step of run(); false where it cannot go on for now.
bool Connection::step() {
  if (state_ == State::idle) {
    received_.skip_empty_lines();
    if (received_.empty()) return false;
    begin_request();
  }
  if (state_ != State::reading || received_.empty()) return false;
  return parse();
}

// False where the parser needs more bytes than there are.
bool Connection::parse() {
  error_code failure;
  const std::size_t taken = parser().put(received_.unparsed(), failure);
  received_.consume(taken);
  if (!header_done_) {
    header_bytes_ += taken;
    const std::size_t unparsed = parser().is_header_done() ? 0 : received_.size();
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
  if (!header_done_ && parser().is_header_done()) {
    header_done_ = true;
    on_header();
  }
  if (state_ == State::reading && hold_body() && parser().is_done()) on_request();
  return true;
}

void Connection::read() {
  const bool body_is_large =
      state_ == State::reading && parser().request().body.size() >= ReceiveBuffer::kSmall / 2;
  const std::size_t most = std::max(ReceiveBuffer::kLarge, shared_.options.max_header_bytes + 1);
  if (!received_.make_room(most, body_is_large)) {
    return refuse(error_answer(400, "bad_request", "请求的分块格式不正确：块头过长。"));
  }
  read_pending_ = true;
  stream_.async_read_some(received_.free(),
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
  received_.add(bytes);
  if (state_ == State::reading && header_done_) wait_for_more(steady_now());
  run();
}

RequestParser& Connection::parser() {
  DISTRICT_CHECK(parser_.has_value(), "a request is under way");
  return *parser_;
}

void Connection::begin_request() {
  state_ = State::reading;
  ++request_;
  request_id_.clear();
  began_ = steady_now();
  has_proved_itself_ = false;
  places_.unproven.push(*this, began_);
  parser_.emplace(shared_.options.max_header_bytes);
  header_done_ = false;
  header_bytes_ = 0;
  route_ = nullptr;
}

// The client's own, or a new one where it has none or its header cannot be read.
void Connection::take_request_id() {
  std::string& id = parser().request().id;
  if (id.empty()) id = shared_.new_request_id();
  request_id_ = id;
}

void Connection::on_header() {
  take_request_id();
  keep_alive_ = parser().keep_alive();
  parser().set_max_body(shared_.options.max_body_bytes);
  if (auto answer = refusal()) {
    // Behind a request that was misunderstood, nothing can be understood.
    const bool unclear = answer->status == 400 || answer->status == 501;
    if (unclear || !body_is_buffered()) return refuse(std::move(*answer));
    return respond(std::move(*answer));
  }
  if (parser().is_done()) return;
  if (has_proved_itself_) places_.arriving.push(*this, began_);
  if (parser().expects_continue() && received_.empty()) send_continue();
}

// What speaks against the request before its body is read.
std::optional<HttpAnswer> Connection::refusal() {
  if (const auto fault = parser().header_fault()) {
    return error_answer(fault->status, fault->code, fault->message);
  }
  if (!parser().resolve_target()) {
    return error_answer(400, "bad_request", "请求的地址格式不正确。");
  }
  if (auto answer = check_source()) return answer;
  if (auto answer = find_route()) return answer;
  if (route_->route.body == RequestBody::ignored) {
    parser().set_max_body(std::min(shared_.options.max_body_bytes, HttpRoute::kMostIgnored));
    parser().discard_body();
  }
  try {
    if (auto answer = check_route()) return answer;
  } catch (const std::exception& failure) {
    return failed("The check of a request to", failure);
  }
  if (parser().content_length().value_or(0) > parser().max_body()) return too_large();
  has_proved_itself_ = parser().request().caller.role != Caller::Role::anyone;
  if (route_->route.body == RequestBody::taken) {
    if (!places_.begin_push()) return too_busy();
    is_push_ = true;
  }
  return std::nullopt;
}

AccessRequest Connection::access_request() {
  const HttpRequest& request = parser().request();
  return {request.method,
          request.authorization,
          request.source,
          peer_address_,
          shared_.is_own_host(request.source.host, local_address_),
          shared_.options.hosts};
}

// Nothing is told to a page of somebody else's, not even which routes there are. A request that
// shows a token no browser was made to send; where the token is not what lets it in, admit() asks
// for the source too.
std::optional<HttpAnswer> Connection::check_source() {
  if (!parser().request().authorization.empty()) return std::nullopt;
  return refuse_source(access_request(), shared_.authenticator.get());
}

// Sets route_ and what it captures; the answer where there is no route.
std::optional<HttpAnswer> Connection::find_route() {
  HttpRequest& request = parser().request();
  const RouteTable& routes = shared_.routes_for(entrance_.audience);
  if (auto found = routes.find(request.method, request.path)) {
    route_ = found->entry;
    request.captures = std::move(found->captures);
    return std::nullopt;
  }
  std::string allowed = routes.allowed(request.path);
  if (allowed.empty()) {
    return error_answer(404, "not_found", not_found_on(entrance_.audience));
  }
  HttpAnswer answer =
      error_answer(405, "method_not_allowed", "这个地址不支持该请求方法，支持：" + allowed + "。");
  answer.headers.emplace_back("Allow", std::move(allowed));
  return answer;
}

// The one place where access is decided: sets the caller, or gives the answer to whom the route
// does not let in. Then the route's own check of the head.
std::optional<HttpAnswer> Connection::check_route() {
  const HttpRoute& route = route_->route;
  HttpRequest& request = parser().request();
  request.peer = peer_;
  Result<Caller, HttpAnswer> caller =
      admit(route.access, entrance_, access_request(), shared_.authenticator.get());
  if (!caller) return std::move(caller).error();
  request.caller = *std::move(caller);
  return route.check_head ? route.check_head(request) : std::nullopt;
}

// Whether the rest of the request is here already; then it is thrown away and the connection can
// go on.
bool Connection::body_is_buffered() {
  parser().discard_body();
  while (!parser().is_done() && !received_.empty()) {
    error_code failure;
    received_.consume(parser().put(received_.unparsed(), failure));
    if (failure) return false;
  }
  return parser().is_done();
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
  DISTRICT_CHECK(route_ != nullptr, "a request without a route was refused");
  state_ = State::handling;
  places_.handled.push(*this, steady_now());
  HttpRequest request = std::move(parser().request());
  request.method = route_->route.method;  // a HEAD is answered as its GET
  const std::uint64_t number = request_;
  try {
    route_->route.handle(std::move(request), [weak = weak_from_this(), number](HttpAnswer answer) {
      if (const auto self = weak.lock()) self->reply(number, std::move(answer));
    });
  } catch (const std::exception& failure) {
    reply(number, failed("The handler of", failure));
  }
}

// The 500 for a fault of ours, which only the log explains.
HttpAnswer Connection::failed(std::string_view what, const std::exception& failure) const {
  log_event(LogLevel::error, "request_failed",
            std::string(what) + " " + std::string(pattern()) + " failed: " + failure.what(),
            {{"request", json_text(request_id_)}, {"handler", json_text(pattern())}});
  return error_answer(500, "internal", "服务器内部错误，请联系管理员。");
}

void Connection::on_syntax_error(error_code failure) {
  if (failure == http::error::header_limit) {
    return refuse(error_answer(
        431, "header_too_large",
        "请求头过大，最多 " + std::to_string(shared_.options.max_header_bytes) + " 字节。"));
  }
  if (failure == http::error::body_limit) return refuse(too_large());
  const auto fault = RequestParser::fault_of_syntax(failure);
  refuse(error_answer(fault.status, fault.code, fault.message));
}

HttpAnswer Connection::too_large() {
  const std::string most = std::to_string(parser().max_body()) + " 字节。";
  return error_answer(413, "too_large",
                      route_->route.body == RequestBody::taken
                          ? "请求正文过大，最多 " + most + "请拆分后分次报送。"
                          : "这个地址不需要请求正文，收到的正文超过 " + most);
}

std::string_view Connection::pattern() const {
  return route_ == nullptr ? std::string_view("other") : std::string_view(route_->pattern.label());
}

}  // namespace districtd

#include "tests/unit/http/client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <boost/json.hpp>

namespace districtd::http_test {

Client::Client(std::uint16_t port, const std::string& address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    throw std::runtime_error("no such address: " + address);
  }
  socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int connected = ::connect(socket_, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  if (connected != 0) throw std::runtime_error("cannot connect");
  const timeval patience{kPatience.count(), 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      tls_(std::move(other.tls_)),
      buffer_(std::move(other.buffer_)) {}

bool Client::start_tls(const std::string& trusted, int max_version) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  SSL_CTX_set_max_proto_version(context.get(), max_version);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  // Level 0, so that an old version fails for its age and not for its signatures.
  SSL_CTX_set_cipher_list(context.get(), "DEFAULT@SECLEVEL=0");
  if (SSL_CTX_load_verify_file(context.get(), trusted.c_str()) != 1) {
    throw std::runtime_error("cannot read " + trusted);
  }
  tls_.reset(SSL_new(context.get()));
  SSL_set_fd(tls_.get(), socket_);
  return SSL_connect(tls_.get()) == 1;
}

std::string Client::common_name() const {
  char name[100] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(tls_.get())),
                            NID_commonName, name, sizeof name);
  return name;
}

bool Client::was_told_the_end() const {
  return (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                              : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has closed; what it said is still to be read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Client::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool Client::fill() {
  std::vector<char> bytes(64 << 10);
  const ssize_t received = tls_ ? SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                                : ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    ADD_FAILURE() << "the server neither answers nor closes; so far: " << buffer_;
  }
  if (received <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(received));
  return true;
}

Answer Client::receive(bool head_only) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  Answer answer;
  answer.status = static_cast<unsigned>(std::atoi(buffer_.c_str() + sizeof "HTTP/1.1"));
  for (std::size_t line = buffer_.find("\r\n") + 2; line < end;) {
    const std::size_t colon = buffer_.find(": ", line);
    const std::size_t line_end = buffer_.find("\r\n", line);
    std::string name = buffer_.substr(line, colon - line);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    EXPECT_FALSE(answer.headers.contains(name)) << name << " is there twice";
    answer.headers[name] = buffer_.substr(colon + 2, line_end - colon - 2);
    line = line_end + 2;
  }
  buffer_.erase(0, end + 4);
  const auto length = answer.headers.find("content-length");
  if (head_only || length == answer.headers.end()) return answer;
  const std::size_t bytes = std::stoul(length->second);
  while (buffer_.size() < bytes) {
    if (!fill()) return {};
  }
  answer.body = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return answer;
}

std::size_t Client::receive_slowly(std::size_t bytes, std::chrono::milliseconds pause) {
  std::size_t taken = 0;
  while (taken < bytes) {
    buffer_.clear();
    if (!fill()) break;
    taken += buffer_.size();
    std::this_thread::sleep_for(pause);
  }
  buffer_.clear();
  return taken;
}

bool Client::closed() {
  const bool nothing = buffer_.empty();
  if (!fill()) return nothing;
  while (fill()) {
  }
  return false;
}

namespace {

class KnownTokens : public Authenticator {
 public:
  Result<Caller, HttpAnswer> caller_of(std::string_view authorization,
                                       const boost::asio::ip::address&) override {
    if (authorization == "Bearer good") return Caller{Caller::Role::department, "culture"};
    if (authorization == "Bearer office") return Caller{Caller::Role::office, ""};
    return Caller{};
  }
  bool may_scrape(const boost::asio::ip::address&) const override { return false; }
  HttpAnswer refusal(Access, const Caller& caller, std::string_view) const override {
    return caller.role == Caller::Role::department ? error_answer(403, "forbidden", "")
                                                   : error_answer(401, "unauthorized", "");
  }
};

}  // namespace

ServerTest::~ServerTest() {
  work_.reset();
  io_.stop();
  if (thread_.joinable()) thread_.join();
  held_.clear();
}

void ServerTest::serve(HttpServerOptions options) {
  if (options.listen.empty()) options.listen = {"127.0.0.1:0"};
  if (options.hosts.empty()) options.hosts = KnownHosts({"x", "localhost", "127.0.0.1"});
  server_ = std::make_unique<HttpServer>(
      io_, std::move(options), HttpApi{routes(), std::make_unique<KnownTokens>()},
      [this](const HttpServed& served) {
        EXPECT_GE(served.took.count(), 0);
        EXPECT_TRUE(served.peer == "127.0.0.1" || served.peer == "::1") << served.peer;
        const std::lock_guard lock(mutex_);
        observed_.push_back({std::string(served.pattern), served.status, std::string(served.method),
                             std::string(served.request_id)});
      });
  server_->start();
  thread_ = std::thread([this] { io_.run(); });
}

std::vector<HttpRoute> ServerTest::routes() {
  const auto text = [](std::string body) { return text_answer(200, std::move(body)); };
  const auto caller = [text](const HttpRequest& request, const HttpReply& reply) {
    reply(text(request.caller.role == Caller::Role::anyone   ? "anyone"
               : request.caller.role == Caller::Role::office ? "the office"
                                                             : request.caller.department));
  };
  piece_ = std::make_shared<const std::string>(100'000, 'p');
  return {
      {"GET", "/hello", Access::open,
       [text](const HttpRequest&, const HttpReply& reply) { reply(text("hello")); }},
      {"POST", "/echo", Access::open,
       [text](HttpRequest request, const HttpReply& reply) {
         HttpAnswer answer = text(std::move(request.body));
         answer.headers.emplace_back(
             "X-Seen", request.method + " " + request.content_type + " " + request.peer);
         reply(std::move(answer));
       },
       RequestBody::taken},
      {"POST", "/guarded", Access::department,
       [this, text](const HttpRequest& request, const HttpReply& reply) {
         ++bodies_seen_by_guarded_;
         reply(text(std::to_string(request.body.size()) + " of " + request.caller.department));
       },
       RequestBody::taken},
      {"GET", "/receipts/{id}", Access::read_own, caller},
      {"GET", "/waiting", Access::read, caller},
      {"POST", "/decisions/{id}", Access::office, caller},
      {"POST", "/checked", Access::open,
       [text](const HttpRequest& request, const HttpReply& reply) { reply(text(request.body)); },
       RequestBody::taken,
       [](const HttpRequest& request) -> std::optional<HttpAnswer> {
         if (request.content_type == "text/csv") return std::nullopt;
         if (request.content_type.empty()) throw std::runtime_error("this is a test");
         return error_answer(415, "unsupported_media_type", "");
       }},
      {"POST", "/bare", Access::open,
       [text](const HttpRequest& request, const HttpReply& reply) {
         reply(text(std::to_string(request.body.size())));
       }},
      {"GET", "/held", Access::open,
       [this](const HttpRequest&, HttpReply reply) {
         const std::lock_guard lock(mutex_);
         held_.push_back(std::move(reply));
         arrived_.notify_all();
       }},
      {"GET", "/throws", Access::open,
       [](const HttpRequest&, const HttpReply&) { throw std::runtime_error("this is a test"); }},
      {"GET", "/pieces", Access::open,
       [this](const HttpRequest&, const HttpReply& reply) {
         HttpAnswer answer;
         answer.pieces = {piece_, std::make_shared<const std::string>(), piece_};
         reply(std::move(answer));
       }},
      {"GET", "/items/{id}", Access::open,
       [text](const HttpRequest& request, const HttpReply& reply) {
         std::string seen = "/items/" + request.capture("id");
         for (const auto& [key, value] : request.query) seen += "|" + key + "=" + value;
         reply(text(std::move(seen)));
       }},
  };
}

HttpReply ServerTest::held() {
  std::unique_lock lock(mutex_);
  if (!arrived_.wait_for(lock, kPatience, [this] { return !held_.empty(); })) {
    throw std::runtime_error("no request for /held has arrived");
  }
  HttpReply reply = std::move(held_.front());
  held_.erase(held_.begin());
  return reply;
}

void ServerTest::on_loop(std::function<void()> what) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    what();
    done.set_value();
  });
  done.get_future().get();
}

std::vector<ServerTest::Observed> ServerTest::observed() {
  on_loop([] {});  // what the client has seen has been observed by the end of that step
  const std::lock_guard lock(mutex_);
  return observed_;
}

std::string error_code_of(const Answer& answer) {
  boost::system::error_code failure;
  const auto value = boost::json::parse(answer.body, failure);
  const auto* object = failure ? nullptr : value.if_object();
  const auto* error = object == nullptr ? nullptr : object->if_contains("error");
  if (error == nullptr || !error->is_object()) return "";
  const auto* code = error->get_object().if_contains("code");
  const auto* message = error->get_object().if_contains("message");
  if (code == nullptr || message == nullptr || !message->is_string()) return "";
  return std::string(code->as_string());
}

}  // namespace districtd::http_test

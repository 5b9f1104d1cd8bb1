#include "daemon/http/server.h"

#include <algorithm>
#include <cerrno>
#include <list>
#include <optional>
#include <stdexcept>
#include <utility>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "base/check.h"
#include "base/ports/clock.h"
#include "base/ports/network.h"
#include "base/ports/timer.h"
#include "daemon/http/connection.h"
#include "daemon/http/host_name.h"
#include "daemon/http/listen_address.h"
#include "daemon/http/places.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{200};  // after EMFILE and its like
constexpr std::chrono::seconds kComplaintPause{10};     // between two log lines about it

tcp::endpoint endpoint_of(const std::string& listen) {
  if (const auto endpoint = parse_listen_address(listen)) return *endpoint;
  throw std::runtime_error(
      "cannot listen on '" + listen +
      "': expected ADDRESS:PORT with an IP address, such as 127.0.0.1:9480 or [::1]:9480");
}

std::string likely_cause(const error_code& failure) {
  if (failure == asio::error::address_in_use) return ": is another districtd running?";
  if (failure == asio::error::access_denied) {
    return ": a port below 1024 needs CAP_NET_BIND_SERVICE; choose another port";
  }
  if (failure.value() == EADDRNOTAVAIL) return ": no network interface of this machine has it";
  return "";
}

TcpListener bind_to(asio::io_context& io, const std::string& listen) {
  const tcp::endpoint endpoint = endpoint_of(listen);
  error_code failure;
  TcpListener listener = listen_on(io, endpoint, failure);
  if (failure) {
    std::string reason = failure.message();
    std::transform(reason.begin(), reason.begin() + 1, reason.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    throw std::runtime_error("cannot listen on " + listen + ": " + reason + likely_cause(failure));
  }
  return listener;
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, HttpServerOptions options, HttpApi api, Observer observer,
       std::shared_ptr<ByteBudget> budget)
      : io_(io),
        shared_(std::move(options), std::move(api), std::move(observer), std::move(budget)) {
    DISTRICT_CHECK(shared_.options.tls_listen.empty() || shared_.options.certificate != nullptr,
                   "a port with TLS has a certificate");
    shared_.budget->set_limit(shared_.options.memory_bytes);
    for (const std::string& listen : shared_.options.listen) {
      listeners_.emplace_back(io, bind_to(io, listen), listen, false, Audience::everybody,
                              shared_.options);
    }
    for (const std::string& listen : shared_.options.tls_listen) {
      listeners_.emplace_back(
          io, bind_to(io, listen), listen, true,
          shared_.options.tls_serves_all ? Audience::everybody : Audience::token_holders,
          shared_.options);
    }
    for (const std::string& listen : shared_.options.bulletin_listen) {
      listeners_.emplace_back(io, bind_to(io, listen), listen, false, Audience::bulletin_readers,
                              shared_.options);
    }
    shared_.on_room = [this] { on_room(); };
  }

  void start() {
    started_ = true;
    accept();
  }

  void drain(std::function<void()> done) {
    done_ = std::move(done);
    shared_.draining = true;
    for (Listener& listener : listeners_) listener.close();
    for (const auto& connection : open_connections()) connection->drain();
    finish_drain();
  }

  // What is still pending in the io_context touches nothing of the server any more.
  void stop() {
    shared_.draining = true;
    done_ = nullptr;
    for (Listener& listener : listeners_) listener.close();
    for (const auto& connection : open_connections()) connection->close();
    for (Listener& listener : listeners_) listener.places.stop();
  }

  std::vector<std::uint16_t> ports() const {
    std::vector<std::uint16_t> ports;
    for (const Listener& listener : listeners_) ports.push_back(listener.port);
    return ports;
  }

  void set_limits(const HttpLimits& limits) {
    static_cast<HttpLimits&>(shared_.options) = limits;
    shared_.budget->set_limit(limits.memory_bytes);
    for (Listener& listener : listeners_) listener.places.set_limits(limits);
    accept();
  }

  void set_hosts(KnownHosts hosts, bool are_default) {
    shared_.options.hosts = std::move(hosts);
    shared_.options.hosts_are_default = are_default;
  }

  HttpLoad load() const {
    HttpLoad load;
    for (const Listener& listener : listeners_) {
      load.listeners.push_back({listener.address, listener.places.taken(),
                                shared_.options.max_connections, listener.places.displaced,
                                listener.places.refused});
    }
    load.bytes = shared_.budget->in_use();
    load.max_bytes = shared_.budget->limit();
    return load;
  }

  void set_certificate(std::shared_ptr<ServerCertificate> certificate) {
    DISTRICT_CHECK(certificate != nullptr, "a certificate is replaced by another");
    shared_.options.certificate = std::move(certificate);
  }

 private:
  struct Listener {
    Listener(asio::io_context& io, TcpListener bound, std::string listen, bool with_tls,
             Audience audience, const HttpLimits& limits)
        : acceptor(std::move(bound)),
          retry(acceptor.get_executor()),
          address(std::move(listen)),
          port(acceptor.local_endpoint().port()),
          has_tls(with_tls),
          entrance{audience, is_loopback(acceptor.local_endpoint().address())},
          places(io, limits) {}

    void close() {
      error_code ignored;
      acceptor.close(ignored);
      retry.cancel();
      waiting.reset();
    }

    TcpListener acceptor;
    Timer retry;
    const std::string address;
    const std::uint16_t port;
    const bool has_tls;
    const Entrance entrance;
    Places places;
    bool busy = false;                 // accepting, or waiting to try again
    std::optional<TcpSocket> waiting;  // accepted; for a place
    bool looks_again = false;          // soon, for a place
    bool has_waited = false;           // who waits, since the last look
  };

  std::vector<std::shared_ptr<Connection>> open_connections() const {
    std::vector<std::shared_ptr<Connection>> connections;
    for (const auto& [key, connection] : shared_.open) connections.push_back(connection);
    return connections;
  }

  void accept() {
    if (!started_ || shared_.draining || making_room_) return;
    for (Listener& listener : listeners_) {
      if (listener.waiting && has_room(listener)) {
        listener.has_waited = false;
        admit(listener, *std::exchange(listener.waiting, {}));
      }
      if (listener.waiting) {
        look_again_later(listener);
      } else if (!listener.busy) {
        accept(listener);
      }
    }
  }

  // Who is displaced closes, and on_room() must not give the place to another.
  bool has_room(Listener& listener) {
    making_room_ = true;
    const bool has = listener.places.make_room(steady_now(), listener.has_waited);
    making_room_ = false;
    return has;
  }

  void accept(Listener& listener) {
    listener.busy = true;
    listener.acceptor.async_accept(
        [self = shared_from_this(), &listener](error_code failure, TcpSocket socket) {
          self->on_accept(listener, failure, std::move(socket));
        });
  }

  void on_accept(Listener& listener, error_code failure, TcpSocket socket) {
    listener.busy = false;
    if (shared_.draining) return;
    if (failure && failure != asio::error::connection_aborted) {
      return pause(listener, failure);
    }
    if (!failure) listener.waiting = std::move(socket);
    accept();
  }

  void admit(Listener& listener, TcpSocket socket) {
    const auto connection = std::make_shared<Connection>(
        std::move(socket), listener.has_tls ? shared_.options.certificate : nullptr,
        listener.entrance, shared_, listener.places);
    making_room_ = true;  // of the same client, where it has too many
    const bool has_entered = connection->enter();
    making_room_ = false;
    if (!has_entered) return;
    shared_.open.emplace(connection.get(), connection);
    connection->start();
  }

  // For EMFILE, ENFILE, ENOBUFS and ENOMEM: the connection stays in the kernel's queue, and trying
  // again at once would only keep the processor busy.
  void pause(Listener& listener, error_code failure) {
    const auto now = steady_now();
    if (now >= next_complaint_) {
      const std::string port = std::to_string(listener.port);
      log_event(LogLevel::warn, "accept_failed",
                "Cannot accept a connection on port " + port + ": " + failure.message() +
                    "; trying again every " + std::to_string(kAcceptPause.count()) + " ms",
                {{"port", port}});
      next_complaint_ = now + kComplaintPause;
    }
    listener.busy = true;
    listener.retry.expires_after(kAcceptPause);
    listener.retry.async_wait([self = shared_from_this(), &listener](error_code cancelled) {
      listener.busy = false;
      if (!cancelled) self->accept();
    });
  }

  // All are busy. By then one of them may be found to hang.
  void look_again_later(Listener& listener) {
    if (std::exchange(listener.looks_again, true)) return;
    listener.retry.expires_after(Places::kHearing);
    listener.retry.async_wait([self = shared_from_this(), &listener](error_code cancelled) {
      listener.looks_again = false;
      listener.has_waited = true;
      if (!cancelled) self->accept();
    });
  }

  void on_room() {
    if (shared_.draining) {
      finish_drain();
    } else {
      accept();
    }
  }

  // Connections that linger have sent their last answer, so nobody waits for them.
  void finish_drain() {
    if (!done_ || shared_.open.size() > shared_.lingering) return;
    for (Listener& listener : listeners_) listener.places.stop_but_linger();
    asio::post(io_, std::exchange(done_, nullptr));
  }

  asio::io_context& io_;
  ConnectionsShared shared_;
  std::list<Listener> listeners_;
  bool started_ = false;
  bool making_room_ = false;
  std::function<void()> done_;
  Deadline::Clock::time_point next_complaint_{};
};

HttpServer::HttpServer(asio::io_context& io, HttpServerOptions options, HttpApi api,
                       Observer observer, std::shared_ptr<ByteBudget> budget)
    : impl_(std::make_shared<Impl>(io, std::move(options), std::move(api), std::move(observer),
                                   std::move(budget))) {}

HttpServer::~HttpServer() { impl_->stop(); }

void HttpServer::start() { impl_->start(); }

void HttpServer::drain(std::function<void()> done) { impl_->drain(std::move(done)); }

std::vector<std::uint16_t> HttpServer::ports() const { return impl_->ports(); }

HttpLoad HttpServer::load() const { return impl_->load(); }

void HttpServer::set_limits(const HttpLimits& limits) { impl_->set_limits(limits); }

void HttpServer::set_hosts(KnownHosts hosts, bool are_default) {
  impl_->set_hosts(std::move(hosts), are_default);
}

void HttpServer::set_certificate(std::shared_ptr<ServerCertificate> certificate) {
  impl_->set_certificate(std::move(certificate));
}

}  // namespace districtd

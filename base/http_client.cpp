#include "base/http_client.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <exception>
#include <optional>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/url.hpp>

namespace districtd {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace urls = boost::urls;
using asio::ip::tcp;
using Kind = FetchFailure::Kind;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr int kMostInterimAnswers = 8;
constexpr std::uint32_t kMostHeaderBytes = 16u << 10;

std::string percent_encode_foreign_bytes(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

std::variant<urls::url, FetchFailure> checked(urls::url url) {
  const auto bad = [&](std::string_view why) {
    return FetchFailure{
        Kind::connect, "cannot use the URL " + std::string(url.buffer()) + ": " + std::string(why)};
  };
  if (url.scheme_id() != urls::scheme::http && url.scheme_id() != urls::scheme::https) {
    return bad("it has to begin with http:// or https://");
  }
  if (url.has_userinfo()) {
    url.remove_userinfo();  // a password has no place in a log
    return bad("it must not hold a user or password");
  }
  if (url.encoded_host().empty()) return bad("it names no host");
  if (url.has_port() && url.port_number() == 0) return bad("its port is not one of 1 to 65535");
  url.remove_fragment();
  return url;
}

std::variant<urls::url, FetchFailure> parse(std::string_view text) {
  const std::string encoded = percent_encode_foreign_bytes(text);
  const auto parsed = urls::parse_uri(encoded);  // a view of it
  if (!parsed) {
    return FetchFailure{Kind::connect, "cannot use the URL " + std::string(text) +
                                           ": it is no http:// or https:// address"};
  }
  return checked(urls::url(*parsed));
}

std::string port_of(const urls::url& url) {
  if (url.has_port()) return std::to_string(url.port_number());
  return url.scheme_id() == urls::scheme::https ? "443" : "80";
}

std::string host_of(const urls::url& url) {
  std::string host = url.host();
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return host;
}

bool same_origin(const urls::url& a, const urls::url& b) {
  return beast::iequals(host_of(a), host_of(b)) && port_of(a) == port_of(b);
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_credential(std::string_view header) {
  return beast::iequals(header, "Authorization") || beast::iequals(header, "Cookie");
}

// One connection and what is said on it. Shared by the coroutine that reads and the write that may
// still be under way when an early answer has been read.
struct Connection {
  explicit Connection(const asio::any_io_executor& executor)
      : resolver(executor), socket(executor) {}

  void close() {
    boost::system::error_code ignored;
    resolver.cancel();
    socket.close(ignored);
  }

  tcp::resolver resolver;
  tcp::socket socket;
  asio::ssl::context tls_context{asio::ssl::context::tls_client};
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
  http::request<http::string_body> request;
  beast::flat_buffer buffer;
};

}  // namespace

std::string_view FetchAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (beast::iequals(key, name)) return value;
  }
  return {};
}

class HttpClient::Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(const asio::any_io_executor& executor, HttpFetch what,
           std::function<void(FetchResult)> done)
      : executor_(executor), deadline_(executor), what_(std::move(what)), done_(std::move(done)) {}

  void start() {
    if (!done_) return;
    deadline_.expires_after(what_.timeout);
    deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error) return;
      self->finish(
          FetchFailure{Kind::timeout, "no whole answer from " + self->what_.url + " within " +
                                          std::to_string(self->what_.timeout.count()) + " ms"});
    });
    asio::co_spawn(
        executor_,
        [self = shared_from_this()]() -> asio::awaitable<void> {
          self->finish(co_await self->follow());
        },
        [self = shared_from_this()](const std::exception_ptr& thrown) {
          if (thrown) self->finish(self->broken("the exchange failed unexpectedly"));
        });
  }

  void cancel() {
    done_ = nullptr;
    deadline_.cancel();
    if (connection_) connection_->close();
  }

 private:
  void finish(FetchResult result) {
    if (!done_) return;
    const auto done = std::move(done_);
    cancel();
    done(std::move(result));
  }

  FetchFailure broken(std::string_view why) const {
    return {Kind::connect, "no answer from " + what_.url + ": " + std::string(why)};
  }

  asio::awaitable<FetchResult> follow() {
    auto parsed = parse(what_.url);
    if (auto* failure = std::get_if<FetchFailure>(&parsed)) co_return std::move(*failure);
    urls::url url = std::get<urls::url>(std::move(parsed));
    for (unsigned redirects = 0;; ++redirects) {
      FetchResult result = co_await ask(url);
      auto* answer = std::get_if<FetchAnswer>(&result);
      if (answer == nullptr || !is_redirect(answer->status)) co_return result;
      auto next = next_hop(url, *answer, redirects);
      if (auto* failure = std::get_if<FetchFailure>(&next)) co_return std::move(*failure);
      auto& next_url = std::get<urls::url>(next);
      if (!same_origin(url, next_url)) {
        std::erase_if(what_.headers, [this](const auto& header) {
          return is_credential(header.first) || beast::iequals(header.first, what_.secret_header);
        });
      }
      url = std::move(next_url);
    }
  }

  std::variant<urls::url, FetchFailure> next_hop(const urls::url& from, const FetchAnswer& answer,
                                                 unsigned redirects) const {
    const std::string location(answer.header("Location"));
    const auto refused = [&](std::string_view why) {
      return FetchFailure{Kind::redirect, std::string(from.buffer()) + " redirects to '" +
                                              location + "', " + std::string(why)};
    };
    if (what_.method != "GET") return refused("which is not followed when something is sent");
    if (redirects >= what_.max_redirects) {
      return refused("after " + std::to_string(redirects) + " redirects that were followed");
    }
    const std::string encoded = percent_encode_foreign_bytes(location);
    const auto reference = urls::parse_uri_reference(encoded);  // a view of it
    urls::url next;
    if (location.empty() || !reference || !urls::resolve(from, *reference, next)) {
      return refused("which is no address");
    }
    if (next.scheme_id() != from.scheme_id()) return refused("which is another scheme");
    auto usable = checked(std::move(next));
    if (std::holds_alternative<FetchFailure>(usable)) return refused("which cannot be used");
    return usable;
  }

  asio::awaitable<FetchResult> ask(const urls::url& url) {
    auto connection = std::make_shared<Connection>(executor_);
    connection_ = connection;
    prepare(*connection, url);
    if (auto failure = co_await connect(*connection, url)) co_return std::move(*failure);
    if (url.scheme_id() == urls::scheme::https) {
      if (auto failure = co_await handshake(*connection, url)) co_return std::move(*failure);
      co_return co_await talk(connection, *connection->tls, url);
    }
    co_return co_await talk(connection, connection->socket, url);
  }

  void prepare(Connection& connection, const urls::url& url) const {
    auto& request = connection.request;
    request.method_string(what_.method);
    std::string target(url.encoded_target());
    if (target.empty() || target.front() != '/') target.insert(0, "/");
    request.target(target);
    request.version(11);
    request.set(http::field::host, std::string(url.encoded_host_and_port()));
    request.set(http::field::user_agent, "districtd");
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : what_.headers) request.set(name, value);
    request.body() = what_.body;
    if (what_.method != "GET" || !what_.body.empty()) request.prepare_payload();
  }

  asio::awaitable<std::optional<FetchFailure>> connect(Connection& connection,
                                                       const urls::url& url) {
    const auto where = host_of(url) + ":" + port_of(url);
    const auto refused = [&](const boost::system::error_code& error) {
      return FetchFailure{Kind::connect, "cannot connect to " + where + ": " + error.message()};
    };
    // Asio looks names up one after another: an address must not wait behind a silent name server.
    boost::system::error_code no_address;
    if (const auto address = asio::ip::make_address(host_of(url), no_address); !no_address) {
      const auto port = static_cast<std::uint16_t>(std::stoi(port_of(url)));
      const auto [error] = co_await connection.socket.async_connect({address, port}, kAwait);
      if (error) co_return refused(error);
      co_return std::nullopt;
    }
    const auto [resolve_error, endpoints] =
        co_await connection.resolver.async_resolve(host_of(url), port_of(url), kAwait);
    if (!done_) co_return broken("cancelled");
    if (resolve_error) {
      co_return FetchFailure{
          Kind::connect, "cannot find the host " + host_of(url) + ": " + resolve_error.message()};
    }
    const auto [connect_error, endpoint] =
        co_await asio::async_connect(connection.socket, endpoints, kAwait);
    if (connect_error) co_return refused(connect_error);
    co_return std::nullopt;
  }

  asio::awaitable<std::optional<FetchFailure>> handshake(Connection& connection,
                                                         const urls::url& url) {
    const std::string host = host_of(url);
    const auto failed = [&](std::string_view why) {
      return FetchFailure{Kind::tls, "no trustworthy TLS with " + host + ":" + port_of(url) + ": " +
                                         std::string(why)};
    };
    boost::system::error_code error;
    SSL_CTX_set_min_proto_version(connection.tls_context.native_handle(), TLS1_2_VERSION);
    if (what_.ca_file.empty()) {
      connection.tls_context.set_default_verify_paths(error);
      if (error) co_return failed("the system's certificate authorities cannot be read");
    } else {
      connection.tls_context.load_verify_file(what_.ca_file, error);
      if (error) co_return failed("no certificate authority can be read from " + what_.ca_file);
    }
    connection.tls.emplace(connection.socket, connection.tls_context);
    auto& tls = *connection.tls;
    tls.set_verify_mode(asio::ssl::verify_peer);
    tls.set_verify_callback(asio::ssl::host_name_verification(host));
    // RFC 6066 section 3: server names are names, never addresses.
    if (asio::ip::make_address(host, error); error) {
      SSL_set_tlsext_host_name(tls.native_handle(), host.c_str());
    }
    const auto [handshake_error] =
        co_await tls.async_handshake(asio::ssl::stream_base::client, kAwait);
    if (!handshake_error) co_return std::nullopt;
    const long verdict = SSL_get_verify_result(tls.native_handle());
    if (verdict != X509_V_OK) co_return failed(X509_verify_cert_error_string(verdict));
    co_return failed(handshake_error.message());
  }

  // Reads while it writes: a server may refuse (401, 413) long before it has read a large body.
  template <class Stream>
  asio::awaitable<FetchResult> talk(std::shared_ptr<Connection> connection, Stream& stream,
                                    const urls::url& url) {
    http::async_write(stream, connection->request,
                      [connection](const boost::system::error_code&, std::size_t) {});
    for (int interim = 0; interim <= kMostInterimAnswers; ++interim) {
      http::response_parser<http::string_body> parser;
      parser.header_limit(kMostHeaderBytes);
      parser.body_limit(what_.max_bytes);
      const auto [error, bytes] =
          co_await http::async_read(stream, connection->buffer, parser, kAwait);
      if (error) {
        connection->close();
        co_return reading_failed(error, url);
      }
      if (parser.get().result_int() / 100 == 1) continue;
      connection->close();
      co_return answer_of(parser.release(), url);
    }
    connection->close();
    co_return broken("it sends interim answers only");
  }

  FetchFailure reading_failed(const boost::system::error_code& error, const urls::url& url) const {
    if (error == http::error::body_limit || error == http::error::buffer_overflow) {
      return {Kind::size, "the answer of " + std::string(url.buffer()) + " is larger than " +
                              std::to_string(what_.max_bytes) + " bytes"};
    }
    if (error == http::error::end_of_stream) return broken("it closed the connection");
    if (error == http::error::partial_message) return broken("the answer breaks off");
    return broken(error.message());
  }

  static FetchAnswer answer_of(http::response<http::string_body> response, const urls::url& url) {
    FetchAnswer answer;
    answer.status = response.result_int();
    for (const auto& field : response) {
      answer.headers.emplace_back(field.name_string(), field.value());
    }
    answer.body = std::move(response.body());
    answer.url = url.buffer();
    return answer;
  }

  asio::any_io_executor executor_;
  asio::steady_timer deadline_;
  HttpFetch what_;
  std::function<void(FetchResult)> done_;  // empty once called or cancelled
  std::shared_ptr<Connection> connection_;
};

HttpClient::HttpClient(asio::any_io_executor executor) : executor_(std::move(executor)) {}

HttpClient::~HttpClient() { cancel(); }

void HttpClient::fetch(HttpFetch what, std::function<void(FetchResult)> done) {
  cancel();
  exchange_ = std::make_shared<Exchange>(executor_, std::move(what), std::move(done));
  asio::post(executor_, [exchange = exchange_] { exchange->start(); });
}

void HttpClient::cancel() {
  if (exchange_) exchange_->cancel();
  exchange_.reset();
}

FetchResult fetch_and_wait(HttpFetch what) {
  asio::io_context io;
  FetchResult result = FetchFailure{};
  HttpClient client(io.get_executor());
  client.fetch(std::move(what), [&](FetchResult fetched) {
    result = std::move(fetched);
    io.stop();
  });
  io.run();
  return result;
}

}  // namespace districtd

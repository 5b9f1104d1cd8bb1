// One HTTP(S) question and its answer: pulling figures, sending files, telling robots.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
#include <boost/asio/any_io_executor.hpp>

namespace districtd {

// What to ask for. Bytes of `url` that a URL may not hold (Chinese file names, spaces) are
// percent-encoded; a fragment is dropped; user:password@ is refused. Proxies that the environment
// names are not asked.
struct HttpFetch {
  std::string method = "GET";                                // or one whose answer has a body
  std::string url;                                           // http:// or https://
  std::vector<std::pair<std::string, std::string>> headers;  // Host and lengths are added
  std::string body;
  std::chrono::milliseconds timeout{30'000};  // of everything: name look-up, redirects, the body
  std::uint64_t max_bytes = 64u << 20;        // of the answer's body
  // Followed only for GET, never to another scheme. Authorization and Cookie do not travel to
  // another host or port.
  unsigned max_redirects = 5;
  std::string secret_header;       // the name of another header that stays with its host and port
  std::string ca_file;             // PEM: these authorities are trusted instead of the system's
  bool is_url_secret = false;      // failures name its host and port alone
  bool cuts_large_answer = false;  // keeps the first max_bytes of a larger one instead of failing
  // Where redirects may lead besides the host and port of `url`: "HOST", at any port, or
  // "HOST:PORT". nullopt: anywhere.
  std::optional<std::vector<std::string>> redirect_hosts = std::nullopt;
};

// A whole answer, whatever its status.
struct FetchAnswer {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // as sent, in order
  std::string body;
  std::string url;  // that answered, after redirects

  std::string_view header(std::string_view name) const;  // the first of this name, or ""
};

// Why there is no whole answer.
struct FetchFailure {
  enum class Kind {
    connect,   // no such address, nobody listens, the connection broke, or what answers is no HTTP
    tls,       // no trusted certificate for this host, or no TLS at all
    timeout,   // not finished in time, or stopped before
    redirect,  // too many, to another scheme, or one that is not followed
    size,      // the answer is larger than max_bytes
  };
  Kind kind = Kind::connect;
  std::string message;            // English, one sentence, names the address
  bool may_have_arrived = false;  // the last request, or a part of it, was sent
};

using FetchResult = std::variant<FetchAnswer, FetchFailure>;

class FetchUnderWay;

// Fetches on an event loop, one thing at a time, with libcurl. Certificates are verified against
// the system's authorities (SSL_CERT_FILE and SSL_CERT_DIR are honoured), TLS 1.2 or newer. Each
// name is looked up on a thread of its own: none waits for another, and nothing waits for that
// thread.
//
// Thread: the executor's, `done` included.
class HttpClient {
 public:
  explicit HttpClient(boost::asio::any_io_executor executor);
  ~HttpClient();  // cancels what is under way; its `done` is not called
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Calls `done` exactly once, at most `timeout` from now, never before returning. A fetch that is
  // still under way is cancelled.
  void fetch(HttpFetch what, std::function<void(FetchResult)> done);
  void cancel();  // returns at once, whatever is waited for

 private:
  boost::asio::any_io_executor executor_;
  std::shared_ptr<FetchUnderWay> under_way_;  // shared with the event's handler that runs
};

// The same where a thread may wait: blocks this one until it is done. `stop` makes it a failure at
// once.
FetchResult fetch_and_wait(HttpFetch what, std::stop_token stop = {});

}  // namespace districtd

// A client on a socket of its own, which can say what no HTTP library would; and a server under
// test.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <openssl/ssl.h>

#include <gtest/gtest.h>

#include "daemon/http/server.h"

namespace districtd::http_test {

constexpr std::chrono::seconds kPatience{20};  // far beyond what any step takes

struct Answer {
  unsigned status = 0;                         // 0: the connection ended before an answer was whole
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class Client {
 public:
  explicit Client(std::uint16_t port, const std::string& address = "127.0.0.1");
  ~Client();
  Client(Client&&) noexcept;

  // From now on with TLS of at most that version, trusting only what the PEM file holds; whether
  // the handshake succeeded.
  bool start_tls(const std::string& trusted, int max_version = TLS1_3_VERSION);
  std::string common_name() const;  // of the server's certificate
  // The server's last word was that it says no more, and not that the connection broke off.
  bool was_told_the_end() const;

  void send(std::string_view bytes);
  void finish_sending();

  // The next answer; interim (1xx) ones count. `head_only`: no body follows, whatever its length.
  Answer receive(bool head_only = false);
  Answer exchange(std::string_view request) {
    send(request);
    return receive();
  }

  // Takes at most 64 KiB, then rests for `pause`, and so on until `bytes` are there or the server
  // has closed: how many there were.
  std::size_t receive_slowly(std::size_t bytes, std::chrono::milliseconds pause);

  // Waits until the server has closed; whether it sent nothing more before.
  bool closed();

 private:
  bool fill();  // more bytes; false at the end, fails the test after kPatience

  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  int socket_ = -1;
  std::unique_ptr<SSL, FreeSsl> tls_;
  std::string buffer_;
};

// Runs a server on a thread. It knows the tokens "good", of the department culture, and "office".
// Routes that are open: GET /hello, POST /echo, POST /bare (ignores its body), POST /checked (takes
// only text/csv; its check throws without a Content-Type), GET /held, GET /throws, GET /pieces and
// GET /items/{id}. Others: POST /guarded (department), GET /receipts/{id} (read_own), GET
// /waiting (read), POST /decisions/{id} (office); they answer with who the caller is. It is known
// as x, localhost and 127.0.0.1 unless the options say otherwise.
class ServerTest : public testing::Test {
 protected:
  struct Observed {
    std::string pattern;
    unsigned status;
    std::string method;
    std::string request_id;
    bool operator==(const Observed&) const = default;
  };

  ~ServerTest() override;

  // Call first; "127.0.0.1:0" unless `options` says where to listen.
  void serve(HttpServerOptions options = {});
  Client connect() { return Client(server_->ports().at(0)); }
  Client connect_last() { return Client(server_->ports().back()); }

  // The reply of the next request for /held, once it has arrived.
  HttpReply held();
  void on_loop(std::function<void()> what);  // runs it on the event loop and waits for it
  std::vector<Observed> observed();          // so far

  boost::asio::io_context io_{1};
  std::unique_ptr<HttpServer> server_;
  int bodies_seen_by_guarded_ = 0;
  std::shared_ptr<const std::string> piece_;  // of /pieces

 private:
  std::vector<HttpRoute> routes();

  std::thread thread_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<HttpReply> held_;
  std::vector<Observed> observed_;
};

std::string error_code_of(const Answer& answer);  // of the JSON error; "" where it is none

}  // namespace districtd::http_test

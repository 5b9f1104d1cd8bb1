// An HTTP server on a loopback port that sends what a test scripts, byte by byte, faults included.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace districtd {

// One request as it arrived: the head with its blank line, and the body by its Content-Length.
struct ScriptedRequest {
  std::string head;
  std::string body;

  std::string target() const;                         // of the first line
  std::string header(const std::string& name) const;  // "" where there is none
};

// The raw answer to a request; after it the connection is closed. `hold` keeps the connection open
// and says nothing more until the server is destroyed.
struct ScriptedAnswer {
  std::string bytes;
  bool hold = false;
};

class ScriptedServer {
 public:
  using Script = std::function<ScriptedAnswer(const ScriptedRequest&)>;

  enum class After { request, head, connect };  // what it reads before it answers

  // Answers on a thread of its own, one connection after another.
  explicit ScriptedServer(Script script, After after = After::request,
                          std::unique_ptr<boost::asio::ssl::context> tls = nullptr);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const;
  std::string url(const std::string& target = "/") const;  // http://127.0.0.1:PORT/...
  std::vector<ScriptedRequest> requests() const;           // so far

 private:
  void serve();
  template <class Stream>
  bool converse(Stream& stream);

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Script script_;
  After after_;
  std::unique_ptr<boost::asio::ssl::context> tls_;
  mutable std::mutex mutex_;
  std::vector<ScriptedRequest> requests_;
  std::vector<boost::asio::ip::tcp::socket> held_;
  std::thread thread_;
};

// "HTTP/1.1 STATUS" with these header lines and the body's length.
std::string http_answer(unsigned status, const std::string& body,
                        const std::vector<std::string>& header_lines = {});

// A port on which nobody listens.
std::uint16_t closed_port();

}  // namespace districtd

// An SMTP server on a loopback port that fails where a test says.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace districtd {

// Where in the dialogue something happens: in reply to the connection, a command, or the final dot.
enum class SmtpStep { greeting, hello, sender, recipient, data, dot };

class ScriptedSmtp {
 public:
  // At `step` it sends `reply`, a code with a text, and then goes on as the code says; where that
  // is "close" it closes the connection instead, and where it is "hang" it says nothing more.
  // Everything else it takes.
  ScriptedSmtp(SmtpStep step, std::string reply);
  ~ScriptedSmtp();
  ScriptedSmtp(const ScriptedSmtp&) = delete;
  ScriptedSmtp& operator=(const ScriptedSmtp&) = delete;

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return connections_; }
  int letters() const { return letters_; }  // that came whole, with the final dot

 private:
  using Socket = boost::asio::ip::tcp::socket;
  void serve();
  void converse(Socket& socket);
  bool answers(Socket& socket, SmtpStep step, const std::string& otherwise);

  const SmtpStep step_;
  const std::string reply_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<bool> must_stop_ = false;
  std::atomic<int> connections_ = 0;
  std::atomic<int> letters_ = 0;
  std::thread thread_;
};

}  // namespace districtd

#include "tests/unit/delivery/scripted_smtp.h"

#include <utility>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace districtd {

namespace asio = boost::asio;
using asio::ip::tcp;

ScriptedSmtp::ScriptedSmtp(SmtpStep step, std::string reply)
    : step_(step),
      reply_(std::move(reply)),
      acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
      thread_([this] { serve(); }) {}

ScriptedSmtp::~ScriptedSmtp() {
  must_stop_ = true;  // and a connection of our own wakes the thread
  boost::system::error_code ignored;
  Socket last(io_);
  last.connect({asio::ip::address_v4::loopback(), port()}, ignored);
  last.close(ignored);
  thread_.join();
}

void ScriptedSmtp::serve() {
  while (true) {
    boost::system::error_code error;
    Socket socket = acceptor_.accept(error);
    if (error || must_stop_) return;
    ++connections_;
    converse(socket);
  }
}

// Whether the dialogue goes on.
bool ScriptedSmtp::answers(Socket& socket, SmtpStep step, const std::string& otherwise) {
  boost::system::error_code error;
  const std::string reply = step == step_ ? reply_ : otherwise;
  if (reply == "close") return false;
  if (reply == "hang") {  // until the other side hangs up
    char byte = 0;
    while (socket.read_some(asio::buffer(&byte, 1), error) > 0) {
    }
    return false;
  }
  asio::write(socket, asio::buffer(reply + "\r\n"), error);
  return !error;
}

void ScriptedSmtp::converse(Socket& socket) {
  boost::system::error_code error;
  std::string received;
  const auto line = [&](const std::string& end) {
    const std::size_t size = asio::read_until(socket, asio::dynamic_buffer(received), end, error);
    std::string text = received.substr(0, size);
    received.erase(0, size);
    return text;
  };
  if (!answers(socket, SmtpStep::greeting, "220 scripted")) return;
  while (!error) {
    const std::string command = line("\r\n").substr(0, 4);
    bool goes_on = false;
    if (command == "EHLO" || command == "HELO") {
      goes_on = answers(socket, SmtpStep::hello, "250 scripted");
    } else if (command == "MAIL") {
      goes_on = answers(socket, SmtpStep::sender, "250 good");
    } else if (command == "RCPT") {
      goes_on = answers(socket, SmtpStep::recipient, "250 good");
    } else if (command == "DATA") {
      goes_on = answers(socket, SmtpStep::data, "354 go on");
      const bool is_refused = step_ == SmtpStep::data && !reply_.starts_with('3');
      if (goes_on && !is_refused) {
        line("\r\n.\r\n");
        if (!error) ++letters_;
        goes_on = !error && answers(socket, SmtpStep::dot, "250 taken");
      }
    }
    if (!goes_on) return;  // QUIT too
  }
}

}  // namespace districtd

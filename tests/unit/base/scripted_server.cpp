#include "tests/unit/base/scripted_server.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace districtd {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

const tcp::endpoint kLoopback(asio::ip::address_v4::loopback(), 0);

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string ScriptedRequest::target() const {
  const auto from = head.find(' ') + 1;
  return head.substr(from, head.find(' ', from) - from);
}

std::string ScriptedRequest::header(const std::string& name) const {
  const auto at = lower(head).find("\r\n" + lower(name) + ": ");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

ScriptedServer::ScriptedServer(Script script, After after, std::unique_ptr<asio::ssl::context> tls)
    : acceptor_(io_, kLoopback),
      script_(std::move(script)),
      after_(after),
      tls_(std::move(tls)),
      thread_([this] { serve(); }) {}

ScriptedServer::~ScriptedServer() {
  // A connection of our own wakes the thread; closing an acceptor from outside is no safe way.
  boost::system::error_code ignored;
  {
    const std::lock_guard lock(mutex_);
    script_ = nullptr;
  }
  tcp::socket last(io_);
  last.connect({asio::ip::address_v4::loopback(), port()}, ignored);
  last.close(ignored);
  thread_.join();
}

std::uint16_t ScriptedServer::port() const { return acceptor_.local_endpoint().port(); }

std::string ScriptedServer::url(const std::string& target) const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port()) + target;
}

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::serve() {
  while (true) {
    boost::system::error_code error;
    tcp::socket socket = acceptor_.accept(error);
    if (error) return;
    {
      const std::lock_guard lock(mutex_);
      if (!script_) return;
    }
    bool keep = false;
    if (tls_) {
      asio::ssl::stream<tcp::socket&> stream(socket, *tls_);
      stream.handshake(asio::ssl::stream_base::server, error);
      const bool hold = !error && converse(stream);
      if (!error && !hold) stream.shutdown(error);
      keep = hold;
    } else {
      keep = converse(socket);
    }
    if (keep) {
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(socket));
    }
  }
}

// Whether the connection is to stay open.
template <class Stream>
bool ScriptedServer::converse(Stream& stream) {
  boost::system::error_code error;
  ScriptedRequest request;
  std::string received;
  const std::size_t head_size =
      after_ == After::connect
          ? 0
          : asio::read_until(stream, asio::dynamic_buffer(received), "\r\n\r\n", error);
  if (!error && after_ != After::connect) {
    request.head = received.substr(0, head_size);
    request.body = received.substr(head_size);
    const std::string length = request.header("Content-Length");
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    if (after_ == After::request && request.body.size() < size) {
      asio::read(stream, asio::dynamic_buffer(request.body),
                 asio::transfer_exactly(size - request.body.size()), error);
    }
  }
  ScriptedAnswer answer;
  if (!error) {
    Script script;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      script = script_;
    }
    if (script) answer = script(request);
    asio::write(stream, asio::buffer(answer.bytes), error);
  }
  return answer.hold;
}

std::string http_answer(unsigned status, const std::string& body,
                        const std::vector<std::string>& header_lines) {
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  for (const std::string& line : header_lines) answer += line + "\r\n";
  return answer + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::uint16_t closed_port() {
  asio::io_context io;
  return tcp::acceptor(io, kLoopback).local_endpoint().port();
}

}  // namespace districtd

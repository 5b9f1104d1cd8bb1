#include "daemon/service/control_socket.h"

#include <unistd.h>

#include <cstdlib>
#include <system_error>
#include <utility>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include "base/json_writer.h"
#include "base/ports/timer.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace asio = boost::asio;
namespace json = boost::json;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kPauseAfterFailure{100};

std::string_view word_of(ControlRequest::Command command) {
  return command == ControlRequest::Command::reload ? "reload" : "resend";
}

std::optional<json::object> object_of(std::string_view line) {
  json::error_code failure;
  json::value value = json::parse(json::string_view(line.data(), line.size()), failure);
  if (failure || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

void remove_name(const std::filesystem::path& name) {
  std::error_code ignored;
  if (!name.empty()) std::filesystem::remove(name, ignored);
}

void log_failure(const ControlNames& names, const std::string& why) {
  log_event(LogLevel::warn, "control_socket_failed",
            "No socket for `districtd reload` and `districtd resend` at " + names.socket.string() +
                ": " + why + "; until then reload by SIGHUP or over HTTP",
            {{"socket", json_text(names.socket.string())}});
}

std::string why_not(const ControlNames& names, const error_code& failure) {
  if (names.socket.native().size() <= kLongestSocketName) return failure.message();
  return "the name has " + std::to_string(names.socket.native().size()) +
         " bytes, and a socket's may have " + std::to_string(kLongestSocketName) +
         "; give the unit a RuntimeDirectory=, or [store] path a shorter folder";
}

}  // namespace

ControlNames control_names(const std::filesystem::path& store, std::string_view runtime_directory) {
  std::filesystem::path beside = store;
  beside += ".control";
  const std::string_view first = runtime_directory.substr(0, runtime_directory.find(':'));
  if (first.empty()) return {beside, {}};
  return {std::filesystem::path(first) / "control.sock", beside};
}

ControlNames control_names(const std::filesystem::path& store) {
  const char* const directory = std::getenv("RUNTIME_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  return control_names(store, directory == nullptr ? "" : directory);
}

std::string to_line(const ControlRequest& request) {
  std::string line;
  JsonWriter(line)
      .begin_object()
      .member("command", word_of(request.command))
      .member("bulletin", request.bulletin)
      .member("to", request.to)
      .member("all", request.all)
      .end_object();
  return line + "\n";
}

std::optional<ControlRequest> read_control_request(std::string_view line) {
  const auto object = object_of(line);
  if (!object) return std::nullopt;
  const std::string command = text_of(*object, "command");
  using Command = ControlRequest::Command;
  for (const Command known : {Command::reload, Command::resend}) {
    if (command != word_of(known)) continue;
    return ControlRequest{known, text_of(*object, "bulletin"), text_of(*object, "to"),
                          flag_of(*object, "all")};
  }
  return std::nullopt;
}

std::string to_line(const ControlReply& reply) {
  std::string line;
  JsonWriter(line)
      .begin_object()
      .member("good", reply.is_good)
      .member("text", reply.text)
      .end_object();
  return line + "\n";
}

std::optional<ControlReply> read_control_reply(std::string_view line) {
  const auto object = object_of(line);
  if (!object || !object->contains("text")) return std::nullopt;
  return ControlReply{flag_of(*object, "good"), text_of(*object, "text")};
}

// One connection: a line in, a line out.
class ControlSocket::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(ControlSocket& owner, LocalSocket socket)
      : owner_(&owner), socket_(std::move(socket)), deadline_(socket_.get_executor()) {}

  void start() {
    error_code failure;
    peer_ = peer_of(socket_, failure);
    is_welcome_ = !failure && (peer_.user == 0 || peer_.user == ::geteuid());
    deadline_.expires_after(kTimeToAsk);
    deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->close();
    });
    asio::async_read_until(socket_, asio::dynamic_buffer(received_, kLongestRequest), '\n',
                           [self = shared_from_this()](error_code ended, std::size_t bytes) {
                             self->on_line(ended, bytes);
                           });
  }

  // The owner goes; what is still to be answered is not.
  void abandon() {
    owner_ = nullptr;
    close();
  }

 private:
  std::string who() const {
    return "user " + std::to_string(peer_.user) + ", process " + std::to_string(peer_.process);
  }

  std::vector<LogField> fields() const {
    return {{"user", std::to_string(peer_.user)}, {"process", std::to_string(peer_.process)}};
  }

  void on_line(error_code failure, std::size_t bytes) {
    deadline_.cancel();
    if (failure || owner_ == nullptr) return close();
    if (!is_welcome_) {
      log_event(LogLevel::warn, "control_refused",
                "A program of another user asked the control socket for something: " + who(),
                fields());
      return reply({false, "only root and the daemon's own user may ask for this; use sudo"});
    }
    auto request = read_control_request(std::string_view(received_).substr(0, bytes));
    if (!request) return reply({false, "this is no request that this daemon knows"});
    auto about = fields();
    about.emplace_back("command", json_text(word_of(request->command)));
    log_event(LogLevel::info, "control_request",
              "A " + std::string(word_of(request->command)) + " is asked for by " + who(), about);
    owner_->handle_(*std::move(request), [self = shared_from_this()](const ControlReply& answer) {
      self->reply(answer);
    });
  }

  void reply(const ControlReply& answer) {
    line_ = to_line(answer);
    asio::async_write(socket_, asio::buffer(line_),
                      [self = shared_from_this()](error_code, std::size_t) { self->close(); });
  }

  void close() {
    deadline_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (ControlSocket* const owner = std::exchange(owner_, nullptr)) owner->end(shared_from_this());
  }

  ControlSocket* owner_;  // null once the session has ended
  LocalSocket socket_;
  Timer deadline_;
  LocalPeer peer_;
  bool is_welcome_ = false;
  std::string received_;
  std::string line_;
};

ControlSocket::ControlSocket(asio::io_context& io, Handle handle)
    : io_(io), handle_(std::move(handle)), retry_(io) {}

ControlSocket::~ControlSocket() {
  stop();
  for (const auto& session : std::exchange(sessions_, {})) session->abandon();
}

void ControlSocket::start(ControlNames names) {
  const std::filesystem::path& beside = names.link.empty() ? names.socket : names.link;
  // With or without systemd the last time: what is beside the database was the other thing then.
  std::error_code ignored;
  if (!names.link.empty() || std::filesystem::is_symlink(beside, ignored)) remove_name(beside);
  error_code failure;
  LocalListener listener = listen_on(io_, names.socket, failure);
  if (failure) return log_failure(names, why_not(names, failure));
  names_ = std::move(names);
  listener_ = std::move(listener);
  if (!names_.link.empty()) {
    std::error_code why;
    std::filesystem::create_symlink(names_.socket, names_.link, why);
    if (why) log_failure(names_, "the link " + names_.link.string() + ": " + why.message());
  }
  accept();
}

void ControlSocket::stop() {
  if (!listener_) return;
  error_code ignored;
  retry_.cancel();
  listener_->close(ignored);
  listener_.reset();
  remove_name(names_.link);
  remove_name(names_.socket);
}

void ControlSocket::accept() {
  listener_->async_accept([this](error_code failure, LocalSocket socket) {
    // The listener, and with it this, may have gone.
    if (failure == asio::error::operation_aborted || failure == asio::error::bad_descriptor) return;
    if (!listener_) return;
    if (!failure && sessions_.size() < kMostConnections) {
      const auto session = std::make_shared<Session>(*this, std::move(socket));
      sessions_.insert(session);
      session->start();
    }
    if (failure) return accept_later();
    accept();
  });
}

// What is short of descriptors leaves the caller waiting: again at once would spin.
void ControlSocket::accept_later() {
  retry_.expires_after(kPauseAfterFailure);
  retry_.async_wait([this](error_code failure) {
    if (!failure && listener_) accept();
  });
}

void ControlSocket::end(const std::shared_ptr<Session>& session) { sessions_.erase(session); }

}  // namespace districtd

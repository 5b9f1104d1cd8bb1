// The socket by which `districtd reload` and `districtd resend` speak to the daemon of their
// machine, without HTTP and without a token: the kernel says who asks.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <boost/asio/io_context.hpp>

#include "base/ports/network.h"
#include "base/ports/timer.h"

namespace districtd {

// Where the socket of the daemon with this database is: in the unit's runtime directory
// ($RUNTIME_DIRECTORY, one for each instance) or, without systemd, beside the database.
struct ControlNames {
  std::filesystem::path socket;
  // Beside the database, where the socket is elsewhere: a link to it, by which commands find it
  // that systemd has not started. Empty where the socket itself is there.
  std::filesystem::path link;

  bool operator==(const ControlNames&) const = default;
};

// `runtime_directory` is the value of $RUNTIME_DIRECTORY, "" without. Pure.
ControlNames control_names(const std::filesystem::path& store, std::string_view runtime_directory);

// The same for this process.
ControlNames control_names(const std::filesystem::path& store);

struct ControlRequest {
  enum class Command { reload, resend };
  Command command = Command::reload;
  std::string bulletin;  // of resend: see BulletinScheduler::resend()
  std::string to;
  bool all = false;

  bool operator==(const ControlRequest&) const = default;
};

struct ControlReply {
  bool is_good = false;
  std::string text;  // for whoever asked; lines without the last line's end

  bool operator==(const ControlReply&) const = default;
};

// Each is one line of JSON. nullopt for what is none.
std::string to_line(const ControlRequest& request);
std::optional<ControlRequest> read_control_request(std::string_view line);
std::string to_line(const ControlReply& reply);
std::optional<ControlReply> read_control_reply(std::string_view line);

// Takes one request from each connection, answers it and closes. Only root and the user of this
// process are served; the socket's mode lets nobody else connect.
//
// Log events: control_request says who asked for what, control_refused who was not served,
// control_socket_failed why there is no socket; then the daemon runs without.
//
// Thread: the event loop's.
class ControlSocket {
 public:
  using Reply = std::function<void(ControlReply)>;  // called once, on the event loop's thread
  using Handle = std::function<void(ControlRequest, Reply)>;

  static constexpr std::size_t kMostConnections = 16;
  static constexpr std::size_t kLongestRequest = 4096;
  static constexpr std::chrono::seconds kTimeToAsk{10};

  // The event loop runs no more once this is destroyed.
  ControlSocket(boost::asio::io_context& io, Handle handle);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  // The daemon holds the database, so what stands under the names is of a daemon that has gone.
  void start(ControlNames names);
  // Takes no more requests, and the names away. Requests under way are answered.
  void stop();

 private:
  class Session;

  void accept();
  void accept_later();
  void end(const std::shared_ptr<Session>& session);

  boost::asio::io_context& io_;
  Handle handle_;
  ControlNames names_;
  std::optional<LocalListener> listener_;
  Timer retry_;
  std::set<std::shared_ptr<Session>> sessions_;
};

}  // namespace districtd

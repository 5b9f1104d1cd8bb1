#include "daemon/commands/control.h"

#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <system_error>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "daemon/commands/options.h"
#include "daemon/commands/refusal.h"
#include "daemon/config/configuration.h"

namespace districtd {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

std::string why_not(const std::filesystem::path& name, const error_code& failure) {
  if (name.native().size() > kLongestSocketName) {
    return name.string() + ": the name of the control socket has " +
           std::to_string(name.native().size()) + " bytes, and it may have " +
           std::to_string(kLongestSocketName) +
           "; give the unit a RuntimeDirectory=, or [store] path a shorter folder";
  }
  if (failure == boost::system::errc::no_such_file_or_directory ||
      failure == asio::error::connection_refused) {
    return name.string() +
           ": no districtd of this configuration runs here; start it, such as with `systemctl "
           "start "
           "districtd`";
  }
  if (failure == asio::error::access_denied) {
    return name.string() + ": only root and the daemon's own user may ask it; use sudo";
  }
  return name.string() + ": " + failure.message();
}

// Where the socket is, as this process can know it.
Result<std::filesystem::path, Findings> find_socket(const std::filesystem::path& config) {
  // systemd sets it for ExecReload=: then even a file that cannot be read is the daemon's to
  // refuse. Another unit, such as a timer's, has another one with no such socket.
  const ControlNames of_unit = control_names({});
  std::error_code unknown;
  if (!of_unit.link.empty() && std::filesystem::exists(of_unit.socket, unknown)) {
    return of_unit.socket;
  }
  auto store = read_store_path(config);
  if (!store) return std::move(store.error());
  return control_names(*store, "").socket;
}

// What the daemon answered within `patience`; "" where it did not.
std::string exchange(const std::filesystem::path& name, const ControlRequest& request,
                     std::chrono::seconds patience, error_code& failure) {
  asio::io_context io;
  LocalSocket socket(io);
  std::string answer;
  const std::string line = to_line(request);
  if (name.native().size() > kLongestSocketName) {
    failure = asio::error::name_too_long;
    return answer;
  }
  socket.connect(boost::asio::local::stream_protocol::endpoint(name.string()), failure);
  if (failure) return answer;
  asio::async_write(socket, asio::buffer(line), [&](error_code written, std::size_t) {
    failure = written;
    if (failure) return;
    asio::async_read(socket, asio::dynamic_buffer(answer), [&](error_code ended, std::size_t) {
      if (ended != asio::error::eof) failure = ended;
    });
  });
  io.run_for(patience);
  if (!io.stopped()) failure = asio::error::timed_out;
  return answer;
}

}  // namespace

int ask_daemon(const std::filesystem::path& config, const ControlRequest& request,
               std::chrono::seconds patience, std::ostream& out, std::ostream& err) {
  const auto name = find_socket(config);
  if (!name) return refuse(name.error(), "; the daemon was not asked.", err);
  error_code failure;
  const std::string line = exchange(*name, request, patience, failure);
  if (failure) {
    err << why_not(*name, failure) << '\n';
    return 1;
  }
  const auto reply = read_control_reply(line);
  if (!reply) {
    err << name->string() << ": the daemon ended before it had answered; look at its log\n";
    return 1;
  }
  (reply->is_good ? out : err) << reply->text << '\n';
  return reply->is_good ? 0 : 1;
}

int reload(const ReloadOptions& options, std::ostream& out, std::ostream& err) {
  // A province's catalogue takes seconds; systemd ends an ExecReload= after TimeoutStartSec=.
  constexpr std::chrono::minutes kPatience{5};
  return ask_daemon(options.config, {}, kPatience, out, err);
}

int resend(const ResendOptions& options, std::ostream& out, std::ostream& err) {
  constexpr std::chrono::seconds kPatience{60};
  const ControlRequest request{ControlRequest::Command::resend, options.id, options.to,
                               options.all};
  return ask_daemon(options.config, request, kPatience, out, err);
}

}  // namespace districtd

// The signals by which a person or systemd speaks to the daemon.
#pragma once

#include <functional>
#include <string_view>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace districtd {

// SIGHUP asks for a reload; SIGTERM and SIGINT for the end, again each time that they come.
//
// Thread: the event loop's. One object a process.
class Signals {
 public:
  using Reload = std::function<void()>;
  using Stop = std::function<void(std::string_view signal)>;  // "SIGTERM" or "SIGINT"

  // From now on the signals do not end the process; they are handed out once start() was called.
  Signals(boost::asio::io_context& io, Reload reload, Stop stop);
  void start();

  // From now on they have no effect: a second one, while the store is closed, must not end that in
  // the middle.
  void ignore();

 private:
  boost::asio::signal_set signals_;
  Reload reload_;
  Stop stop_;
};

}  // namespace districtd

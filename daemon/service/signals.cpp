#include "daemon/service/signals.h"

#include <csignal>
#include <utility>

namespace districtd {

Signals::Signals(boost::asio::io_context& io, Reload reload, Stop stop)
    : signals_(io, SIGTERM, SIGINT, SIGHUP), reload_(std::move(reload)), stop_(std::move(stop)) {}

void Signals::start() {
  signals_.async_wait([this](boost::system::error_code error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      reload_();
    } else {
      stop_(signal == SIGTERM ? "SIGTERM" : "SIGINT");
    }
    start();
  });
}

void Signals::ignore() {
  signals_.clear();
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, SIG_IGN);
}

}  // namespace districtd

#include "daemon/service/shutdown.h"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

#include "daemon/log/logging.h"

namespace districtd {

namespace {

using std::chrono_literals::operator""ms;

constexpr auto kIdlePoll = 10ms;
constexpr suseconds_t kLastResort = 4'800'000;  // microseconds; after Shutdown::kLongest

std::string in_seconds_text(std::chrono::milliseconds time) {
  std::string text = std::to_string(time.count() / 1000);
  if (const auto rest = time.count() % 1000 / 100; rest != 0) text += "." + std::to_string(rest);
  return text + " s";
}

}  // namespace

Shutdown::Shutdown(boost::asio::io_context& io, Drain drain, std::function<std::size_t()> in_flight,
                   std::chrono::milliseconds longest)
    : io_(io),
      drain_(std::move(drain)),
      in_flight_(std::move(in_flight)),
      longest_(longest),
      idle_timer_(io),
      deadline_(io) {}

void Shutdown::begin() {
  has_begun_ = true;
  drain_([this] { end_when_idle(); });
  deadline_.expires_after(longest_);
  deadline_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    log_event(LogLevel::warn, "stop_cut_short",
              "Requests were still open after " + in_seconds_text(longest_),
              {{"in_flight", std::to_string(in_flight_())}});
    io_.stop();
  });
}

void Shutdown::end_when_idle() {
  if (in_flight_() == 0) {
    deadline_.cancel();
    io_.stop();
    return;
  }
  idle_timer_.expires_after(kIdlePoll);
  idle_timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) end_when_idle();
  });
}

void exit_at_the_latest() {
  std::signal(SIGALRM, [](int) { _exit(0); });
  const itimerval once{{0, 0}, {kLastResort / 1'000'000, kLastResort % 1'000'000}};
  setitimer(ITIMER_REAL, &once, nullptr);
}

}  // namespace districtd

// The end of the daemon: what was accepted is finished, but nobody waits for it without end.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace districtd {

// Ends the event loop once the requests under way are answered and the submissions in flight are
// stored. Where that takes longer than `longest`, it logs stop_cut_short and ends the loop all the
// same: what was acknowledged is on disk at any moment.
//
// Thread: the event loop's.
class Shutdown {
 public:
  // Takes no new requests, finishes those under way and then calls `done`.
  using Drain = std::function<void(std::function<void()> done)>;

  // systemd kills after 10 s (TimeoutStopSec of the unit); people expect 5 s.
  static constexpr std::chrono::milliseconds kLongest{4500};

  // `in_flight` tells how many submissions are not answered yet; one from an inbox may still be
  // under way when all requests are answered.
  Shutdown(boost::asio::io_context& io, Drain drain, std::function<std::size_t()> in_flight,
           std::chrono::milliseconds longest = kLongest);

  // Once. The loop ends at the earliest when it goes on after this.
  void begin();

  bool has_begun() const { return has_begun_; }

 private:
  void end_when_idle();

  boost::asio::io_context& io_;
  Drain drain_;
  std::function<std::size_t()> in_flight_;
  std::chrono::milliseconds longest_;
  boost::asio::steady_timer idle_timer_;
  boost::asio::steady_timer deadline_;
  bool has_begun_ = false;
};

// Ends the process 4.8 s from now, whatever it is doing, unless it has ended by itself. A name
// look-up under way cannot be cancelled and would hold up the end of the event loop.
void exit_at_the_latest();

}  // namespace districtd

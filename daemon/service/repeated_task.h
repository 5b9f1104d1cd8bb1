// Work that the event loop does again and again: a look at the date, a sign of life to systemd.
#pragma once

#include <chrono>
#include <functional>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace districtd {

// Thread: the event loop's. The task is short; it may stop the repetition itself.
class RepeatedTask {
 public:
  RepeatedTask(boost::asio::io_context& io, std::function<void()> task);

  // Does the task now, and each time that `interval` has passed since it was last done.
  void start(std::chrono::microseconds interval);
  void stop();

 private:
  void repeat();

  boost::asio::steady_timer timer_;
  std::function<void()> task_;
  std::chrono::microseconds interval_{};
  bool is_running_ = false;
};

}  // namespace districtd

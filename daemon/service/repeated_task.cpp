#include "daemon/service/repeated_task.h"

#include <utility>

namespace districtd {

RepeatedTask::RepeatedTask(boost::asio::io_context& io, std::function<void()> task)
    : timer_(io), task_(std::move(task)) {}

void RepeatedTask::start(std::chrono::microseconds interval) {
  interval_ = interval;
  is_running_ = true;
  repeat();
}

void RepeatedTask::stop() {
  is_running_ = false;
  timer_.cancel();
}

void RepeatedTask::repeat() {
  task_();
  if (!is_running_) return;
  timer_.expires_after(interval_);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    // Where the timer had run out before stop(), its handler comes without an error.
    if (!cancelled && is_running_) repeat();
  });
}

}  // namespace districtd

#include "daemon/http/deadline_queue.h"

#include "base/check.h"
#include "base/ports/clock.h"

namespace districtd {

DeadlineQueue::DeadlineQueue(boost::asio::io_context& io, Deadline::Clock::duration after)
    : after_(after), timer_(io) {}

void DeadlineQueue::push(Deadline& entry, Deadline::Clock::time_point now) {
  entry.unlink();
  entry.since_ = now;
  entry.at_ = now + after_;
  entries_.push_back(entry);
  if (!armed_) arm();
}

bool DeadlineQueue::displace_first(Deadline::Clock::time_point waiting_since) {
  if (entries_.empty() || entries_.front().since_ > waiting_since) return false;
  Deadline& entry = entries_.front();
  entries_.pop_front();
  entry.displaced();
  return true;
}

void DeadlineQueue::expire_first() {
  Deadline& entry = entries_.front();
  entries_.pop_front();
  entry.expired();
}

void DeadlineQueue::stop() {
  timer_.cancel();
  armed_ = false;
}

void DeadlineQueue::arm() {
  DISTRICT_CHECK(!entries_.empty(), "the timer runs for an entry");
  armed_ = true;
  timer_.expires_at(entries_.front().at_);
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code failure) {
    if (failure || alive.expired()) return;
    armed_ = false;
    const auto now = steady_now();
    while (!entries_.empty() && entries_.front().at_ <= now) expire_first();
    if (!entries_.empty() && !armed_) arm();
  });
}

}  // namespace districtd

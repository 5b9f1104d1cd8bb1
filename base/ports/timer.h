// The ways in which the program waits for time to pass: on the event loop, and on a thread of its
// own.
#pragma once

#include <condition_variable>
#include <stop_token>
#include <utility>
#include <boost/asio/steady_timer.hpp>

#include "base/ports/clock.h"

namespace districtd {

// On the event loop: expires_after(), async_wait(), cancel(). Runs by steady_now().
using Timer = boost::asio::steady_timer;

// On a thread of its own: until `is_ready` holds, `until` has come, or a stop is asked for. Returns
// what is_ready() says then. `lock` is held by the caller and guards what is_ready() reads.
template <typename Lock, typename IsReady>
bool wait_until(std::condition_variable_any& wake, Lock& lock, const std::stop_token& stop,
                SteadyTime until, IsReady is_ready) {
  return wake.wait_until(lock, stop, until, std::move(is_ready));
}

// Until `until` has come or `wake` is notified, which may be for no reason.
template <typename Lock>
void wait_until(std::condition_variable_any& wake, Lock& lock, SteadyTime until) {
  wake.wait_until(lock, until);
}

}  // namespace districtd

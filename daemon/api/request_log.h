// The log's record of requests that were answered with an error.
#pragma once

#include <chrono>
#include <optional>

#include "daemon/http/server.h"

namespace districtd {

// One record each, event request_refused, with the request's id; so that a clerk who reads the
// X-Request-Id off an error can be helped. At most kMost within kPeriod: whoever knocks without end
// does not fill the disk, and is still counted in districtd_http_request_duration_seconds.
//
// Thread: one.
class RequestLog {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr int kMost = 50;
  static constexpr std::chrono::seconds kPeriod{10};

  void add(const HttpServed& served, Clock::time_point now);

 private:
  std::optional<Clock::time_point> period_began_;
  int written_ = 0;  // within the period
};

}  // namespace districtd

// The log's record of requests that were answered with an error.
#pragma once

#include <chrono>
#include <optional>

#include "daemon/http/server.h"

namespace districtd {

// Writes one record for each, event request_refused, with the request's id, so that a clerk who has
// the X-Request-Id of an error can be helped. It writes at most kMost records within kPeriod, so
// that a client which never stops does not fill the disk; then one record, event
// requests_not_logged, and the rest is only counted, in districtd_http_request_duration_seconds.
//
// Thread: the event loop's.
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

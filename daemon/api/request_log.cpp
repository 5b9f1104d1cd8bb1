#include "daemon/api/request_log.h"

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace {

// A method is whatever the client makes up; those that exist are short.
constexpr std::size_t kLongestMethod = 16;

// What someone should look at, beside the clerk who made the mistake.
bool is_worth_a_warning(unsigned status) {
  return status == 401 || status == 403 || status == 421 || status == 429 || status >= 500;
}

std::string what_was_asked(std::string_view method, std::string_view pattern) {
  if (method.empty()) return "What is no request";
  return std::string(method) + " " +
         (pattern == "other" ? "of an unknown address" : std::string(pattern));
}

}  // namespace

void RequestLog::add(const HttpServed& served, Clock::time_point now) {
  if (served.status < 400) return;
  if (!period_began_ || now - *period_began_ >= kPeriod) {
    period_began_ = now;
    written_ = 0;
  }
  if (written_ >= kMost) return;
  const std::string_view method = served.method.substr(0, kLongestMethod);
  const std::string status = std::to_string(served.status);
  log_event(is_worth_a_warning(served.status) ? LogLevel::warn : LogLevel::info, "request_refused",
            what_was_asked(method, served.pattern) + " from " + std::string(served.peer) +
                " was answered with " + status,
            {{"request", json_text(served.request_id)},
             {"method", json_text(method)},
             {"handler", json_text(served.pattern)},
             {"peer", json_text(served.peer)},
             {"code", status}});
  if (++written_ < kMost) return;
  log_event(LogLevel::warn, "requests_not_logged",
            "Many requests are refused; for " + std::to_string(kPeriod.count()) +
                " s they are only counted, in districtd_http_request_duration_seconds");
}

}  // namespace districtd

#include "daemon/http/answer_text.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <boost/beast/http/status.hpp>

namespace districtd {
namespace {

// RFC 9110 section 5.6.7, "Sun, 06 Nov 1994 08:49:37 GMT"; made once a second. Thread: the event
// loop's, as all of the server.
std::string_view http_date(std::time_t now) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  thread_local std::time_t made = -1;
  thread_local std::array<char, 96> text;
  thread_local std::size_t length = 0;
  if (now != made) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    const int written =
        std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                      kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                      kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                      utc.tm_hour, utc.tm_min, utc.tm_sec);
    length = static_cast<std::size_t>(written);
    made = now;
  }
  return {text.data(), length};
}

void append_number(std::string& text, std::size_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

bool breaks_header(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
  if (breaks_header(name) || breaks_header(value)) return;
  text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

void append_head(std::string& text, const HttpAnswer& answer, std::size_t length,
                 Persistence persistence, std::time_t now, std::string_view request_id) {
  text.append("HTTP/1.1 ");
  append_number(text, answer.status);
  text.push_back(' ');
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(answer.status));
  text.append(reason.data(), reason.size()).append("\r\nDate: ").append(http_date(now));
  text.append("\r\n");
  if (!answer.content_type.empty()) append_field(text, "Content-Type", answer.content_type);
  // RFC 9110 section 8.6: a 204 has no length.
  if (answer.status != 204) {
    text.append("Content-Length: ");
    append_number(text, length);
    text.append("\r\n");
  }
  for (const auto& [name, value] : answer.headers) append_field(text, name, value);
  append_field(text, "X-Request-Id", request_id);
  if (persistence == Persistence::close) text.append("Connection: close\r\n");
  if (persistence == Persistence::keep_alive) text.append("Connection: keep-alive\r\n");
  text.append("\r\n");
}

}  // namespace districtd

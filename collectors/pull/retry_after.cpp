#include "collectors/pull/retry_after.h"

#include <algorithm>
#include <array>

namespace districtd {

namespace {

using std::chrono::seconds;

constexpr seconds kMost = std::chrono::days{1};

std::optional<unsigned> digits_of(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + static_cast<unsigned>(c - '0');
  }
  return value;
}

// IMF-fixdate, the one form that is sent: "Wed, 08 Jul 2026 09:00:00 GMT".
std::optional<Time> http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT"))
    return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = digits_of(text.substr(5, 2));
  const auto year = digits_of(text.substr(12, 4));
  const auto hour = digits_of(text.substr(17, 2));
  const auto minute = digits_of(text.substr(20, 2));
  const auto second = digits_of(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{static_cast<int>(*year)},
      std::chrono::month{static_cast<unsigned>(month - kMonths.begin()) + 1},
      std::chrono::day{*day}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         seconds{*second};
}

}  // namespace

std::optional<seconds> retry_after(std::string_view header, Time now) {
  if (header.empty()) return std::nullopt;
  if (header.find_first_not_of("0123456789") == header.npos) {
    return header.size() > 6 ? kMost : std::min(seconds{*digits_of(header)}, kMost);
  }
  const auto when = http_date(header);
  if (!when) return std::nullopt;
  return std::clamp(std::chrono::ceil<seconds>(*when - now), seconds{0}, kMost);
}

}  // namespace districtd

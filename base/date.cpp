#include "base/date.h"

#include <charconv>

namespace districtd {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

template <typename Int>
bool read_digits(std::string_view text, Int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && text.front() != '-';
}

}  // namespace

std::string to_string(Date date) {
  const year_month_day ymd{date};
  const auto digits = [](unsigned value, std::size_t width) {
    std::string text = std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
  };
  return digits(static_cast<unsigned>(static_cast<int>(ymd.year())), 4) + "-" +
         digits(static_cast<unsigned>(ymd.month()), 2) + "-" +
         digits(static_cast<unsigned>(ymd.day()), 2);
}

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int y = 0;
  unsigned m = 0;
  unsigned d = 0;
  if (!read_digits(text.substr(0, 4), y) || !read_digits(text.substr(5, 2), m) ||
      !read_digits(text.substr(8, 2), d)) {
    return std::nullopt;
  }
  const year_month_day ymd{year{y}, month{m}, day{d}};
  if (!ymd.ok()) return std::nullopt;
  return Date{ymd};
}

Date date_of(int y, unsigned m, unsigned d) { return Date{year{y} / month{m} / day{d}}; }

}  // namespace districtd

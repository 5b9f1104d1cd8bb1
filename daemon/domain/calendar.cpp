#include "daemon/domain/calendar.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace districtd {

namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::months;
using std::chrono::year;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

constexpr days kOneDay{1};

double days_in_month(const year_month_day& ymd) {
  const year_month_day_last last{ymd.year() / ymd.month() / std::chrono::last};
  return static_cast<double>(static_cast<unsigned>(last.day()));
}

double position(Date date, double days_passed_of_month) {
  const year_month_day ymd{date};
  return 12.0 * static_cast<int>(ymd.year()) + (static_cast<unsigned>(ymd.month()) - 1U) +
         days_passed_of_month / days_in_month(ymd);
}

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

double month_position(Date date) {
  return position(date, static_cast<unsigned>(year_month_day{date}.day()));
}

double month_position_at_start(Date date) {
  return position(date, static_cast<unsigned>(year_month_day{date}.day()) - 1U);
}

double schedule_share(Date start, Date deadline, Date d) {
  assert(start <= deadline);
  const double from = month_position_at_start(start);
  return std::clamp((month_position(d) - from) / (month_position(deadline) - from), 0.0, 1.0);
}

Date period_start(Cadence cadence, Date d) {
  const year_month_day ymd{d};
  switch (cadence) {
    case Cadence::none:
      return d;
    case Cadence::week:
      return d - (std::chrono::weekday{d} - std::chrono::Monday);
    case Cadence::month:
      return Date{ymd.year() / ymd.month() / 1};
    case Cadence::quarter: {
      const unsigned first = (static_cast<unsigned>(ymd.month()) - 1U) / 3U * 3U + 1U;
      return Date{ymd.year() / month{first} / 1};
    }
  }
  return d;
}

Date period_end(Cadence cadence, Date d) {
  const Date first = period_start(cadence, d);
  switch (cadence) {
    case Cadence::none:
      return d;
    case Cadence::week:
      return first + days{6};
    case Cadence::month:
      return Date{year_month_day{first} + months{1}} - kOneDay;
    case Cadence::quarter:
      return Date{year_month_day{first} + months{3}} - kOneDay;
  }
  return d;
}

}  // namespace districtd

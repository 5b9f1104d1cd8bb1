#include "daemon/domain/calendar.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"

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

}  // namespace

double month_position(Date date) {
  return position(date, static_cast<unsigned>(year_month_day{date}.day()));
}

double month_position_at_start(Date date) {
  return position(date, static_cast<unsigned>(year_month_day{date}.day()) - 1U);
}

double schedule_share(Date start, Date deadline, Date d) {
  DISTRICT_CHECK(start <= deadline, "a target begins before its deadline");
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

#include "daemon/domain/month_standing.h"

#include <algorithm>

namespace districtd {
namespace {

using std::chrono::year_month;
using std::chrono::year_month_day;

year_month month_of(Date d) {
  const year_month_day ymd{d};
  return ymd.year() / ymd.month();
}

// What the schedule asks for in a month without a value; nothing after the deadline.
std::optional<double> expected_at_end(const Target& target, Date month_end, Date on) {
  const Date deadline = target.deadline_on(on);
  if (month_of(month_end) > month_of(deadline)) return std::nullopt;
  return expected_value(target, std::min(month_end, deadline), on);
}

// The values are those of the month, oldest first.
MonthStanding standing(const Target& target, year_month month,
                       std::span<const JudgedReading> values, Date on) {
  MonthStanding result;
  result.month = unsigned{month.month()};
  if (values.empty()) {
    result.expected = expected_at_end(target, std::chrono::sys_days{month / std::chrono::last}, on);
    return result;
  }
  const JudgedReading& newest = values.back();
  result.status = newest.status;
  result.deviation = newest.deviation;
  if (target.kind == Kind::pledge) return result;
  result.actual = newest.reading.value;
  result.expected = expected_value(target, newest.reading.as_of, on);
  return result;
}

}  // namespace

YearStanding year_standing(const Target& target, const WorkingDays& working_days,
                           std::span<const Reading> readings,
                           std::span<const Corrections> corrections, Date on) {
  const year_month first = month_of(target.start);
  const year_month last = month_of(target.deadline_on(on));
  const auto year = std::max(std::min(month_of(on).year(), last.year()), first.year());
  YearStanding result;
  result.year = static_cast<int>(year);

  const std::vector<JudgedReading> judged = judge_each(target, working_days, readings, on);
  auto value = judged.begin();
  for (unsigned m = 1; m <= 12; ++m) {
    const year_month month = year / std::chrono::month{m};
    while (value != judged.end() && month_of(value->reading.as_of) < month) ++value;
    const auto begin = value;
    while (value != judged.end() && month_of(value->reading.as_of) == month) ++value;
    if (begin == value && (month < first || month > last)) continue;
    result.months.push_back(standing(target, month, std::span(begin, value), on));
    for (const Corrections& day : corrections) {
      if (month_of(day.as_of) == month) result.months.back().corrections += day.count;
    }
  }
  return result;
}

}  // namespace districtd

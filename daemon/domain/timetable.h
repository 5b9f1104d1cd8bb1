// On which days, and at what time of day, something is due: the schedules of bulletins. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/working_days.h"

namespace districtd {

// A calendar expression. Immutable.
class Timetable {
 public:
  // Understands, in any case of letters:
  //   every day 08:00                     every working day 08:00
  //   every Monday 08:30                  working day 5 of each month 09:00
  //   day 8 of each month 09:00           last day of each month 17:00
  //   day 15 of each quarter 09:00        the day of the quarter's first month
  //   last day of each quarter 17:00
  //   day 20 of January 09:00             once a year; 29 February in leap years only
  // A month that is too short for "day 31 of each month" has its last day instead. The text that
  // comes back says why an expression is none, or that it never occurs.
  static Result<Timetable, std::string> parse(std::string_view text);

  // Moves each day to the next working day where it is none.
  void move_to_working_days() { moves_ = true; }

  // Whether holidays decide the day: it moves to working days, or counts them.
  bool asks_for_working_days() const {
    return moves_ || rule_ == Rule::every_working_day || rule_ == Rule::working_day_of_month;
  }

  std::chrono::minutes time_of_day() const { return time_of_day_; }

  // The first day after `day`, and the last one before it, on which something is due. nullopt where
  // there is none within nine years (so long can a 29 February be away).
  std::optional<Date> next_after(Date day, const WorkingDays& working_days) const;
  std::optional<Date> last_before(Date day, const WorkingDays& working_days) const;

  friend bool operator==(const Timetable&, const Timetable&) = default;

 private:
  enum class Rule {
    every_day,
    every_working_day,
    weekday,
    day_of_month,
    working_day_of_month,
    day_of_quarter,
    day_of_year
  };

  // Everything but the time of day. The error says why the day never comes; "" where the words are
  // no schedule at all.
  static Result<Timetable, std::string> parse_words(const std::vector<std::string>& words);
  bool names(Date day, const WorkingDays& working_days) const;
  Date moved(Date day, const WorkingDays& working_days) const {
    return moves_ ? working_days.on_or_after(day) : day;
  }

  Rule rule_ = Rule::every_day;
  unsigned number_ = 0;  // ISO weekday 1..7, or the day; kLast is the last day
  unsigned month_ = 0;   // of day_of_year
  std::chrono::minutes time_of_day_{};
  bool moves_ = false;
};

}  // namespace districtd

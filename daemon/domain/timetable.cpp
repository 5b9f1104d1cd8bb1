#include "daemon/domain/timetable.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace districtd {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

constexpr unsigned kLast = 99;
constexpr days kHorizon{9 * 366};
// A move over the longest holidays that a calendar is likely to have.
constexpr days kLongestMove{31};

constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

template <std::size_t size>
unsigned position(const std::array<std::string_view, size>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? 0 : static_cast<unsigned>(found - words.begin()) + 1;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool is_inside = false;
  for (const char c : lower_ascii(text)) {
    if (c == ' ' || c == '\t') {
      is_inside = false;
      continue;
    }
    if (!is_inside) words.emplace_back();
    is_inside = true;
    words.back() += c;
  }
  return words;
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = number(text.substr(0, 2));
  const auto minutes = number(text.substr(3));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
}

unsigned days_in(year_month_day day) {
  return static_cast<unsigned>(
      year_month_day_last{day.year(), std::chrono::month_day_last{day.month()}}.day());
}

constexpr std::string_view kExpected =
    "expected such as \"every Monday 08:30\", \"day 8 of each month 09:00\", \"last day of each "
    "quarter 17:00\", \"working day 5 of each month 09:00\", \"day 20 of January 09:00\" or "
    "\"every day 08:00\"";

}  // namespace

Result<Timetable, std::string> Timetable::parse(std::string_view text) {
  auto words = words_of(text);
  const auto no_schedule = [&] {
    return "'" + std::string{text} + "' is no schedule; " + std::string{kExpected};
  };
  if (words.size() < 3) return no_schedule();
  const auto time = districtd::time_of_day(words.back());
  if (!time) {
    return "'" + words.back() + "' in '" + std::string{text} +
           "' is no time of day; expected such as 09:00";
  }
  words.pop_back();
  auto parsed = parse_words(words);
  if (!parsed) {
    const std::string& why = parsed.error();
    return why.empty() ? no_schedule() : "'" + std::string{text} + "' never occurs: " + why;
  }
  parsed->time_of_day_ = *time;
  return parsed;
}

Result<Timetable, std::string> Timetable::parse_words(const std::vector<std::string>& words) {
  Timetable table;
  const std::string none;
  if (words[0] == "every") {
    if (words.size() == 2 && words[1] == "day") return table;
    if (words.size() == 3 && words[1] == "working" && words[2] == "day") {
      table.rule_ = Rule::every_working_day;
      return table;
    }
    table.number_ = words.size() == 2 ? position(kWeekdays, words[1]) : 0;
    table.rule_ = Rule::weekday;
    if (table.number_ == 0) return none;
    return table;
  }
  auto rest = words.begin();
  const bool is_working = *rest == "working";
  const bool is_last = *rest == "last";
  if (is_working || is_last) ++rest;
  if (rest == words.end() || *rest++ != "day") return none;
  if (is_last) {
    table.number_ = kLast;
  } else {
    const auto day = rest == words.end() ? std::nullopt : number(*rest++);
    if (!day) return none;
    table.number_ = *day;
  }
  const std::vector<std::string> scope(rest, words.end());
  if (scope.size() < 2 || scope[0] != "of") return none;
  const bool is_each = scope.size() == 3 && scope[1] == "each";
  unsigned most = 31;
  if (is_each && scope[2] == "month") {
    table.rule_ = is_working ? Rule::working_day_of_month : Rule::day_of_month;
    if (is_working) most = 15;  // a month with fewer would have no such day
  } else if (is_each && scope[2] == "quarter" && !is_working) {
    table.rule_ = Rule::day_of_quarter;
  } else if (scope.size() == 2 && !is_working) {
    table.rule_ = Rule::day_of_year;
    table.month_ = position(kMonths, scope[1]);
    if (table.month_ == 0) return none;
    constexpr std::array<unsigned, 12> kLongest = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    most = kLongest[table.month_ - 1];
  } else {
    return none;
  }
  if (!is_last && (table.number_ < 1 || table.number_ > most)) {
    return "there is no day " + std::to_string(table.number_) + " there; expected 1 to " +
           std::to_string(most);
  }
  return table;
}

bool Timetable::names(Date day, const WorkingDays& working_days) const {
  const year_month_day date{day};
  const unsigned of_month = static_cast<unsigned>(date.day());
  const unsigned month = static_cast<unsigned>(date.month());
  switch (rule_) {
    case Rule::every_day:
      return true;
    case Rule::every_working_day:
      return working_days.is_working_day(day);
    case Rule::weekday:
      return std::chrono::weekday{day}.iso_encoding() == number_;
    case Rule::day_of_month:
      return of_month == std::min(number_, days_in(date));
    case Rule::working_day_of_month: {
      if (!working_days.is_working_day(day)) return false;
      unsigned count = 0;
      for (unsigned d = 0; d < of_month; ++d) count += working_days.is_working_day(day - days{d});
      return count == number_;
    }
    case Rule::day_of_quarter:
      return number_ == kLast ? month % 3 == 0 && of_month == days_in(date)
                              : month % 3 == 1 && of_month == number_;
    case Rule::day_of_year:
      return month == month_ && of_month == (number_ == kLast ? days_in(date) : number_);
  }
  return false;
}

std::optional<Date> Timetable::next_after(Date day, const WorkingDays& working_days) const {
  for (Date d = day - kLongestMove; d <= day + kHorizon; d += days{1}) {
    if (!names(d, working_days)) continue;
    if (const Date due = moved(d, working_days); due > day) return due;
  }
  return std::nullopt;
}

std::optional<Date> Timetable::last_before(Date day, const WorkingDays& working_days) const {
  for (Date d = day - days{1}; d >= day - kHorizon; d -= days{1}) {
    if (!names(d, working_days)) continue;
    if (const Date due = moved(d, working_days); due < day) return due;
  }
  return std::nullopt;
}

}  // namespace districtd

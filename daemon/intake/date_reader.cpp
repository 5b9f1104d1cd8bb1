#include "daemon/intake/date_reader.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/chinese_number.h"

namespace districtd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Date> existing(unsigned y, unsigned m, unsigned d) {
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(y)},
                                         std::chrono::month{m}, std::chrono::day{d}};
  if (y == 0 || !date.ok()) return std::nullopt;  // no calendar on a wall has a year 0
  return Date{date};
}

// The number of at least one and at most `most` digits at the beginning, which is taken off.
std::optional<unsigned> take_number(std::string_view& text, std::size_t most) {
  unsigned number = 0;
  std::size_t length = 0;
  while (length < most && length < text.size() && is_digit(text[length])) {
    number = 10 * number + static_cast<unsigned>(text[length++] - '0');
  }
  text.remove_prefix(length);
  return length == 0 ? std::nullopt : std::optional(number);
}

bool take_word(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

struct Form {
  std::string_view after_year;
  std::string_view after_month;
  std::string_view after_day;
};

constexpr Form kForms[] = {{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}};

std::optional<Date> read_form(std::string_view text, const Form& form) {
  const std::size_t before = text.size();
  const auto year = take_number(text, 4);
  if (!year || before - text.size() != 4 || !take_word(text, form.after_year)) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take_word(text, form.after_month)) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || !take_word(text, form.after_day) || !text.empty()) return std::nullopt;
  return existing(*year, *month, *day);
}

bool is_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    if (!is_digit(text[at])) return false;
  }
  return true;
}

constexpr std::size_t kMostBytes = 60;

// A number of one or two digits, or a Chinese numeral, taken off the beginning.
std::optional<unsigned> take_month_or_day(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  if (is_digit(text.front())) {
    const auto number = take_number(text, 2);
    if (!text.empty() && is_digit(text.front())) return std::nullopt;
    return number;
  }
  const auto numeral = read_calendar_numeral(text);
  if (!numeral || numeral->digits > 2) return std::nullopt;
  text = numeral->rest;
  return numeral->value;
}

// "2026年", "二〇二六年" at the beginning; "今年" and "本年" say no year.
std::optional<int> take_year(std::string_view& text) {
  std::string_view rest = text;
  std::optional<int> year;
  if (!rest.empty() && is_digit(rest.front())) {
    const std::size_t before = rest.size();
    const auto number = take_number(rest, 4);
    if (before - rest.size() == 4) year = static_cast<int>(*number);
  } else if (const auto numeral = read_calendar_numeral(rest); numeral && numeral->digits == 4) {
    year = static_cast<int>(numeral->value);
    rest = numeral->rest;
  }
  if (!year || !take_word(rest, "年")) return std::nullopt;
  if (rest.starts_with("度")) take_word(rest, "度");
  text = rest;
  return year;
}

void drop_decoration(std::string_view& text) {
  constexpr std::array<std::string_view, 6> kBefore = {"截至", "截止", "至",
                                                       "今年", "本年", "累计"};
  constexpr std::array<std::string_view, 9> kAfter = {"累计", "为止", "止",   "底",    "末",
                                                      "份",   "数",   "完成", "(累计)"};
  while (take_any(text, kBefore)) {
  }
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view word : kAfter) {
      if (!text.ends_with(word)) continue;
      if (text.ends_with("年底") || text.ends_with("年末")) return;
      text.remove_suffix(word.size());
      again = true;
    }
  }
}

// A quarter, a half or the whole of a year: its last month.
std::optional<unsigned> named_period(std::string_view text) {
  struct Period {
    std::string_view name;
    unsigned month;
  };
  constexpr std::array kPeriods = {
      Period{"一季度", 3},   Period{"二季度", 6},  Period{"三季度", 9},   Period{"四季度", 12},
      Period{"1季度", 3},    Period{"2季度", 6},   Period{"3季度", 9},    Period{"4季度", 12},
      Period{"Q1", 3},       Period{"Q2", 6},      Period{"Q3", 9},       Period{"Q4", 12},
      Period{"上半年", 6},   Period{"下半年", 12}, Period{"前三季度", 9}, Period{"全年", 12},
      Period{"年底", 12},    Period{"年末", 12},   Period{"底", 12},      Period{"末", 12},
      Period{"前二季度", 6}, Period{"前两季度", 6}};
  take_word(text, "第");
  for (const Period& period : kPeriods) {
    if (text == period.name) return period.month;
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 8> kTo = {"-", "–", "—", "~", "至", "到", "－", "月-"};

// "6月", "6月30日", "1-6月".
std::optional<WrittenDate> read_months(std::string_view text) {
  WrittenDate written;
  const auto first = take_month_or_day(text);
  if (!first) return std::nullopt;
  written.month = *first;
  if (take_word(text, "月至") || take_any(text, kTo)) {
    const auto last = take_month_or_day(text);
    if (*first != 1 || !last || !take_word(text, "月") || !text.empty()) return std::nullopt;
    written.month = *last;
    return written;
  }
  if (!take_word(text, "月")) return std::nullopt;
  if (text.empty()) return written;
  const auto day = take_month_or_day(text);
  if (!day || *day == 0) return std::nullopt;
  if (!text.empty() && text != "日" && text != "号") return std::nullopt;
  written.day = *day;
  return written;
}

std::optional<WrittenDate> read_digits(std::string_view text) {
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
  }
  std::string_view rest = text;
  const auto number = take_number(rest, 8);
  if (!number || !rest.empty()) return std::nullopt;
  constexpr unsigned kFirstSerial = 36526;
  constexpr unsigned kLastSerial = 73050;
  if (text.size() == 5 && *number >= kFirstSerial && *number <= kLastSerial) {
    const std::chrono::year_month_day date{date_of(1899, 12, 30) + std::chrono::days(*number)};
    return WrittenDate{static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), true};
  }
  const bool is_this_century = *number / (text.size() == 8 ? 1'000'000 : 10'000) == 20;
  if (!is_this_century) return std::nullopt;
  if (text.size() == 8) {
    if (*number % 100 == 0) return std::nullopt;
    return WrittenDate{static_cast<int>(*number / 10'000), *number / 100 % 100, *number % 100};
  }
  if (text.size() == 6) return WrittenDate{static_cast<int>(*number / 100), *number % 100};
  return std::nullopt;
}

// "2026-06", "2026/6", "2026.6".
std::optional<WrittenDate> read_year_and_month(std::string_view text) {
  const std::size_t before = text.size();
  const auto year = take_number(text, 4);
  if (!year || before - text.size() != 4) return std::nullopt;
  if (!take_word(text, "-") && !take_word(text, "/") && !take_word(text, ".")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !text.empty()) return std::nullopt;
  return WrittenDate{static_cast<int>(*year), *month};
}

struct Moment {
  std::string_view date;
  int days = 0;  // later than `date`, in Beijing
};

// "+08:00", "-0530", "Z": minutes ahead of UTC. nullopt for what is none.
std::optional<int> read_zone(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2);
  take_word(text, ":");
  const auto minutes = text.empty() ? std::optional(0U) : take_number(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  return sign * static_cast<int>(60 * *hours + *minutes);
}

// "2026-06-30 00:00:00" and "2026-06-29T16:00:00.000Z": the date, and by how many days the moment
// is another one in Beijing. The text itself where no time of day is behind it.
Moment read_moment(std::string_view text) {
  constexpr int kBeijing = 8 * 60;
  constexpr int kDay = 24 * 60;
  const Moment none{text};
  std::size_t at = text.find(' ');
  const std::size_t letter = text.find('T');
  const bool is_iso_time = letter != text.npos && letter > 0 && is_digit(text[letter - 1]);
  if (is_iso_time) at = letter;
  if (at == text.npos || at + 1 >= text.size()) return none;
  std::string_view time = text.substr(at + 1);
  const auto hours = take_number(time, 2);
  if (!hours || *hours > 24 || !take_word(time, ":")) return none;
  const auto minutes = take_number(time, 2);
  if (!minutes || *minutes > 59) return none;
  std::optional<unsigned> seconds = 0U;
  if (take_word(time, ":")) seconds = take_number(time, 2);
  if (!seconds || *seconds > 60) return none;
  if (take_word(time, ".")) {
    while (!time.empty() && is_digit(time.front())) time.remove_prefix(1);
  }
  time = trim(time);
  Moment moment{text.substr(0, at)};
  int minute = static_cast<int>(60 * *hours + *minutes);
  if (!time.empty()) {
    const auto zone = read_zone(time);
    if (!zone) return none;
    minute += kBeijing - *zone;
    moment.days = minute < 0 ? -1 : minute / kDay;
    minute -= moment.days * kDay;
  }
  const bool is_short = minute == kDay - 1 || minute == kDay - 6;  // 23:59:17, 23:54:17
  if (is_short && *seconds == 17) ++moment.days;
  return moment;
}

WrittenDate whole(Date day) {
  const std::chrono::year_month_day date{day};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

}  // namespace

std::optional<Date> read_date(std::string_view text) {
  if (is_iso(text)) {
    const auto digit = [&](std::size_t at) { return static_cast<unsigned>(text[at] - '0'); };
    return existing(1000 * digit(0) + 100 * digit(1) + 10 * digit(2) + digit(3),
                    10 * digit(5) + digit(6), 10 * digit(8) + digit(9));
  }
  if (text.size() > kMostBytes) return std::nullopt;
  const std::string narrowed = narrow(text);
  for (const Form& form : kForms) {
    if (const auto date = read_form(narrowed, form)) return date;
  }
  return std::nullopt;
}

namespace {

std::optional<WrittenDate> read_any(std::string_view text) {
  const std::string narrowed = narrow(text);
  const Moment moment = read_moment(narrowed);
  std::string_view rest = moment.date;
  if (const auto date = read_date(rest)) {
    WrittenDate written = whole(*date + std::chrono::days(moment.days));
    written.is_moved = moment.days != 0;
    return written;
  }
  if (moment.days != 0) return std::nullopt;
  if (const auto written = read_digits(rest)) return written;
  if (const auto written = read_year_and_month(rest)) return written;

  std::string without_blanks;
  for (const char c : rest) {
    if (c != ' ') without_blanks += c;
  }
  rest = without_blanks;
  drop_decoration(rest);
  if (const auto date = read_date(rest)) return whole(*date);
  const auto year = take_year(rest);
  while (take_word(rest, "累计")) {
  }
  std::optional<WrittenDate> written;
  if (const auto month = named_period(rest)) {
    written = WrittenDate{std::nullopt, *month};
  } else {
    written = read_months(rest);
  }
  if (written) written->year = year;
  return written;
}

}  // namespace

std::optional<WrittenDate> read_written_date(std::string_view text) {
  if (text.size() > kMostBytes) return std::nullopt;
  const auto written = read_any(text);
  const bool may_exist =
      written && written->month >= 1 && written->month <= 12 && written->day <= 31;
  return may_exist ? written : std::nullopt;
}

namespace {

// Looked at first, for it costs little: with anything else no month, quarter or half year begins.
bool may_begin_period(std::string_view text) {
  constexpr std::array<std::string_view, 10> kBegins = {"截", "至", "今", "本", "累",
                                                        "第", "上", "下", "前", "十"};
  return is_digit(text.front()) || read_calendar_numeral(text.substr(0, 3)) ||
         take_any(text, kBegins);
}

}  // namespace

std::vector<NamedPeriod> periods_in(std::string_view text) {
  constexpr std::array<std::string_view, 4> kNames = {"月", "季度", "上半年", "下半年"};
  std::vector<NamedPeriod> periods;
  std::size_t ahead = 0;  // where the next of them begins
  for (std::size_t begin = 0; begin < text.size();) {
    if (ahead <= begin) {
      ahead = text.size();
      for (const std::string_view each : kNames) ahead = std::min(ahead, text.find(each, begin));
      if (ahead == text.size()) break;
    }
    // What reaches no name is not looked at: most of what stands above a table names no period.
    if (ahead > begin + kMostBytes) begin = ahead - kMostBytes;
    while (utf8::is_continuation(text[begin])) ++begin;
    if (!may_begin_period(text.substr(begin))) {
      ++begin;
      continue;
    }
    std::size_t length = 0;
    std::optional<WrittenDate> longest;
    for (std::size_t end = begin + 1; end <= std::min(text.size(), begin + kMostBytes); ++end) {
      if (end < text.size() && utf8::is_continuation(text[end])) continue;
      const auto written = read_written_date(text.substr(begin, end - begin));
      if (!written) continue;
      longest = written;
      length = end - begin;
    }
    if (!longest) {
      ++begin;
      continue;
    }
    const std::string_view before = trim(text.substr(0, begin));
    const std::string_view found = text.substr(begin, length);
    begin += length;
    const std::string_view rest = text.substr(begin);
    const bool is_period =
        longest->day == 0 && std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
          return found.find(name) != std::string_view::npos;
        });
    const bool is_deadline = rest.starts_with("前") || rest.starts_with("之前");
    // The end of "4-6月" or "13月" is none.
    const bool is_part =
        !before.empty() && (is_digit(before.back()) ||
                            std::any_of(kTo.begin(), kTo.end(),
                                        [&](std::string_view to) { return before.ends_with(to); }));
    if (is_period && !is_deadline && !is_part) periods.push_back({*longest, std::string(found)});
  }
  return periods;
}

std::optional<Date> day_in(const WrittenDate& written, int year) {
  if (year < 1 || year > 9999 || written.month < 1 || written.month > 12) return std::nullopt;
  if (written.day != 0) return existing(static_cast<unsigned>(year), written.month, written.day);
  const std::chrono::year_month_day_last last{
      std::chrono::year{year}, std::chrono::month_day_last{std::chrono::month{written.month}}};
  return Date{last};
}

}  // namespace districtd

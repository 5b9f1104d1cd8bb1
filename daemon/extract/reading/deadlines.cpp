#include "daemon/extract/reading/deadlines.h"

#include <chrono>
#include <optional>

#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

std::optional<unsigned> in_range(double value, unsigned most) {
  if (value < 1 || value > most || value != static_cast<double>(static_cast<unsigned>(value))) {
    return std::nullopt;
  }
  return static_cast<unsigned>(value);
}

Date month_end(int year, unsigned month) {
  return Date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::last};
}

std::optional<Date> day_of(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  return date.ok() ? std::optional<Date>{date} : std::nullopt;
}

// "2028年新增": a year alone says when, unless it is part of a name or of a day, or comes first.
bool is_year_alone(std::u32string_view chars, std::size_t end, int year, Date date) {
  if (date <= month_end(year, 12)) return false;
  constexpr std::u32string_view kNot = U"的度级版奥亚世计规预工中初春夏秋冬以之第0123456789";
  return end >= chars.size() || kNot.find(chars[end]) == std::u32string_view::npos;
}

bool is_year(double value) { return value >= 1990 && value <= 2100; }

std::optional<Date> date_of_match(const DeadlinePattern& pattern, const std::vector<double>& n,
                                  int year) {
  // Where a year stands first, the rest are month and day.
  std::size_t k = 0;
  int y = year;
  if (!n.empty() && is_year(n[0]) && pattern.rule != DateRule::years) {
    y = static_cast<int>(n[0]);
    k = 1;
  }
  const auto number = [&](std::size_t i) { return k + i < n.size() ? n[k + i] : 0; };
  switch (pattern.rule) {
    case DateRule::month_end:
      if (const auto m = in_range(number(0), 12)) return month_end(y, *m);
      break;
    case DateRule::month_day:
      if (const auto m = in_range(number(0), 12)) {
        if (const auto d = in_range(number(1), 31)) return day_of(y, *m, *d);
      }
      break;
    case DateRule::month_tenth:
      if (const auto m = in_range(number(0), 12)) return day_of(y, *m, 10);
      break;
    case DateRule::month_twentieth:
      if (const auto m = in_range(number(0), 12)) return day_of(y, *m, 20);
      break;
    case DateRule::quarter_end:
      if (const auto q = in_range(number(0), 4)) return month_end(y, *q * 3);
      break;
    case DateRule::year_end:
      if (k == 1) return month_end(y, 12);
      break;
    case DateRule::fixed:
      return day_of(year, pattern.month, pattern.day);
    case DateRule::next_year:
      return month_end(year + 1, 12);
    case DateRule::next_month_end:
      if (const auto m = in_range(number(0), 12)) return month_end(year + 1, *m);
      break;
    case DateRule::years:
      if (const auto count = in_range(number(0), 10)) {
        return month_end(year + static_cast<int>(*count) - 1, 12);
      }
      break;
    case DateRule::five_year_plan:
      // The first plan ended in 1957, and "十五五" is read as fifteen.
      if (const auto plan = in_range(number(0), 30)) {
        return month_end(1955 + 5 * static_cast<int>(*plan), 12);
      }
      break;
  }
  return std::nullopt;
}

}  // namespace

void find_deadlines(const NormalText& text, const Rules& rules, int year,
                    std::vector<Deadline>& out) {
  out.clear();
  const std::u32string_view chars = text.chars;
  Pattern::Match match;
  for (std::size_t i = 0; i < chars.size();) {
    Deadline best;
    if (i > 0 && is_digit(chars[i]) && is_digit(chars[i - 1])) {
      ++i;
      continue;
    }
    const auto numeral = read_numeral(chars, i);
    rules.deadline_index.candidates(chars, i, numeral, [&](std::uint16_t index) {
      const DeadlinePattern& pattern = rules.deadlines[index];
      if (!pattern.pattern.matches(chars, i, match, &numeral)) return;
      if (match.end - i <= best.span.size()) return;
      // 2月30日 is no day, and no February either.
      if (chars[match.end - 1] == U'月' && match.end < chars.size() && is_digit(chars[match.end])) {
        return;
      }
      if (const auto date = date_of_match(pattern, match.numbers, year)) {
        const bool is_alone = pattern.rule == DateRule::year_end && is_digit(chars[i]) &&
                              match.end == i + 5 && chars[i + 4] == U'年';
        if (is_alone && !is_year_alone(chars, match.end, year, *date)) return;
        best = {{i, match.end}, *date, pattern.is_vague};
      }
    });
    if (best.span.size() > 0) {
      out.push_back(best);
      i = best.span.end;
    } else {
      ++i;
    }
  }
}

}  // namespace districtd::extract

#include "daemon/intake/date_reader.h"

#include <string>

#include "daemon/intake/text.h"

namespace districtd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Date> existing(unsigned y, unsigned m, unsigned d) {
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(y)},
                                         std::chrono::month{m}, std::chrono::day{d}};
  if (!date.ok()) return std::nullopt;
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

bool take(std::string_view& text, std::string_view expected) {
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
  if (!year || before - text.size() != 4 || !take(text, form.after_year)) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, form.after_month)) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || !take(text, form.after_day) || !text.empty()) return std::nullopt;
  return existing(*year, *month, *day);
}

bool is_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    if (!is_digit(text[at])) return false;
  }
  return true;
}

}  // namespace

std::optional<Date> read_date(std::string_view text) {
  if (is_iso(text)) {
    const auto digit = [&](std::size_t at) { return static_cast<unsigned>(text[at] - '0'); };
    return existing(1000 * digit(0) + 100 * digit(1) + 10 * digit(2) + digit(3),
                    10 * digit(5) + digit(6), 10 * digit(8) + digit(9));
  }
  constexpr std::size_t kMostBytes = 40;
  if (text.size() > kMostBytes) return std::nullopt;
  const std::string narrowed = narrow(text);
  for (const Form& form : kForms) {
    if (const auto date = read_form(narrowed, form)) return date;
  }
  return std::nullopt;
}

}  // namespace districtd

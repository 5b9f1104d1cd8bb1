#include "daemon/extract/text/numerals.h"

#include <algorithm>
#include <string>

#include "daemon/extract/text/normal_text.h"
#include "daemon/intake/chinese_number.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kLongest = 15;  // digits; what is longer is no number of a report
constexpr std::u32string_view kDigits = U"零一二两三四五六七八九";
constexpr std::u32string_view kPowers = U"十百千";

// Digits with blanks between them, as a PDF gives them: 1 5 0, 3 500.
struct DigitGroups {
  std::size_t first = 0;  // digits of the first group
  std::size_t last = 0;
  std::size_t groups = 1;
  bool are_thousands = true;  // each behind the first has three
  bool are_single = true;     // each has one

  void close() {
    are_single = are_single && last == 1;
    if (groups == 1) {
      first = last;
    } else {
      are_thousands = are_thousands && last == 3;
    }
    last = 0;
  }
  bool are_clear() const { return groups == 1 || are_single || (are_thousands && first <= 3); }
};

std::optional<Numeral> read_arabic(std::u32string_view text, std::size_t at) {
  // At most 15 digits are exact in a double, and one division rounds correctly.
  double digits = 0;
  double divisor = 1;
  std::size_t count = 0;
  std::size_t i = at;
  DigitGroups blanks;
  const auto is = [&](std::size_t k) { return k < text.size() && is_digit(text[k]); };
  const auto take = [&] {
    digits = digits * 10 + static_cast<double>(text[i++] - U'0');
    ++blanks.last;
    return ++count <= kLongest;
  };
  while (i < text.size()) {
    if (is_digit(text[i])) {
      if (!take()) return std::nullopt;
    } else if (text[i] == U',' && i > at && is(i + 1) && is(i + 2) && is(i + 3) && !is(i + 4)) {
      ++i;
    } else if (text[i] == U' ' && i > at && is(i + 1) && (blanks.groups > 1 || blanks.last <= 3)) {
      // Four digits and more are a year, and another number follows.
      blanks.close();
      ++blanks.groups;
      ++i;
    } else {
      break;
    }
  }
  blanks.close();
  if (i + 1 < text.size() && text[i] == U'.' && is_digit(text[i + 1])) {
    for (++i; is(i);) {
      if (!take()) return std::nullopt;
      divisor *= 10;
    }
  }
  return Numeral{i, digits / divisor, false, !blanks.are_clear()};
}

bool is_of(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }

// 三百二十, 一百零五, 十二, 百, 十二点六, 二零二六: the longest that is well formed.
std::optional<Numeral> read_chinese(std::u32string_view text, std::size_t at) {
  std::size_t end = at;
  bool has_power = false;
  while (end < text.size() && end - at < kLongest) {
    const char32_t c = text[end];
    if (is_of(kPowers, c)) has_power = true;
    const bool is_point = c == U'点' && end > at && end + 1 < text.size() &&
                          is_of(kDigits, text[end - 1]) && is_of(kDigits, text[end + 1]);
    if (!is_of(kDigits, c) && !is_of(kPowers, c) && !is_point) break;
    if (is_point) has_power = true;
    ++end;
  }
  if (!has_power && end - at > 1) {
    // Digits in a row: a year, or 三五家, which says no number.
    const std::string row = to_utf8(text.substr(at, end - at));
    const auto year = read_calendar_numeral(row);
    if (year && year->rest.empty() && year->digits == 4) {
      return Numeral{end, static_cast<double>(year->value), true, false};
    }
    double value = 0;
    for (std::size_t i = at; i < end; ++i) {
      const auto one = read_chinese_number(to_utf8(text.substr(i, 1)));
      value = value * 10 + (one ? one->value : 0);
    }
    return Numeral{end, value, true, true};
  }
  for (; end > at; --end) {
    const std::string words = to_utf8(text.substr(at, end - at));
    const auto number = read_chinese_number(words);
    if (number && number->rest.empty()) return Numeral{end, number->value, true, false};
  }
  return text[at] == U'零' ? std::optional<Numeral>{{at + 1, 0, true, false}} : std::nullopt;
}

}  // namespace

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_chinese_digit(char32_t c) { return is_of(kDigits, c) || is_of(kPowers, c); }

std::optional<Numeral> read_numeral(std::u32string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  if (is_digit(text[at])) return read_arabic(text, at);
  return is_chinese_digit(text[at]) ? read_chinese(text, at) : std::nullopt;
}

}  // namespace districtd::extract

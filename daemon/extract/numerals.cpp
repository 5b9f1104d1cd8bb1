#include "daemon/extract/numerals.h"

#include <cstdlib>
#include <string>

namespace districtd::extract {

namespace {

constexpr std::u32string_view kDigits = U"零一二三四五六七八九";
constexpr std::size_t kLongest = 24;  // characters; what is longer is no number of a report

int digit_of(char32_t c) {
  if (c == U'两') return 2;
  const auto found = kDigits.find(c);
  return found == std::u32string_view::npos ? -1 : static_cast<int>(found);
}

double power_of(char32_t c) { return c == U'十' ? 10 : c == U'百' ? 100 : c == U'千' ? 1000 : 0; }

std::optional<Numeral> read_arabic(std::u32string_view text, std::size_t at) {
  std::string digits;
  std::size_t i = at;
  const auto is = [&](std::size_t k) { return k < text.size() && is_digit(text[k]); };
  while (i < text.size()) {
    if (is_digit(text[i])) {
      digits += static_cast<char>(text[i++]);
    } else if (text[i] == U',' && !digits.empty() && i - at <= 15 && is(i + 1) && is(i + 2) &&
               is(i + 3) && !is(i + 4)) {
      ++i;
    } else {
      break;
    }
  }
  if (i + 1 < text.size() && text[i] == U'.' && is_digit(text[i + 1])) {
    digits += '.';
    for (++i; is(i); ++i) digits += static_cast<char>(text[i]);
  }
  if (digits.size() > kLongest) return std::nullopt;
  return Numeral{i, std::strtod(digits.c_str(), nullptr), false};
}

// 三百二十, 一百零五, 十二, 百, 二〇二六. Digits in a row are read one by one.
std::optional<Numeral> read_chinese(std::u32string_view text, std::size_t at) {
  double total = 0;
  double row = -1;
  std::size_t i = at;
  bool has_power = false;
  for (; i < text.size() && i - at < kLongest; ++i) {
    if (const int digit = digit_of(text[i]); digit >= 0) {
      // 十五五 is fifteen and one more.
      if (has_power && digit > 0 && digit_of(text[i - 1]) > 0) break;
      row = row < 0 || has_power ? digit : row * 10 + digit;
    } else if (const double power = power_of(text[i]); power > 0) {
      total += (row < 0 ? 1 : row == 0 && i > at && text[i - 1] == U'零' ? 1 : row) * power;
      row = 0;
      has_power = true;
    } else {
      break;
    }
  }
  if (i == at) return std::nullopt;
  return Numeral{i, total + (row > 0 ? row : 0), true};
}

}  // namespace

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_chinese_digit(char32_t c) { return digit_of(c) >= 0 || power_of(c) > 0; }

std::optional<Numeral> read_numeral(std::u32string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  if (is_digit(text[at])) return read_arabic(text, at);
  return is_chinese_digit(text[at]) ? read_chinese(text, at) : std::nullopt;
}

}  // namespace districtd::extract

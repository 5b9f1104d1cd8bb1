#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kLongest = 15;  // digits; what is longer is no number of a report

int digit_of(char32_t c) {
  switch (c) {
    case U'零':
      return 0;
    case U'一':
      return 1;
    case U'二':
    case U'两':
      return 2;
    case U'三':
      return 3;
    case U'四':
      return 4;
    case U'五':
      return 5;
    case U'六':
      return 6;
    case U'七':
      return 7;
    case U'八':
      return 8;
    case U'九':
      return 9;
    default:
      return -1;
  }
}

double power_of(char32_t c) { return c == U'十' ? 10 : c == U'百' ? 100 : c == U'千' ? 1000 : 0; }

std::optional<Numeral> read_arabic(std::u32string_view text, std::size_t at) {
  // At most 15 digits are exact in a double, and one division rounds correctly.
  double digits = 0;
  double divisor = 1;
  std::size_t count = 0;
  std::size_t i = at;
  const auto is = [&](std::size_t k) { return k < text.size() && is_digit(text[k]); };
  const auto take = [&] {
    digits = digits * 10 + static_cast<double>(text[i++] - U'0');
    return ++count <= kLongest;
  };
  while (i < text.size()) {
    if (is_digit(text[i])) {
      if (!take()) return std::nullopt;
    } else if (text[i] == U',' && i > at && is(i + 1) && is(i + 2) && is(i + 3) && !is(i + 4)) {
      ++i;
    } else {
      break;
    }
  }
  if (i + 1 < text.size() && text[i] == U'.' && is_digit(text[i + 1])) {
    for (++i; is(i);) {
      if (!take()) return std::nullopt;
      divisor *= 10;
    }
  }
  return Numeral{i, digits / divisor, false};
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

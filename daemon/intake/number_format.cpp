#include "daemon/intake/number_format.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "daemon/domain/calendar.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

std::string digits(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", value);
  return text.data();
}

// A format's parts outside of quotes, brackets and escapes, in lower case; the literals apart.
struct Taken {
  std::string plain;
  std::string literal;  // the last one
};

Taken take_apart(std::string_view code) {
  Taken taken;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == ';') break;  // the other sections are for negative numbers, zero and text
    if (c == '"') {
      const std::size_t end = std::min(code.find('"', i + 1), code.size());
      taken.literal = code.substr(i + 1, end - i - 1);
      i = end;
    } else if (c == '[') {
      i = std::min(code.find(']', i), code.size());
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else {
      taken.plain += c;
    }
  }
  taken.plain = lower_ascii(taken.plain);
  return taken;
}

}  // namespace

NumberFormat number_format(std::string_view code) {
  NumberFormat format;
  const Taken taken = take_apart(code);
  const std::string& plain = taken.plain;
  const auto has = [&](char c) { return plain.find(c) != std::string::npos; };
  if (plain == "general") return format;
  if (has('y') || (has('d') && has('m')) || (has('m') && !has('0') && !has('#'))) {
    const bool is_time = !has('y') && !has('d') && (has('h') || has('s'));
    if (is_time) return format;
    format.kind = has('d') ? NumberFormat::Kind::date : NumberFormat::Kind::month;
  } else if (has('%')) {
    format.kind = NumberFormat::Kind::percentage;
  } else if (const auto unit = known_unit(taken.literal)) {
    format.unit = unit->symbol();
  }
  return format;
}

NumberFormat builtin_number_format(std::size_t id) {
  using Kind = NumberFormat::Kind;
  if (id == 9 || id == 10) return {Kind::percentage, {}};
  if (id == 17 || id == 27 || id == 55 || id == 57)
    return {Kind::month, {}};  // mmm-yy, yyyy"年"m"月"
  const bool is_date = (id >= 14 && id <= 16) || id == 22 || (id >= 28 && id <= 31) || id == 36 ||
                       (id >= 50 && id <= 54) || id == 58;
  return {is_date ? Kind::date : Kind::number, {}};
}

std::string shown(double value, const NumberFormat& format, bool since_1904) {
  using Kind = NumberFormat::Kind;
  if (format.kind == Kind::percentage) return digits(value * 100) + "%";
  if (format.kind == Kind::number) return digits(value) + format.unit;
  constexpr double kMostDays = 3'000'000;
  if (!(value >= 1 && value < kMostDays)) return digits(value);
  const Date origin = since_1904 ? date_of(1904, 1, 1) : date_of(1899, 12, 30);
  const double whole = std::floor(value);
  const Date day = origin + std::chrono::days(static_cast<int>(whole));
  if (format.kind == Kind::month) {
    const std::chrono::year_month_day date{day};
    return std::to_string(static_cast<int>(date.year())) + "年" +
           std::to_string(static_cast<unsigned>(date.month())) + "月";
  }
  return to_string(day);
}

}  // namespace districtd

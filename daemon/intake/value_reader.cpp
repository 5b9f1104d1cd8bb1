#include "daemon/intake/value_reader.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "daemon/intake/text.h"

namespace districtd {

namespace {

// No number that a person means has more characters; a longer one need not be read.
constexpr std::size_t kMostCharacters = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Where the digits and commas at the beginning end.
std::size_t integer_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && (is_digit(text[length]) || text[length] == ',')) ++length;
  return length;
}

// "3,200" and "1,234,567", but not "12,6", whose comma may be meant as a decimal point.
bool separates_thousands(std::string_view integer) {
  const std::size_t first = integer.find(',');
  if (first == 0 || first > 3) return false;
  for (std::size_t at = first; at < integer.size(); at += 4) {
    const std::string_view group = integer.substr(at + 1, 3);
    if (integer[at] != ',' || group.size() < 3 || group.find(',') != group.npos) return false;
  }
  return true;
}

struct Number {
  double value = 0;
  ValueFault fault = ValueFault::none;
  std::string_view unit;
};

// The number at the beginning of ASCII digits, and what follows it.
Number read_number(std::string_view text) {
  const Number none{0, ValueFault::not_a_number, {}};
  if (text.size() > kMostCharacters) return none;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  // from_chars takes "inf" and "nan" too.
  if (text.empty() || (!is_digit(text[0]) && text[0] != '.')) return none;

  std::array<char, kMostCharacters> buffer;
  const std::size_t integer = integer_length(text);
  const bool grouped = text.substr(0, integer).find(',') != std::string_view::npos;
  std::string_view plain = text;
  if (grouped) {
    if (!separates_thousands(text.substr(0, integer))) return none;
    std::size_t length = 0;
    for (const char c : text) {
      if (c != ',') buffer[length++] = c;
    }
    plain = {buffer.data(), length};
  }
  Number number;
  const auto [end, error] =
      std::from_chars(plain.data(), plain.data() + plain.size(), number.value);
  if (error == std::errc::result_out_of_range) return {0, ValueFault::too_large, {}};
  if (error != std::errc{}) return none;
  const std::size_t rest = plain.size() - static_cast<std::size_t>(end - plain.data());
  // Commas are dropped everywhere, so one after the number would be lost here.
  if (grouped && text.substr(integer).find(',') != std::string_view::npos) return none;
  number.unit = trim(text.substr(text.size() - rest));
  if (negative) number.value = -number.value;
  return number;
}

ReadValue in_base(double base) {
  if (!std::isfinite(base)) return {0, ValueFault::too_large};
  return {base + 0.0, ValueFault::none};  // the zero of "-0" is an ordinary one
}

}  // namespace

ReadValue read_value(std::string_view text, const Unit& unit) {
  std::string narrowed;
  Number number = read_number(text);
  if (number.unit == unit.symbol() && number.fault == ValueFault::none) {
    return in_base(unit.to_base(number.value));
  }
  // Only what begins with these bytes is made narrow.
  if (text.find_first_of("\xEF\xE2") != text.npos && text.size() <= 3 * kMostCharacters) {
    narrowed = narrow(text);
    number = read_number(narrowed);
  }
  if (number.fault != ValueFault::none) return {0, number.fault};
  if (number.unit.empty() || number.unit == unit.symbol())
    return in_base(unit.to_base(number.value));

  const auto own = Unit::parse(number.unit);
  if (!own) return {0, ValueFault::not_a_number};
  if (const auto base = unit.base_of(number.value, *own)) return in_base(*base);
  // "0x10" and "12abc" begin with a number without being one.
  if (is_letter(number.unit.front())) return {0, ValueFault::not_a_number};
  return {0, ValueFault::incompatible_unit};
}

std::string_view unit_of_value(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && !is_digit(text[at - 1]) && text[at - 1] != '.') --at;
  return trim(text.substr(at));
}

}  // namespace districtd

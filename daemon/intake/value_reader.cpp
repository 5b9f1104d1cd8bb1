#include "daemon/intake/value_reader.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "base/text.h"
#include "daemon/intake/chinese_number.h"

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
  bool is_spoken = false;
};

// The number at the beginning of ASCII digits, and what follows it.
Number read_number(std::string_view text) {
  const Number none{0, ValueFault::not_a_number, {}, false};
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
  if (error == std::errc::result_out_of_range) return {0, ValueFault::too_large, {}, false};
  if (error != std::errc{}) return none;
  const std::size_t rest = plain.size() - static_cast<std::size_t>(end - plain.data());
  // Commas are dropped everywhere, so one after the number would be lost here.
  if (grouped && text.substr(integer).find(',') != std::string_view::npos) return none;
  number.unit = trim(text.substr(text.size() - rest));
  if (negative) number.value = -number.value;
  return number;
}

ReadValue as_bare(ReadValue value) {
  value.is_bare = true;
  return value;
}

ReadValue in_base(double base) {
  if (!std::isfinite(base)) return {0, ValueFault::too_large};
  return {base + 0.0, ValueFault::none};  // the zero of "-0" is an ordinary one
}

// A number without a unit of its own.
ReadValue read_bare(double value, const Unit& unit, const ValueContext& context) {
  // A % in a header or a column of units does not say how a sheet holds its percentages.
  const Unit& said = context.unit != nullptr ? *context.unit : unit;
  const bool is_share = unit.is_percentage() || unit.symbol().empty();
  if (is_share && said.is_percentage()) {
    if (context.percentages == Percentages::ratio) return in_base(value);
    const bool is_percent = said.symbol() == "%" || said.symbol() == "％";
    if (context.percentages == Percentages::ambiguous && is_percent && value != 0 &&
        std::abs(value) <= 1) {
      return {0, ValueFault::ambiguous_percentage};
    }
  }
  if (context.unit == nullptr) return in_base(unit.to_base(value));
  const auto base = unit.base_of(value, said);
  return base ? in_base(*base) : ReadValue{0, ValueFault::incompatible_unit};
}

// "十二点六亿元", "三千二百万元", "百分之九十五"; the unit is a view into `text` or `unit_text`.
Number read_chinese(std::string_view text, std::string& unit_text) {
  constexpr std::string_view kPercent = "百分之";
  const Number none{0, ValueFault::not_a_number, {}, false};
  const bool is_percent = text.starts_with(kPercent);
  if (is_percent) text.remove_prefix(kPercent.size());
  Number number;
  if (is_percent && !text.empty() && is_digit(text.front())) {
    number = read_number(text);
  } else {
    const auto numeral = read_chinese_number(text);
    if (!numeral) return none;
    // As if it were written 3200万元: with a bare number the target's noun is meant, not its scale.
    unit_text = numeral->has_myriads ? "万" : "";
    unit_text += trim(numeral->rest);
    number = {numeral->has_myriads ? numeral->value / 1e4 : numeral->value, ValueFault::none,
              unit_text, numeral->is_spoken};
  }
  if (is_percent && !number.unit.empty()) return none;
  if (is_percent) number.unit = "%";
  return number;
}

bool has_number(std::string_view text) {
  if (text.find_first_of("0123456789") != text.npos) return true;
  for (std::size_t i = 0; i + 3 <= text.size(); ++i) {
    if (read_chinese_number(text.substr(i))) return true;
  }
  return false;
}

// Words around a number by which it is not the number itself.
bool is_approximate(std::string_view text) {
  constexpr std::array<std::string_view, 10> kBefore = {"约",   "大约", "近",   "将近", "超",
                                                        "超过", "逾",   "不足", "不到", "接近"};
  constexpr std::array<std::string_view, 7> kAfter = {"左右", "多",   "余",  "上下",
                                                      "以上", "以下", "不等"};
  if (text.size() > 3 * kMostCharacters || !has_number(text)) return false;
  for (const std::string_view word : kBefore) {
    if (text.starts_with(word)) return true;
  }
  for (const std::string_view word : kAfter) {
    if (text.find(word) != text.npos) return true;
  }
  return false;
}

ReadValue read_with_unit(const Number& number, const Unit& unit) {
  const auto own = Unit::parse(number.unit);
  if (!own) return {0, ValueFault::not_a_number};
  if (const auto base = unit.base_of(number.value, *own)) return in_base(*base);
  // "0x10" and "12abc" begin with a number without being one.
  if (is_letter(number.unit.front())) return {0, ValueFault::not_a_number};
  return {0, ValueFault::incompatible_unit};
}

// "(35)" and "(2.1%)人" as accounts write negative numbers: "-35", "-2.1%人"; nullopt for all else.
std::optional<std::string> out_of_brackets(std::string_view text) {
  const std::size_t close = text.find(')');
  if (!text.starts_with('(') || close == text.npos) return std::nullopt;
  const std::string_view inner = trim(text.substr(1, close - 1));
  if (inner.empty() || !is_digit(inner.front())) return std::nullopt;
  return "-" + std::string(inner) + std::string(text.substr(close + 1));
}

// "△35", "▼35" and "35-": negative in some tables, and something else in others.
bool may_be_negative(std::string_view text) {
  constexpr std::array<std::string_view, 8> kMarks = {"△", "▲", "▽", "▼", "↓", "↑", "负", "减"};
  std::string_view rest = text;
  if (take_any(rest, kMarks)) return !trim(rest).empty() && is_digit(trim(rest).front());
  const bool is_behind = text.size() > 1 && text.ends_with('-') && is_digit(text.front());
  return is_behind && text.find_first_not_of("0123456789.,-") == text.npos;
}

ReadValue read_uncommon(std::string_view text, const Unit& unit, const ValueContext& context) {
  if (text.size() > 3 * kMostCharacters) return {0, ValueFault::not_a_number};
  std::string narrowed = narrow(text);
  if (may_be_negative(narrowed)) return {0, ValueFault::negative_in_doubt};
  const auto negative = out_of_brackets(narrowed);
  if (negative) narrowed = *negative;
  std::string unit_text;
  Number number = read_number(narrowed);
  if (number.fault == ValueFault::not_a_number) number = read_chinese(narrowed, unit_text);
  ReadValue value{0, number.fault};
  if (number.fault == ValueFault::none) {
    value = number.unit.empty() ? as_bare(read_bare(number.value, unit, context))
                                : read_with_unit(number, unit);
  }
  value.is_spoken = number.is_spoken;
  value.is_bracketed = negative.has_value();
  const bool is_no_value =
      value.fault == ValueFault::not_a_number || value.fault == ValueFault::incompatible_unit;
  if (is_no_value && is_approximate(narrowed)) value.fault = ValueFault::approximate;
  return value;
}

}  // namespace

ReadValue read_value(std::string_view text, const Unit& unit, const ValueContext& context) {
  const Number number = read_number(text);
  if (number.fault == ValueFault::none) {
    if (number.unit == unit.symbol() && !number.unit.empty()) {
      return in_base(unit.to_base(number.value));
    }
    if (number.unit.empty()) return as_bare(read_bare(number.value, unit, context));
    const ReadValue value = read_with_unit(number, unit);
    if (value.fault == ValueFault::none || value.fault == ValueFault::too_large) return value;
  }
  if (number.fault == ValueFault::too_large) return {0, number.fault};
  return read_uncommon(text, unit, context);
}

bool is_empty_mark(std::string_view text) {
  constexpr std::array<std::string_view, 13> kMarks = {"",     "—", "——", "-",  "--", "–", "－",
                                                       "－－", "/", "／", "\\", "―",  "──"};
  for (const std::string_view mark : kMarks) {
    if (text == mark) return true;
  }
  return false;
}

std::optional<Unit> known_unit(std::string_view text) {
  auto unit = Unit::parse(text);
  return unit && unit->is_known() && !unit->symbol().empty() ? unit : std::nullopt;
}

std::string_view unit_of_value(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && !is_digit(text[at - 1]) && text[at - 1] != '.') --at;
  return trim(text.substr(at));
}

}  // namespace districtd

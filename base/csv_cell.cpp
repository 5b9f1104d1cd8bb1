#include "base/csv_cell.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes an exponent (e-17, E+06) off the end, where there is one.
std::string_view without_exponent(std::string_view text) {
  const auto e = text.find_first_of("eE");
  if (e == std::string_view::npos) return text;
  std::string_view digits = text.substr(e + 1);
  if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
  const bool is_exponent = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
  return is_exponent ? text.substr(0, e) : text;
}

// -8.0, +5, -1,234.5, -5.5e-17 and -3%: what a spreadsheet reads as a number and not as a formula.
bool is_plain_number(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  if (!text.empty() && text.back() == '%') text.remove_suffix(1);
  text = without_exponent(text);
  if (text.empty() || !is_digit(text.front())) return false;
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction =
      point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  return std::all_of(whole.begin(), whole.end(), [](char c) { return is_digit(c) || c == ','; }) &&
         std::all_of(fraction.begin(), fraction.end(), is_digit);
}

// What a spreadsheet may leave out before it looks whether a formula begins: blanks, and what takes
// no room.
bool is_left_out(char32_t c) {
  return c == ' ' || c == 0xA0 || c == 0xAD || c == 0x1680 || (c >= 0x2000 && c <= 0x200D) ||
         c == 0x202F || c == 0x205F || (c >= 0x2060 && c <= 0x2064) || c == 0x3000 || c == 0xFEFF ||
         is_hidden_control(c);
}

bool begins_formula(char32_t c) {
  constexpr std::u32string_view kSigns =
      U"=+-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212";
  return kSigns.find(c) != std::u32string_view::npos;
}

bool is_formula(std::string_view text) {
  const bool is_of_two_cells = text.starts_with('\t') || text.starts_with('\r');
  while (!text.empty()) {
    const utf8::CodePoint first = utf8::decode(text);
    const bool is_no_character = first.bytes == 0;
    if (!is_no_character && !is_left_out(first.value)) {
      return is_of_two_cells ||
             (begins_formula(first.value) && !is_plain_number(narrow(trim(text))));
    }
    text.remove_prefix(is_no_character ? 1 : first.bytes);
  }
  return is_of_two_cells;
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell;
  if (is_formula(text)) cell += '\'';
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

}  // namespace districtd

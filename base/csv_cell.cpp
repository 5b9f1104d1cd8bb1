#include "base/csv_cell.h"

#include <algorithm>

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

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell;
  const bool runs =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  if (runs && !is_plain_number(text)) cell += '\'';
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

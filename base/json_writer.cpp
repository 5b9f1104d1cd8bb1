#include "base/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/check.h"
#include "base/text.h"

namespace districtd {

void append_json_escaped(std::string& out, std::string_view text) {
  append_printable(out, text, true);
}

std::string json_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  append_json_escaped(out, text);
  out += '"';
  return out;
}

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  // People read these too: an exponent only where the zeros would hide the number.
  const double size = std::abs(value);
  const bool is_plain = size == 0 || (size >= 1e-6 && size < 1e21);
  std::array<char, 48> digits;
  char* const end = digits.data() + digits.size();
  const auto written = is_plain ? std::to_chars(digits.data(), end, value, std::chars_format::fixed)
                                : std::to_chars(digits.data(), end, value);
  DISTRICT_CHECK(written.ec == std::errc{}, "a number of any size has room");
  return {digits.data(), written.ptr};
}

std::string json_ratio(const std::optional<double>& ratio) {
  if (!ratio) return "null";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g", *ratio);
  return json_number(std::strtod(text.data(), nullptr));
}

JsonWriter& JsonWriter::key(std::string_view key) {
  separate();
  out_ += '"';
  out_ += key;
  out_ += "\":";
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  out_ += '"';
  append_json_escaped(out_, text);
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::literal(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

}  // namespace districtd

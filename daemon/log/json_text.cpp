// Text and numbers as JSON literals, for any bytes whatever.
#include <array>
#include <charconv>
#include <cmath>

#include "daemon/log/line_format.h"
#include "daemon/log/logging.h"

namespace districtd {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The length of the UTF-8 character at the beginning of `text`; 0 where there is none (RFC 3629:
// no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

std::string_view short_escape(char c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return {};
  }
}

}  // namespace

void append_one_line(std::string& out, std::string_view text, Quoting quoting) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto is_plain = [&](char c) {
    if (quoting == Quoting::json && (c == '"' || c == '\\')) return false;
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F;
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    while (i < text.size() && is_plain(text[i])) ++i;
    out.append(text.substr(begin, i - begin));
    if (i == text.size()) return;

    const char c = text[i];
    const std::size_t length = character_length(text.substr(i));
    if (length > 1) {
      out.append(text.substr(i, length));
    } else if (length == 0) {
      out.append("\xEF\xBF\xBD");
    } else if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (const auto escape = short_escape(c); !escape.empty()) {
      out.append(escape);
    } else {
      out.append("\\u00");
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 0xF];
    }
    i += length == 0 ? 1 : length;
  }
}

std::string json_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  append_one_line(out, text, Quoting::json);
  out += '"';
  return out;
}

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> digits;  // the shortest form of a double has at most 24 characters
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

}  // namespace districtd

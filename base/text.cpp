#include "base/text.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace districtd {

namespace {

constexpr std::array<std::string_view, 4> kWideBlanks = {"\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B",
                                                         "\xEF\xBB\xBF"};

constexpr bool is_ascii_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Whether a blank may begin or end with this byte: what lets most cells through at one look.
constexpr bool may_be_blank(char c) {
  return is_ascii_blank(c) || c == '\xC2' || c == '\xE3' || c == '\xE2' || c == '\xEF' ||
         c == '\xA0' || c == '\x80' || c == '\x8B' || c == '\xBF';
}

std::size_t leading_blank(std::string_view text) {
  if (is_ascii_blank(text.front())) return 1;
  for (const std::string_view blank : kWideBlanks) {
    if (text.starts_with(blank)) return blank.size();
  }
  return 0;
}

std::size_t trailing_blank(std::string_view text) {
  if (is_ascii_blank(text.back())) return 1;
  for (const std::string_view blank : kWideBlanks) {
    if (text.ends_with(blank)) return blank.size();
  }
  return 0;
}

std::string_view without_around(std::string_view text, std::string_view unwanted) {
  const auto first = text.find_first_not_of(unwanted);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(unwanted) - first + 1);
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && may_be_blank(text.front())) {
    const std::size_t blank = leading_blank(text);
    if (blank == 0) break;
    text.remove_prefix(blank);
  }
  while (!text.empty() && may_be_blank(text.back())) {
    const std::size_t blank = trailing_blank(text);
    if (blank == 0) break;
    text.remove_suffix(blank);
  }
  return text;
}

std::string_view trim_ascii(std::string_view text) { return without_around(text, " \t\n\v\f\r"); }

std::string_view trim_blanks(std::string_view text) { return without_around(text, " \t"); }

bool take_any(std::string_view& text, std::span<const std::string_view> words) {
  for (const std::string_view word : words) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return true;
  }
  return false;
}

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string narrow(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const bool may_be_wide = c == '\xEF' || c == '\xE2';
    const utf8::CodePoint read = may_be_wide ? utf8::decode(text.substr(i)) : utf8::CodePoint{};
    const bool is_wide = read.value >= 0xFF01U && read.value <= 0xFF5EU;
    if (is_wide || read.value == U'\u2212') {
      result += is_wide ? static_cast<char>(read.value - 0xFEE0U) : '-';
      i += read.bytes;
    } else {
      result += c;
      ++i;
    }
  }
  return result;
}

namespace {

std::string_view short_escape(char c) {
  switch (c) {
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
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

// \u and four digits: nothing hidden lies above U+FFFF.
void append_unicode_escape(std::string& out, char32_t character) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(character >> shift) & 0xFU];
}

// Whether a hidden control beyond ASCII may begin with this byte: lets Chinese through at one look.
constexpr bool may_be_hidden(char c) { return c == '\xC2' || c == '\xD8' || c == '\xE2'; }

}  // namespace

bool is_hidden_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_printable(out, text);
  return out;
}

void append_printable(std::string& out, std::string_view text, bool escapes_quotes) {
  const auto is_plain = [escapes_quotes](char c) {
    if (escapes_quotes && (c == '"' || c == '\\')) return false;
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F;
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    while (i < text.size() && is_plain(text[i])) ++i;
    out.append(text.substr(begin, i - begin));
    if (i == text.size()) return;

    const char c = text[i];
    const std::size_t length = utf8::character_length(text.substr(i));
    const bool is_shown =
        length > 1 && !(may_be_hidden(c) && is_hidden_control(utf8::decode(text.substr(i)).value));
    if (is_shown) {
      out.append(text.substr(i, length));
    } else if (length == 0) {
      out.append(utf8::kReplacement);
    } else if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (const auto escape = short_escape(c); !escape.empty()) {
      out.append(escape);
    } else {
      append_unicode_escape(out, utf8::decode(text.substr(i)).value);
    }
    i += length == 0 ? 1 : length;
  }
}

}  // namespace districtd

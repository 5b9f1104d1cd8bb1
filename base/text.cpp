#include "base/text.h"

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

}  // namespace districtd

#include "base/text.h"

#include <array>

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

std::string_view trim_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

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
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[i + at]); };
    if (byte(0) == 0xEF && i + 2 < text.size()) {
      const unsigned code = 0xF000U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
      if (code >= 0xFF01U && code <= 0xFF5EU) {
        result += static_cast<char>(code - 0xFEE0U);
        i += 3;
        continue;
      }
    }
    if (text.substr(i).starts_with("\xE2\x88\x92")) {
      result += '-';
      i += 3;
      continue;
    }
    result += text[i++];
  }
  return result;
}

}  // namespace districtd

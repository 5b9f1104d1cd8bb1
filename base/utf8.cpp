#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace districtd::utf8 {

namespace {

using Byte = unsigned char;

constexpr std::size_t kLongest = 4;

bool continues(Byte byte) { return (byte & 0xC0U) == 0x80U; }
bool is_between(Byte byte, Byte least, Byte most) { return byte >= least && byte <= most; }

// The length of the character at p, of which `left` bytes can be read; 0 where there is none.
// Unicode 15, table 3-7; branches by length and is inlined, as large files are read
// through it.
[[gnu::always_inline]] inline std::size_t length_at(const Byte* p, std::size_t left) {
  const Byte lead = p[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || left < 2) return 0;
  if (lead < 0xE0) return continues(p[1]) ? 2 : 0;
  if (left < 3) return 0;
  if (lead < 0xF0) {
    const bool second = lead == 0xE0   ? is_between(p[1], 0xA0, 0xBF)
                        : lead == 0xED ? is_between(p[1], 0x80, 0x9F)
                                       : continues(p[1]);
    return second && continues(p[2]) ? 3 : 0;
  }
  if (lead > 0xF4 || left < 4) return 0;
  const bool second = lead == 0xF0   ? is_between(p[1], 0x90, 0xBF)
                      : lead == 0xF4 ? is_between(p[1], 0x80, 0x8F)
                                     : continues(p[1]);
  return second && continues(p[2]) && continues(p[3]) ? 4 : 0;
}

const Byte* bytes_of(std::string_view text) { return reinterpret_cast<const Byte*>(text.data()); }

}  // namespace

std::size_t character_length(std::string_view text) {
  return text.empty() ? 0 : length_at(bytes_of(text), text.size());
}

bool is_cut_character(std::string_view text) {
  if (text.empty() || text.size() >= kLongest) return false;
  if (text.size() == 1) return is_between(bytes_of(text)[0], 0xC2, 0xF4);
  std::array<Byte, kLongest> completed;
  completed.fill(0x80);
  std::copy(text.begin(), text.end(), completed.begin());
  return length_at(completed.data(), completed.size()) > text.size();
}

std::size_t valid_prefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  const Byte* const begin = bytes_of(text);
  const Byte* const end = begin + text.size();
  const Byte* p = begin;
  while (p != end) {
    if (end - p >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, p, sizeof eight);
      if ((eight & kHighBits) == 0) {
        p += 8;
        continue;
      }
    }
    const std::size_t length = length_at(p, static_cast<std::size_t>(end - p));
    if (length == 0) break;
    p += length;
  }
  return static_cast<std::size_t>(p - begin);
}

std::string repaired(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) {
      (result += text.substr(copied, at - copied)) += kReplacement;
      copied = at + 1;
    }
    at += std::max<std::size_t>(length, 1);
  }
  return result += text.substr(copied);
}

std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> result;
  for_each_character(text, [&](std::string_view character) { result.push_back(character); });
  return result;
}

CodePoint decode(std::string_view text) {
  const std::size_t length = character_length(text);
  if (length == 0) return {};
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length == 1) return {byte(0), 1};
  char32_t value = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = value << 6U | (byte(i) & 0x3FU);
  return {value, length};
}

void append(std::string& out, char32_t c) {
  const auto tail = [c](unsigned shift) { return static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | c >> 6U);
    out += tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | c >> 12U);
    (out += tail(6)) += tail(0);
  } else {
    out += static_cast<char>(0xF0U | c >> 18U);
    ((out += tail(12)) += tail(6)) += tail(0);
  }
}

}  // namespace districtd::utf8

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace districtd::utf8 {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Of a character, any byte but its first.
constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The length in bytes, 1 to 4, of the character at the beginning of `text`; 0 where the bytes there
// are no character, and where there are none.
std::size_t character_length(std::string_view text);

// Whether the bytes, one to three, are where a character was cut off: more bytes would make it one.
bool is_cut_character(std::string_view text);

// How many bytes of the text, from its beginning, are whole characters: text.size() where all of it
// is UTF-8, else the offset of the first byte that is part of no character. Eight bytes of ASCII
// are passed at one look.
std::size_t valid_prefix(std::string_view text);

// Whether the whole text is UTF-8.
inline bool is_valid(std::string_view text) { return valid_prefix(text) == text.size(); }

// The text with U+FFFD for each byte that is part of no character.
std::string repaired(std::string_view text);

// At most `bytes` bytes of the text, ending at a character boundary; of what is no UTF-8 perhaps
// none.
std::string_view cut(std::string_view text, std::size_t bytes);

// How many characters valid UTF-8 has.
std::size_t count_characters(std::string_view text);

// Calls `each` with every character, in order. A byte that is part of none counts as one or belongs
// to the one before it.
template <typename Each>
void for_each_character(std::string_view text, Each each) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + 1;
    while (next < text.size() && is_continuation(text[next])) ++next;
    each(text.substr(i, next - i));
    i = next;
  }
}

// The characters, as views into the text.
std::vector<std::string_view> characters(std::string_view text);

// One character as a number, and how many bytes it takes; `bytes` is 0 where there is none.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};
CodePoint decode(std::string_view text);

// Appends a character. Requires a code point that is no surrogate and at most U+10FFFF.
void append(std::string& out, char32_t code_point);

}  // namespace districtd::utf8

// Small things about UTF-8 text that every reader of a cell needs. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace districtd {

// Without the blanks that spreadsheets leave around a cell: ASCII white space, the no-break space,
// the ideographic space, the zero-width space and the byte order mark.
std::string_view trim(std::string_view text);

// At most `bytes` bytes of the text, ending at a character boundary.
std::string_view cut(std::string_view text, std::size_t bytes);

// Of a character in UTF-8, any byte but its first.
constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Takes the first of the words with which the text begins off it; false where it is none.
bool take_any(std::string_view& text, std::span<const std::string_view> words);

// ASCII letters in lower case, everything else as it is.
std::string lower_ascii(std::string_view text);

// Full-width digits, letters and signs (U+FF01..U+FF5E, "１２．６％") as their ASCII counterparts,
// and the minus sign U+2212 as a hyphen.
std::string narrow(std::string_view text);

}  // namespace districtd

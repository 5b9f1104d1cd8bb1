// Numbers as reports write them: 3,200  12.6  三百二十  百  两  1 5 0. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace districtd::extract {

struct Numeral {
  std::size_t end = 0;  // behind its last character
  double value = 0;
  bool is_chinese = false;
  // Blanks stand between its digits, or digits of Chinese in a row (三五): it can be read
  // otherwise.
  bool is_unclear = false;
};

bool is_digit(char32_t c);
bool is_chinese_digit(char32_t c);  // 零 to 九, 两, 十, 百, 千; not 万 and 亿, which go to the unit

// The number that begins at text[at]. 万 and 亿 are left to the unit, as the unit is kept as it is
// written; a comma counts only where it separates thousands. Chinese numerals are intake's.
std::optional<Numeral> read_numeral(std::u32string_view text, std::size_t at);

}  // namespace districtd::extract

// Chinese numerals. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace districtd {

// A numeral at the beginning of a text, and what follows it.
struct ChineseNumber {
  double value = 0;
  bool has_myriads = false;  // 万 or 亿 stands within: it is a count of single things
  bool is_spoken = false;    // 三千五: its last place was left out
  std::string_view rest;
};

// The grammar of numerals, for figures that departments send and for reports that are extracted:
//
//   numeral = section { myriad [ 零 ] section } [ myriad ] [ 点 digit { digit } ] | section myriad
//   tail section = digits with places that fall from 千 to 百 to 十 (三千二百五十), 零 where one is
//   left
//             out (一百零五); 十 and 百 at the beginning need no digit (十二)
//   myriad  = 亿 | 万, each smaller than the one before
//   tail    = one digit without a place, straight behind 百, 千, 万 or 亿: of the place below that
//             one, as people speak: 三百五 is 350, 两千三 is 2300, 三万五 is 35000, 十二亿六 is
//             1260000000. Behind 零 it counts as it stands: 三百零五 is 305.
//
// Digits may be 一 to 九, 两 and 壹 to 玖, places also 拾 佰 仟. A decimal part takes no 万 and 亿
// before it; one behind it belongs to the unit and is left in `rest`. nullopt where the text begins
// with none, or with what is not well formed: digits in a row (一二), a missing digit (三千百), a
// single digit before a smaller myriad without 零 (十二亿六万).
std::optional<ChineseNumber> read_chinese_number(std::string_view text);

// A numeral of a day, month or year: "六", "十二", "三十", "二〇二六".
struct CalendarNumber {
  unsigned value = 0;
  std::size_t digits = 0;  // of the arabic number that it stands for
  std::string_view rest;
};
std::optional<CalendarNumber> read_calendar_numeral(std::string_view text);

}  // namespace districtd

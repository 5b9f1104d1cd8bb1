// Chinese numerals. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace districtd {

// A numeral at the beginning of a text, and what follows it.
struct ChineseNumber {
  double value = 0;
  bool has_myriads = false;  // 万 or 亿 stands within: it is a count of single things
  std::string_view rest;
};

// "十二", "一百零五", "两千", "三千二百万", "一亿二千万", "十二点六". A 万 or 亿 after a decimal
// part belongs to the unit and is left in `rest`. Digits in a row without 十 or 百 ("一二") are no
// numeral, but for what stands after 点. nullopt where the text begins with none, or with one that
// is not well formed.
std::optional<ChineseNumber> read_chinese_number(std::string_view text);

// A numeral of a day, month or year: "六", "十二", "三十", "二〇二六".
struct CalendarNumber {
  unsigned value = 0;
  std::size_t digits = 0;  // of the arabic number that it stands for
  std::string_view rest;
};
std::optional<CalendarNumber> read_calendar_numeral(std::string_view text);

}  // namespace districtd

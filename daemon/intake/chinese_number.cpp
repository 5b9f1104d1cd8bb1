#include "daemon/intake/chinese_number.h"

#include <array>
#include <string>

namespace districtd {

namespace {

constexpr std::size_t kCharacterBytes = 3;  // of every character below

struct Numeral {
  std::string_view text;
  unsigned value;
};
constexpr std::array kDigits = {
    Numeral{"零", 0}, Numeral{"〇", 0}, Numeral{"一", 1}, Numeral{"二", 2}, Numeral{"两", 2},
    Numeral{"三", 3}, Numeral{"四", 4}, Numeral{"五", 5}, Numeral{"六", 6}, Numeral{"七", 7},
    Numeral{"八", 8}, Numeral{"九", 9}, Numeral{"壹", 1}, Numeral{"贰", 2}, Numeral{"叁", 3},
    Numeral{"肆", 4}, Numeral{"伍", 5}, Numeral{"陆", 6}, Numeral{"柒", 7}, Numeral{"捌", 8},
    Numeral{"玖", 9}};
constexpr std::array kPlaces = {Numeral{"十", 10}, Numeral{"百", 100}, Numeral{"千", 1000},
                                Numeral{"拾", 10}, Numeral{"佰", 100}, Numeral{"仟", 1000}};

template <std::size_t kSize>
std::optional<unsigned> take_numeral(const std::array<Numeral, kSize>& numerals,
                                     std::string_view& text) {
  for (const Numeral& numeral : numerals) {
    if (!text.starts_with(numeral.text)) continue;
    text.remove_prefix(kCharacterBytes);
    return numeral.value;
  }
  return std::nullopt;
}

struct Section {
  unsigned value = 0;
  bool is_digit = false;   // one digit and nothing else: 五
  bool is_spoken = false;  // 三千五
};

// Up to 9999: 三千二百, 一百零五, 十二, 五. Takes it off `text`; nullopt where it is not well
// formed.
std::optional<Section> take_section(std::string_view& text) {
  Section section;
  unsigned sum = 0;
  unsigned last_place = 10'000;
  bool any = false;
  while (true) {
    const std::string_view before = text;
    auto digit = take_numeral(kDigits, text);
    const bool is_zero = digit == 0U;
    if (is_zero && any) digit = take_numeral(kDigits, text);  // 一百零五
    const auto place = take_numeral(kPlaces, text);
    if (!digit && !place) {
      if (is_zero) return std::nullopt;  // 一百零
      text = before;
      break;
    }
    if (place) {
      if (*place >= last_place || (is_zero && !any)) return std::nullopt;
      if (!digit && any) return std::nullopt;  // only 十 and 百 at the beginning lack their digit
      sum += digit.value_or(1) * *place;
      last_place = *place;
    } else {
      section.is_digit = !any;
      section.is_spoken = any && !is_zero && last_place > 10;
      sum += section.is_spoken ? *digit * last_place / 10 : *digit;
      any = true;
      break;
    }
    any = true;
  }
  if (!any) return std::nullopt;
  section.value = sum;
  return section;
}

}  // namespace

std::optional<ChineseNumber> read_chinese_number(std::string_view text) {
  ChineseNumber number;
  const auto first = take_section(text);
  if (!first) return std::nullopt;
  number.is_spoken = first->is_spoken;
  double section = first->value;
  bool is_tail = false;
  double total = 0;
  double last_myriad = 1e12;
  while (text.starts_with("万") || text.starts_with("亿")) {
    const double myriad = text.starts_with("万") ? 1e4 : 1e8;
    if (myriad >= last_myriad) break;  // 万亿 and the like are the unit's to read
    if (is_tail || number.is_spoken) return std::nullopt;  // 十二亿六万, 三千五万
    // A myriad that ends the numeral may be the unit's (万元) just as well: it is the same number.
    number.has_myriads = true;
    total += section * myriad;
    last_myriad = myriad;
    section = 0;
    text.remove_prefix(kCharacterBytes);
    std::string_view next = text;
    const bool is_zero = next.starts_with("零") || next.starts_with("〇");
    if (is_zero) next.remove_prefix(kCharacterBytes);
    if (const auto more = take_section(next)) {
      is_tail = more->is_digit && !is_zero;
      section = is_tail ? more->value * myriad / 10 : more->value;
      number.is_spoken = is_tail || more->is_spoken;
      text = next;
    }
  }
  number.value = total + section;
  if (text.starts_with("点")) {
    if (number.has_myriads || number.is_spoken) return std::nullopt;
    text.remove_prefix(kCharacterBytes);
    std::string decimals = "0.";
    while (const auto digit = take_numeral(kDigits, text))
      decimals += static_cast<char>('0' + *digit);
    if (decimals.size() == 2) return std::nullopt;
    number.value = std::stod(std::to_string(first->value) + decimals.substr(1));
  }
  // Another digit that belongs to no place: 一二, 十二三.
  std::string_view rest = text;
  if (take_numeral(kDigits, rest) || take_numeral(kPlaces, rest)) return std::nullopt;
  number.rest = text;
  return number;
}

std::optional<CalendarNumber> read_calendar_numeral(std::string_view text) {
  CalendarNumber number;
  std::string_view rest = text;
  while (const auto digit = take_numeral(kDigits, rest)) {
    number.value = 10 * number.value + *digit;
    if (++number.digits > 4) return std::nullopt;
  }
  if (number.digits == 4 || (number.digits == 1 && !rest.starts_with("十"))) {
    number.rest = rest;
    return number;
  }
  if (number.digits > 1) return std::nullopt;
  rest = text;
  const auto section = take_section(rest);
  if (!section || section->value > 99) return std::nullopt;
  return CalendarNumber{section->value, section->value > 9 ? 2U : 1U, rest};
}

}  // namespace districtd

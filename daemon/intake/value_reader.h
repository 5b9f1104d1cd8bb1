// Numbers as departments write them. Pure. docs/填报说明.md has the rules in words.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/domain/unit.h"

namespace districtd {

enum class ValueFault {
  none,
  not_a_number,
  approximate,           // "约30", "30左右", "30多": not the number itself
  ambiguous_percentage,  // a bare 0.95 for a target in %: 95 % or 0.95 %?
  incompatible_unit,
  negative_in_doubt,  // "△35", "35-": perhaps -35
  too_large,
};

struct ReadValue {
  double value = 0;  // base units
  ValueFault fault = ValueFault::none;
  bool is_bare = false;       // it says no unit of its own
  bool is_spoken = false;     // 三千五, whose last place was left out
  bool is_bracketed = false;  // (35), read as -35
};

// How a bare number of at most 1 is meant where the target counts in %.
enum class Percentages { ambiguous, percent, ratio };

// What is known of a cell besides its text and target.
struct ValueContext {
  const Unit* unit = nullptr;  // of the column or table; what the cell says itself goes before it
  Percentages percentages = Percentages::ambiguous;
};

// "12.6" in the given unit, or with a unit of its own that is compatible with it: "12.6亿元",
// "3,200万元", "95%", "1.2万亿元", "3200万". Full-width digits and signs, blanks around the number,
// a sign and an exponent (Excel's 1.26E+09) are taken; commas only where they separate thousands;
// Chinese numerals ("十二点六亿元", "三千二百万元", "百分之九十五"; chinese_number.h) and a
// negative number in brackets, as accounts write it ("(35)", "(2.1%)"). A bare share of at most 1
// of a milestone is ambiguous where a header or a column of units says %. NaN, infinity,
// hexadecimal numbers and words are not numbers. The text is trimmed already.
ReadValue read_value(std::string_view text, const Unit& unit, const ValueContext& context = {});

// "—", "/", "-" and their like, with which a table says that a cell is empty.
bool is_empty_mark(std::string_view text);

// The unit that a text is, of those whose noun is known: nullopt for "吨", "" and all other text.
std::optional<Unit> known_unit(std::string_view text);

// The unit of a cell that read_value finds incompatible, for the message.
std::string_view unit_of_value(std::string_view text);

}  // namespace districtd

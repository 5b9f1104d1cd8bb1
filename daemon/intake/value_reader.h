// Numbers as departments write them. Pure.
#pragma once

#include <string_view>

#include "daemon/domain/unit.h"

namespace districtd {

enum class ValueFault { none, not_a_number, incompatible_unit, too_large };

struct ReadValue {
  double value = 0;  // base units
  ValueFault fault = ValueFault::none;
};

// "12.6" in the given unit, or with a unit of its own that is compatible with it: "12.6亿元",
// "3,200万元", "95%", "1.2万亿元", "3200万". Full-width digits and signs, blanks around the number,
// a sign and an exponent (Excel's 1.26E+09) are taken; commas only where they separate thousands.
// NaN, infinity, hexadecimal numbers and words are not numbers. The text is trimmed already.
ReadValue read_value(std::string_view text, const Unit& unit);

// The unit of a cell that read_value finds incompatible, for the message.
std::string_view unit_of_value(std::string_view text);

}  // namespace districtd

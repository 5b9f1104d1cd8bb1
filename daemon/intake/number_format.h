// What a cell of a workbook shows, from its number and its number format. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace districtd {

// What kind of number a format shows.
struct NumberFormat {
  enum class Kind { number, percentage, date, month };  // month: a date that shows no day
  Kind kind = Kind::number;
  std::string unit;  // a literal behind the number that is a unit: 0.00"万元"
};

// Of a format code (ECMA-376 part 1, 18.8.31), or of the built-in format with that id (18.8.30).
NumberFormat number_format(std::string_view code);
NumberFormat builtin_number_format(std::size_t id);

// The number as a clerk reads it in the cell, whole: "12.6", "95%", "2026-06-30", "2026年6月".
// Dates count from 1899-12-30, or 1904-01-01.
std::string shown(double value, const NumberFormat& format, bool since_1904);

}  // namespace districtd

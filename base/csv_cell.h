// A cell of a CSV that a person opens in a spreadsheet.
#pragma once

#include <string>
#include <string_view>

namespace districtd {

// Quoted where RFC 4180 wants it. What a spreadsheet would run as a formula (it begins with = + -
// @, tab or CR and is no plain number) gets a leading apostrophe. Every CSV that the program writes
// for people has its cells from here.
std::string csv_cell(std::string_view text);

}  // namespace districtd

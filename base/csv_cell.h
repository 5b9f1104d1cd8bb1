// A cell of a CSV that a person opens in a spreadsheet.
#pragma once

#include <string>
#include <string_view>

namespace districtd {

// Quoted where RFC 4180 wants it. What a spreadsheet would run as a formula gets a leading
// apostrophe: what begins with = + - @, in full width (＝ ＋ － ＠) and small (﹦ ﹢ ﹣ ﹫) too or
// with the minus sign U+2212, and is no plain number; behind blanks of any kind, a byte order mark
// and characters without width as well, which spreadsheets leave out; and what begins with a tab or
// CR. Every CSV that the program writes for people has its cells from here.
std::string csv_cell(std::string_view text);

}  // namespace districtd

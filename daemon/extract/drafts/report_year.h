// What a report's beginning says of itself: its title, and the time that it plans for. Pure.
#pragma once

#include <string>
#include <string_view>

namespace districtd::extract {

// The year that a report plans for, by its first 64 KiB: the greatest 20XX before 年, or after
// 大干, that stands in it at least twice or in one of the first three lines; 0 where none does.
int planned_year(std::string_view utf8);

// The report's title as a summary has it: its first line with text, at most 120 bytes of it.
std::string title_of(std::string_view utf8);

// Whether the report looks back on the half-year and plans for the rest (上半年工作总结,
// 下半年打算): what it says of 上半年 is past.
bool half_year_is_over(std::string_view utf8);

}  // namespace districtd::extract

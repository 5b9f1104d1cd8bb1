// Stage 0b, lines: which lines of a text are one, because a PDF or a printer broke them. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

// The width in columns (a Chinese character has two) at which the lines of the text are broken; 0
// where they are not. `beginning` is the first 64 KiB.
std::size_t broken_width(std::string_view beginning);

// Whether `next` goes on where `line` was broken: 3500亿 / 元. `width` is broken_width()'s.
bool goes_on(std::string_view line, std::string_view next, std::size_t width, const Rules& rules);

// "- 12 -": the number of a page.
bool is_page_number(std::string_view line);

}  // namespace districtd::extract

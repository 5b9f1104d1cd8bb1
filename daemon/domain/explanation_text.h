// Whether what a clerk writes beside an odd figure (核实说明) explains it. Pure.
#pragma once

#include <string_view>

namespace districtd {

// A text explains a figure unless it is empty, one of the phrases that say nothing (核实无误,
// 情况属实, 无 ...), or what was said of the period before: `before` is that text, or "". Blanks
// and punctuation do not matter.
bool explains(std::string_view text, std::string_view before);

}  // namespace districtd

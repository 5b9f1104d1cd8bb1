// Columns of a terminal, in which a Chinese character takes two.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace districtd {

// The text in a column of `width`, with blanks behind it (pad_right) or before it (pad_left). A
// text that does not fit is cut and ends in "…"; what is hidden in it is shown (base/text.h).
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

}  // namespace districtd

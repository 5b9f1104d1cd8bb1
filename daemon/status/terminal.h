// Columns of a terminal, in which a Chinese character takes two.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace districtd {

// The text in a column of `width`, filled with blanks behind or before it; what does not fit is cut
// and ends in "…".
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);

}  // namespace districtd

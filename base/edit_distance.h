// How far two words are apart, for every "did you mean".
#pragma once

#include <cstddef>
#include <string_view>

namespace districtd {

// Edit distance in Unicode characters (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace districtd

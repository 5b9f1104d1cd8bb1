// Shares of a whole that add up, as bulletins print them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace districtd {

// The counts as percentages of their sum with one decimal, in tenths (77 is 7.7 %), which add up to
// 1000: each is rounded, and the largest takes what that leaves or lacks. So does 金寨县's report
// of July 2025: 17, 10, 24, 9 and 162 of 222 are 7.7, 4.5, 10.8, 4.1 and 72.9 % (72.97 by itself).
// All 0 where the sum is.
std::vector<int> split_tenths(std::span<const std::size_t> counts);

}  // namespace districtd

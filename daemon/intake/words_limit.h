// How long what a row says in words may be.
#pragma once

#include <cstddef>

namespace districtd {

// Of one of 进展情况, 存在问题, 下一步打算: about 4,000 Chinese characters.
inline constexpr std::size_t kMostWordsBytes = 12'000;

}  // namespace districtd

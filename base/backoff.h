// How long to wait before trying again.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace districtd {

// After `failures` failures in a row (from 1): 1 s, 2 s, 4 s and so on, at most `cap`.
inline std::chrono::milliseconds backoff(unsigned failures, std::chrono::milliseconds cap) {
  const unsigned doublings = std::min(failures == 0 ? 0 : failures - 1, 30u);
  return std::min(std::chrono::milliseconds{1000LL << doublings}, cap);
}

// Full jitter: anything from nothing to the whole wait, so that many who failed together do not
// come back together.
template <class Random>
std::chrono::milliseconds with_full_jitter(std::chrono::milliseconds wait, Random& random) {
  std::uniform_int_distribution<std::chrono::milliseconds::rep> any(0, wait.count());
  return std::chrono::milliseconds{any(random)};
}

}  // namespace districtd

#include "daemon/domain/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace districtd {

std::vector<int> split_tenths(std::span<const std::size_t> counts) {
  std::vector<int> tenths(counts.size(), 0);
  const auto sum = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  if (sum == 0) return tenths;
  std::transform(counts.begin(), counts.end(), tenths.begin(), [&](std::size_t count) {
    return static_cast<int>(
        std::lround(1000.0 * static_cast<double>(count) / static_cast<double>(sum)));
  });
  const auto largest = std::max_element(counts.begin(), counts.end()) - counts.begin();
  tenths[static_cast<std::size_t>(largest)] +=
      1000 - std::accumulate(tenths.begin(), tenths.end(), 0);
  return tenths;
}

}  // namespace districtd

#include "daemon/domain/figure_check.h"

#include <algorithm>
#include <cmath>

namespace districtd {

bool holds(CheckOp op, double left, double right) {
  constexpr double kRounding = 1e-9;
  const double most = std::max(std::abs(left), std::abs(right));
  const bool is_equal = std::abs(left - right) <= kRounding * most;
  switch (op) {
    case CheckOp::less:
      return left < right && !is_equal;
    case CheckOp::at_most:
      return left <= right || is_equal;
    case CheckOp::equal:
      return is_equal;
    case CheckOp::at_least:
      return left >= right || is_equal;
    case CheckOp::more:
      break;
  }
  return left > right && !is_equal;
}

}  // namespace districtd

#include "daemon/domain/student_t.h"

#include <cmath>

namespace districtd {

double t_width_80(double degrees) {
  constexpr double z = 1.2815515655446004;  // of the normal distribution
  return z + (z * z * z + z) / (4 * degrees) +
         (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * degrees * degrees);
}

double cumulative_t(double t, double degrees) {
  const double z = std::copysign(std::sqrt(degrees * std::log1p(t * t / degrees)), t) *
                   (8 * degrees + 1) / (8 * degrees + 3);
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

}  // namespace districtd

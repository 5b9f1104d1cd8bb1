// Student's t distribution, as closely as forecasts need it.
#pragma once

namespace districtd {

// 80 % of the distribution lie within this many deviations of its middle: Cornish-Fisher's first
// terms, right to two digits from three degrees of freedom on.
double t_width_80(double degrees);

// P(T <= t), by the normal approximation of Wallace (1959), Bounds on normal approximations to
// Student's and the chi-square distributions; right to two digits.
double cumulative_t(double t, double degrees);

}  // namespace districtd

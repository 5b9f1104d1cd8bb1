// The expected share of the goal on a date.
#pragma once

#include "daemon/domain/target.h"

namespace districtd {

// The expected share p at the end of day d, 0..1: the schedule share (pace monthly), the plan
// interpolated by month position (plan: 0 at the beginning of `start`, flat after its last point),
// 0 before the deadline and 1 from it on (deadline), or the share of the last node that is due
// (nodes).
double expected_share(const Target& target, Date d);

// Whether the schedule asks for nothing at the end of day d: pace deadline before the deadline,
// pace nodes before the first one. Neither an expected share nor a deviation says anything then.
bool expects_nothing_yet(const Target& target, Date d);

}  // namespace districtd

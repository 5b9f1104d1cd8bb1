// The forecast of a percentage that is to be held: a rate of the period so far, see forecast.h.
#pragma once

#include "daemon/domain/forecast.h"
#include "daemon/domain/values_seen.h"

namespace districtd {

// `seen`: values as they are, at least two.
Forecast level_forecast(const Target& target, const ValuesSeen& seen);

}  // namespace districtd

// The forecast of what adds up: the mixture of what each shape of the year says, see forecast.h.
#pragma once

#include <optional>
#include <span>

#include "daemon/domain/forecast.h"
#include "daemon/domain/values_seen.h"

namespace districtd {

// `seen`: progress, at least one value. `own`: the newest first.
Forecast sum_forecast(const Target& target, const ValuesSeen& seen, std::span<const YearShape> own,
                      const std::optional<YearShape>& plan, std::span<const CommonShape> others);

}  // namespace districtd

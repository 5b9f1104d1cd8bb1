// A value beside that of a year ago (同比). Pure.
#pragma once

#include <optional>

#include "daemon/domain/assessment.h"
#include "daemon/domain/target.h"

namespace districtd {

struct LastYear {
  Date as_of{};
  double value = 0;              // base units
  std::optional<double> change;  // (actual - value) / value
};

// Of the same day a year before the value that was judged, or of the same month's last day where
// that one is its month's last. nullopt where the catalogue does not know the amount of that very
// day: nothing is interpolated; and where the definition (口径) was changed since.
std::optional<LastYear> last_year_of(const Target& target, const Assessment& assessment);

}  // namespace districtd

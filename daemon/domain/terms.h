// What judging takes from the catalogue beside the target.
#pragma once

#include <optional>
#include <span>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/working_days.h"
#include "daemon/domain/year_shape.h"

namespace districtd {

struct Terms {
  const WorkingDays* working_days;
  KnownShapes known;                  // for the forecast
  std::optional<Date> reports_since;  // what was due before is nobody's fault
  double late_completion = 0.9;       // the part of what was reached after its deadline
  std::span<const Date> handovers{};  // when it passes from one department to another
};

// Of the catalogue's target i. Good as long as the catalogue.
inline Terms terms_of(const Catalogue& catalogue, Catalogue::Index i) {
  const Programme& programme = catalogue.programme_of(catalogue[i]);
  return {&catalogue.working_days(), catalogue.known_shapes(i), programme.reports_since,
          programme.scoring.late_completion, catalogue.handovers(i)};
}

}  // namespace districtd

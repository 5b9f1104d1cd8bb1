// What the parts of a bulletin are composed from. For daemon/bulletins/compose*.cpp alone.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/bulletins/bulletin.h"

namespace districtd {

struct Composition {
  Bulletin& bulletin;
  const DistrictClock& clock;
  const Picture& now;
  const Picture& before;
  const std::vector<Correction>& corrections;
  std::unordered_map<std::string, Assessment> before_of;  // by the id of the target

  Date on() const { return bulletin.occasion.on; }
  std::string day(Date date) const;                   // "7月8日"
  std::string name_of(const TargetView& view) const;  // with its department, in the district's
  std::string scope() const;                          // "全区", or the department's name
  bool concerns(const Department& department) const;  // whether the bulletin speaks of it
};

// Whether a bulletin counts the status as not up to the schedule.
bool is_not_reached(Status status);

// Each fills its part of the bulletin. They come after the bulletin's targets and counts are there.
void compose_overall(Composition& composition);
void compose_departments(Composition& composition);
void compose_discipline(Composition& composition);
void compose_next_steps(Composition& composition);

}  // namespace districtd

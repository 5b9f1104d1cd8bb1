// What the parts of a bulletin are composed from. For daemon/bulletins/compose*.cpp alone.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/bulletins/bulletin.h"

namespace districtd {

struct Composition {
  Bulletin& bulletin;  // complete but for its sections when the first of them is composed
  const DistrictClock& clock;
  const Picture& now;
  const Picture& before;
  const Picture& revised;  // of the period of `before`, by what is known now
  const std::vector<Correction>& corrections;
  std::unordered_map<std::string, Assessment> before_of;  // by the key of the target
  std::size_t ranked_departments = 0;                     // of the district

  Date on() const { return bulletin.occasion.on; }
  std::string day(Date date) const;                   // "7月8日"
  std::string name_of(const TargetView& view) const;  // with its department, in the district's
  std::string scope() const;                          // "全区", or the department's name
  bool concerns(const Department& department) const;  // whether the bulletin speaks of it
};

// Whether a bulletin counts the status as not up to the schedule, and whether as either.
bool is_not_reached(Status status);
bool is_judged(Status status);
// Whether both were judged by the same goal and deadline: else a light that changed is neither
// better nor worse.
bool has_same_terms(const Assessment& then, const Assessment& a);
// Whether `a` stands before `b` in a list of what lags: red before yellow, the farthest behind
// first; what expects nothing yet comes after what is measurably behind, by what is done of it.
bool is_worse(const Assessment& a, const Assessment& b);
// Whether its list of what lags has the target: also one that was red when it went silent.
bool lags(const Assessment& a);

// Fills the bulletin's departments, by rank.
void put_departments(Composition& composition);

// The sentences of a section each.
std::vector<std::string> overall_sentences(const Composition& composition);
std::vector<std::string> change_sentences(const Composition& composition);
std::vector<std::string> department_sentences(const Composition& composition);
std::vector<std::string> discipline_sentences(const Composition& composition);
std::vector<std::string> correction_sentences(const Composition& composition);
std::vector<std::string> next_step_sentences(const Composition& composition);

}  // namespace districtd

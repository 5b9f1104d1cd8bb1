// The values of a period so far, as a forecast sees them.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"
#include "daemon/domain/year_shape.h"

namespace districtd {

// The part of the way from the baseline to the goal. Both are set and differ.
double progress_at(const Target& target, double value);

// Whether the goal is reached by growing, not kept as a ceiling is. Of what adds up.
bool is_reached_by_growing(const Target& target);

// The newest value of each twelfth of the period: what is reported every week tells no more of what
// is known by twelfths.
struct ValuesSeen {
  struct Value {
    std::size_t twelfth = 0;  // that holds it: from k/12 to (k + 1)/12 of the period
    double part = 0;          // of that twelfth that has passed
    double increment = 0;     // since the value before, or since nothing
    double memory = 1;        // of what was before it: 1/e after a whole period
  };
  std::array<Value, kTwelfths> values;
  std::size_t count = 0;
  double weight = 0;  // of all values, each by its memory
  double newest = 0;  // value
};

// Of progress, or of the values as they are. `readings` are of the period and before its deadline.
ValuesSeen progress_seen(const Target& target, std::span<const Reading> readings);
ValuesSeen values_seen(const Target& target, std::span<const Reading> readings);

}  // namespace districtd

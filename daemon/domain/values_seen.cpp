#include "daemon/domain/values_seen.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "daemon/domain/calendar.h"

namespace districtd {

namespace {

// measure(value) is what is counted.
template <typename Measure>
ValuesSeen seen_in(const Target& target, std::span<const Reading> readings, Measure measure) {
  const double begin = month_position_at_start(target.start);
  const double length = month_position(target.deadline) - begin;
  ValuesSeen seen;
  double time_before = 0;
  double value_before = 0;
  double time = 0;
  for (const Reading& reading : readings) {
    const double next = std::clamp((month_position(reading.as_of) - begin) / length, 0., 1.);
    const double position = next * kTwelfths;
    // The end of a month is the end of its twelfth, not the beginning of the next.
    const double twelfth = std::clamp(std::ceil(position - 1e-9) - 1, 0., kTwelfths - 1.);
    const auto number = static_cast<std::size_t>(twelfth);
    if (seen.count == 0 || seen.values[seen.count - 1].twelfth != number) {
      time_before = time;
      value_before = seen.newest;
      ++seen.count;
    }
    time = next;
    seen.newest = measure(reading.value);
    seen.values[seen.count - 1] = {number, position - twelfth, seen.newest - value_before,
                                   time - time_before};
  }
  for (std::size_t i = 0; i < seen.count; ++i) {
    double& memory = seen.values[i].memory;
    memory = std::exp(-memory);
    seen.weight = seen.weight * memory + 1;
  }
  return seen;
}

}  // namespace

double progress_at(const Target& target, double value) {
  return (value - *target.baseline) / (*target.goal - *target.baseline);
}

bool is_reached_by_growing(const Target& target) {
  DISTRICT_CHECK(target.goal && target.baseline, "what adds up has a goal and a baseline");
  const bool grows = *target.goal > *target.baseline;
  return grows == (target.direction == Direction::at_least);
}

ValuesSeen progress_seen(const Target& target, std::span<const Reading> readings) {
  return seen_in(target, readings, [&](double value) { return progress_at(target, value); });
}

ValuesSeen values_seen(const Target& target, std::span<const Reading> readings) {
  return seen_in(target, readings, [](double value) { return value; });
}

}  // namespace districtd

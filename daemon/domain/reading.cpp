#include "daemon/domain/reading.h"

#include <algorithm>
#include <utility>

namespace districtd {

std::vector<Reading>& Readings::entry(std::string_view target) {
  const auto found = by_target_.find(target);
  return found != by_target_.end() ? found->second : by_target_[std::string{target}];
}

const std::vector<Reading>& Readings::of(std::string_view target) { return entry(target); }

void Readings::record(std::string_view target, const Reading& reading) {
  auto& readings = entry(target);
  const auto place =
      std::lower_bound(readings.begin(), readings.end(), reading.as_of,
                       [](const Reading& earlier, Date as_of) { return earlier.as_of < as_of; });
  const bool is_known = place != readings.end() && place->as_of == reading.as_of;
  if (reading.value == kTakenBack) {
    if (is_known) readings.erase(place);
  } else if (is_known) {
    place->value = reading.value;
    place->reported_on = std::min(place->reported_on, reading.reported_on);
  } else {
    readings.insert(place, reading);
  }
}

void Readings::assign(std::string_view target, std::vector<Reading> readings) {
  entry(target) = std::move(readings);
}

}  // namespace districtd

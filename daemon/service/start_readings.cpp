#include "daemon/service/start_readings.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace districtd {

StartReadings::Early StartReadings::read(const std::filesystem::path& store_path,
                                         const DistrictClock& clock) {
  StoreReader store(store_path);
  const std::int64_t version = store.version();
  ProgrammesAsked asked;
  for (const StoredProgramme& stored : store.programmes(std::nullopt)) {
    if (stored.programme.is_settled(clock.today())) asked.without.push_back(stored.programme.id);
  }
  Readings readings = store.readings(
      {std::nullopt, [&clock](Time time) { return clock.date_at(time); }, {}, asked});
  return {std::move(store), version, std::move(asked.without), std::move(readings)};
}

void StartReadings::begin(const std::filesystem::path& store_path, const DistrictClock& clock) {
  early_ = std::async(std::launch::async, [store_path, clock]() -> std::optional<Early> {
    try {
      return read(store_path, clock);
    } catch (const std::exception&) {
      // No store yet, or an older one: opening it says what is wrong, or mends it.
      return std::nullopt;
    }
  });
}

Readings StartReadings::finish(const std::filesystem::path& store_path, const DistrictClock& clock,
                               const std::vector<std::string>& open) {
  std::optional<Early> known = early_.valid() ? early_.get() : std::nullopt;
  if (!known || known->store.version() != known->version) known.emplace(read(store_path, clock));
  ProgrammesAsked asked;
  for (const std::string& programme : open) {
    const auto& left_out = known->left_out;
    if (std::find(left_out.begin(), left_out.end(), programme) != left_out.end()) {
      asked.only.push_back(programme);
    }
  }
  Readings readings = std::move(known->readings);
  if (!asked.only.empty()) {
    readings.merge(known->store.readings(
        {std::nullopt, [&clock](Time time) { return clock.date_at(time); }, {}, asked}));
  }
  return readings;
}

}  // namespace districtd

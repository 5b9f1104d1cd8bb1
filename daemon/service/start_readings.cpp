#include "daemon/service/start_readings.h"

#include <exception>
#include <utility>

namespace districtd {

namespace {

Readings read_all(const StoreReader& store, const DistrictClock& clock) {
  return store.readings({std::nullopt, [&clock](Time time) { return clock.date_at(time); }, {}});
}

}  // namespace

void StartReadings::begin(const std::filesystem::path& store_path, const DistrictClock& clock) {
  early_ = std::async(std::launch::async, [store_path, clock]() -> std::optional<Early> {
    try {
      StoreReader store(store_path);
      const std::int64_t version = store.version();
      Readings readings = read_all(store, clock);
      return Early{std::move(store), version, std::move(readings)};
    } catch (const std::exception&) {
      // No store yet, or an older one: opening it says what is wrong, or mends it.
      return std::nullopt;
    }
  });
}

Readings StartReadings::finish(const std::filesystem::path& store_path,
                               const DistrictClock& clock) {
  if (early_.valid()) {
    auto early = early_.get();
    if (early && early->store.version() == early->version) return std::move(early->readings);
  }
  return read_all(StoreReader(store_path), clock);
}

}  // namespace districtd

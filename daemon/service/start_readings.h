// The readings with which the daemon starts, read while the catalogue is: in a province each takes
// a second.
#pragma once

#include <filesystem>
#include <future>
#include <optional>

#include "daemon/config/district_clock.h"
#include "daemon/domain/reading.h"
#include "daemon/store/reader.h"

namespace districtd {

class StartReadings {
 public:
  // Begins to read on a thread of its own, if there is a store of this version.
  void begin(const std::filesystem::path& store_path, const DistrictClock& clock);

  // Returns when what was begun is there.
  void wait() const {
    if (early_.valid()) early_.wait();
  }

  // To be called once the store is open, so that nobody else writes it: what was read, unless
  // another daemon has written since. Throws StoreError.
  Readings take(const std::filesystem::path& store_path, const DistrictClock& clock);

 private:
  struct Early {
    StoreReader store;
    std::int64_t version;
    Readings readings;
  };
  std::future<std::optional<Early>> early_;
};

}  // namespace districtd

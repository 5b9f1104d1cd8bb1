// The readings with which the daemon starts. They are read while the catalogue is read, because in
// a province each of the two takes a second.
#pragma once

#include <filesystem>
#include <future>
#include <optional>

#include "daemon/config/district_clock.h"
#include "daemon/domain/reading.h"
#include "daemon/store/store.h"

namespace districtd {

class StartReadings {
 public:
  // Begins to read on a thread of its own. Where there is no store yet, or one of an older version,
  // finish() reads.
  void begin(const std::filesystem::path& store_path, const DistrictClock& clock);

  // Returns when the thread has read everything; at once where nothing was begun.
  void wait() const {
    if (early_.valid()) early_.wait();
  }

  // To be called once the store is open, so that nobody else writes it. Returns what was read;
  // where nothing was, or another daemon has written since, it reads now. Throws StoreError.
  Readings finish(const std::filesystem::path& store_path, const DistrictClock& clock);

 private:
  struct Early {
    StoreReader store;
    std::int64_t version;
    Readings readings;
  };
  std::future<std::optional<Early>> early_;
};

}  // namespace districtd

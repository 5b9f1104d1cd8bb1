// The readings with which the daemon starts. They are read while the catalogue is read, because in
// a province each of the two takes a second.
#pragma once

#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/district_clock.h"
#include "daemon/domain/reading.h"
#include "daemon/store/reader.h"

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
  // Of programmes that were settled when it began to read only those of `open` are there.
  Readings finish(const std::filesystem::path& store_path, const DistrictClock& clock,
                  const std::vector<std::string>& open = {});

 private:
  struct Early {
    StoreReader store;
    std::int64_t version;
    std::vector<std::string> left_out;  // programmes that are settled by the store
    Readings readings;
  };
  static Early read(const std::filesystem::path& store_path, const DistrictClock& clock);

  std::future<std::optional<Early>> early_;
};

}  // namespace districtd

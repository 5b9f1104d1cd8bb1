// Which rows wait to be confirmed, department by department.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/store/store.h"

namespace districtd {

// Follows the commits, so that nobody has to ask the file. Not thread-safe.
class WaitingRows {
 public:
  // Rows of a submission are held.
  void hold(const std::string& department, std::int64_t seq, std::int64_t rows, Time received_at);

  // They are confirmed or sent back.
  void decide(const std::string& department, std::int64_t seq);

  // Of every department of which rows ever waited, in order of their ids.
  std::vector<StoreStatistics::Waiting> by_department() const;

 private:
  struct Held {
    std::int64_t rows = 0;
    Time received_at{};
  };
  std::map<std::string, std::map<std::int64_t, Held>> departments_;  // by department and seq
};

}  // namespace districtd

// What /metrics says of the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace districtd {

// Rows of one department that wait for the supervision office to confirm them.
struct RowsToConfirm {
  std::string department;     // id
  std::int64_t rows = 0;      // that are held and not decided
  std::optional<Time> since;  // when the first of them was received; empty where there is none
};

struct StoreStatistics {
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t submissions = 0;         // and decisions, taken up since the start; repeats are not
  std::uint64_t observations = 0;        // appended since the start
  std::uint64_t forgotten_receipts = 0;  // whose texts were let go since the start
  double commit_seconds = 0;             // sum over commits
  std::uint64_t bytes = 0;               // of the database file and its WAL
  std::uint64_t available_bytes = 0;     // for this process, on the file system of the database
  std::uint64_t filesystem_bytes = 0;    // its size; 0 where it cannot be asked
  std::size_t queued = 0;  // submissions and decisions that the writer has not taken up yet
  bool failing = false;    // the last commit failed
  std::vector<RowsToConfirm> waiting;  // of each department of which rows were ever held, by id
  double writing_seconds = 0;  // for how long the writer has been at what it does; 0: it waits
  std::string moved;           // "", or that the database or its WAL is not in its place; English
  std::string last_failure;    // of the last commit that failed, for the operator; English
};

}  // namespace districtd

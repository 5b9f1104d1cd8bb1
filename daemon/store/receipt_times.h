// By when submissions had been received, also where the clock was wrong when it stamped them.
//
// Submissions are ordered by their number. Their times of receipt fall where a clock that had been
// ahead was set right; the table received_by says where that was.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// The first number in (low, high] with the property, which all after it have too; high is taken to
// have it.
template <typename Has>
std::int64_t first_with(std::int64_t low, std::int64_t high, Has has) {
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (has(middle) ? high : low) = middle;
  }
  return high;
}

// Threads: one at a time, with a connection of its own. Functions throw sqlite::Error.
class ReceiptTimes {
 public:
  explicit ReceiptTimes(const sqlite::Connection& connection);  // which outlives this

  // Submissions in a row whose times of receipt never fall. Those that were stamped while the clock
  // was not credible are its last ones.
  struct Run {
    std::int64_t first = 1;
    std::int64_t end = 1;             // above its last number
    std::optional<Time> received_by;  // all of them, whatever their times say
    bool is_reckoned_right = false;   // the times reckoned while the clock was not credible are
  };
  // The run of a number from 1 on.
  const Run& run_of(std::int64_t seq) const;

  // When it was received, or by when, whichever is earlier. Where there is no submission with the
  // number, of the one before it in its run; the earliest time of all where there is none.
  Time time_of(std::int64_t seq);

  // The last submission that had certainly been received by `time`, 0 where there is none: it, or a
  // later one, was stamped then or earlier by a clock that was credible, or received_by says so.
  // The number may be one that no submission has; none that has a number up to it came later.
  std::int64_t last_by(Time time);

 private:
  struct Row {
    std::int64_t seq = 0;
    Time received_at{};
    bool is_reckoned = false;
  };
  Row row_up_to(std::int64_t seq);  // seq 0: there is none
  std::int64_t last_by(Time time, const Run& run);

  sqlite::Statement received_;
  std::vector<Run> runs_;  // by their numbers; at least one, the last without end
};

}  // namespace districtd

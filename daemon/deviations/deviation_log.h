// The deviation log: one record for each change of a target's status, once each.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/store/records.h"

namespace districtd {

// Compares the board with what was logged last (kept in the store, so across restarts) and logs the
// difference. Records (docs/deviation-log.md has the fields):
//   status_changed    from, to, actual and expected in the catalogue's unit, progress,
//                     expected_share, deviation_points, status_since, periods_behind,
//                     goal_probability, as_of, submission, quote; warn when the new light is red,
//                     info otherwise
//   still_behind      the light stays red for another period: which one in a row
//   report_overdue    the period that was due, since when and how many are missing; again with each
//                     further one
//   report_arrived    the report that was overdue is there
//   target_withdrawn  the catalogue has withdrawn it
//   daily_summary     once a day: how many are red, and which
// A target that was never logged and is no_data is not a change.
//
// Thread: the event loop's, as the board.
class DeviationLog {
 public:
  using Persist = std::function<void(std::vector<Judged>)>;

  // `persist` is called after the records of one call have been written (a kill between the two
  // repeats a record rather than losing one).
  DeviationLog(std::unordered_map<std::string, Judged> last, Persist persist);

  // Looks at these targets. `submission` is the id that brought the change, "" where it was time.
  void compare(const Board& board, const std::vector<Catalogue::Index>& targets,
               std::string_view submission);
  void compare_all(const Board& board, std::string_view submission = "");

  void summarise(const Board& board);  // the daily line

 private:
  std::unordered_map<std::string, Judged> last_;
  Persist persist_;
};

}  // namespace districtd

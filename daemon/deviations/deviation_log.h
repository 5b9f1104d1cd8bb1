// The deviation log: one record for each change of a target's status, once each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "daemon/deviations/deviation_records.h"
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
//   daily_summary     once a day for each open programme: how many are red, and which
// A target that was never logged and is no_data is not a change. A programme that is settled, or
// has not begun, is not looked at: it leaves and comes without a word.
//
// A record counts as said once it is written (write_event() of daemon/log/logging.h). What could
// not be, for want of space most often, waits here in its order and is written as soon as that can
// be done, with `seen_at`, when the change was seen. What waits at the end of the daemon is not
// said: the next start compares with what was.
//
// Thread: the event loop's, as the board.
class DeviationLog {
 public:
  using Persist = std::function<void(std::vector<Judged>)>;

  // More records wait for no disk: further changes are compared again once these are written, and
  // what came and went between is then not said.
  static constexpr std::size_t kMostUnsaid = 10'000;

  // `persist` is called after records have been written, with what they said (a kill between the
  // two repeats a record rather than losing one).
  DeviationLog(std::unordered_map<std::string, Judged> last, Persist persist);

  // What was said of targets that were not in memory before.
  void know(std::unordered_map<std::string, Judged> said) { last_.merge(said); }

  // Looks at these targets. `submission` is the id that brought the change, "" where it was time.
  void compare(const Board& board, const std::vector<Catalogue::Index>& targets,
               std::string_view submission);
  void compare_all(const Board& board, std::string_view submission = "");

  void summarise(const Board& board);  // the daily lines

  // To be called every few seconds: writes what waits. `board` is the one of the last call.
  void write_unsaid(const Board& board);

  std::size_t unsaid() const { return unsaid_.size(); }  // records, and what counts with them

 private:
  // A record and what counts as said once it is written; either may be missing.
  struct Unsaid {
    std::optional<DeviationRecord> record;
    std::optional<Judged> judged;
    Time seen_at{};
    std::uint64_t call = 0;  // of which it is news
  };

  void begin_call();
  void compare_one(const Board& board, Catalogue::Index index, std::string_view submission);
  void say(std::optional<DeviationRecord> record, std::optional<Judged> judged);
  void write_in_order();
  void end_call();

  std::unordered_map<std::string, Judged> last_;  // by target key: said, or waiting to be
  Persist persist_;
  std::deque<Unsaid> unsaid_;
  bool has_left_out_ = false;  // a change is neither said nor waiting
  std::uint64_t call_ = 0;
  bool is_refused_ = false;   // within this call a record could not be written
  std::vector<Judged> said_;  // within this call
};

}  // namespace districtd

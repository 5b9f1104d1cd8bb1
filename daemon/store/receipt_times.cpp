#include "daemon/store/receipt_times.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "daemon/store/columns.h"

namespace districtd {

ReceiptTimes::ReceiptTimes(const sqlite::Connection& connection)
    : received_(connection,
                "SELECT seq, received_at, clock_read IS NOT NULL FROM submission WHERE seq <= ?"
                " ORDER BY seq DESC LIMIT 1") {
  sqlite::Statement last(connection, "SELECT coalesce(max(seq), 0) FROM submission");
  const std::int64_t end = last.step() ? last.integer(0) + 1 : 1;
  std::int64_t first = 1;
  sqlite::Statement each(connection,
                         "SELECT seq, min(at), max(reckoned_right) FROM received_by GROUP BY seq"
                         " ORDER BY seq");
  while (each.step()) {
    runs_.push_back({first, each.integer(0) + 1, time_from(each.integer(1)), each.integer(2) != 0});
    first = runs_.back().end;
  }
  runs_.push_back({first, std::max(first, end), std::nullopt, false});
}

const ReceiptTimes::Run& ReceiptTimes::run_of(std::int64_t seq) const {
  const auto after =
      std::upper_bound(runs_.begin(), runs_.end(), seq,
                       [](std::int64_t number, const Run& run) { return number < run.first; });
  return after == runs_.begin() ? runs_.front() : *std::prev(after);
}

ReceiptTimes::Row ReceiptTimes::row_up_to(std::int64_t seq) {
  received_.reset();
  received_.bind(1, seq);
  if (!received_.step()) return {};
  return {received_.integer(0), time_from(received_.integer(1)), received_.integer(2) != 0};
}

Time ReceiptTimes::time_of(std::int64_t seq) {
  const Run& run = run_of(seq);
  const Row row = row_up_to(seq);
  if (row.seq < run.first) return Time::min();
  return run.received_by ? std::min(row.received_at, *run.received_by) : row.received_at;
}

std::int64_t ReceiptTimes::last_by(Time time) {
  for (std::size_t i = runs_.size(); i > 0; --i) {
    if (const std::int64_t last = last_by(time, runs_[i - 1]); last > 0) return last;
  }
  return 0;
}

std::int64_t ReceiptTimes::last_by(Time time, const Run& run) {
  if (run.received_by && *run.received_by <= time) return run.end - 1;
  std::int64_t last = first_with(run.first - 1, run.end,
                                 [&](std::int64_t seq) {
                                   const Row row = row_up_to(seq);
                                   return row.seq >= run.first && row.received_at > time;
                                 }) -
                      1;
  if (!run.is_reckoned_right) {
    // What was only reckoned may have been received later.
    last = first_with(run.first - 1, last + 1,
                      [&](std::int64_t seq) {
                        const Row row = row_up_to(seq);
                        return row.seq >= run.first && row.is_reckoned;
                      }) -
           1;
  }
  return last >= run.first && row_up_to(last).seq >= run.first ? last : 0;
}

}  // namespace districtd

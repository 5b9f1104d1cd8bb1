// From the rows of the table `observation` to the readings that count.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/time.h"
#include "daemon/domain/reading.h"
#include "daemon/store/receipt_times.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// The district's day on which a submission was received, or by which it had been. Within a run of
// ReceiptTimes the submissions of a day lie together, and one search finds where they begin and
// end.
//
// Threads: one at a time, with a connection of its own. Throws sqlite::Error.
class ReceiptDays {
 public:
  // `date_at` gives the district's day of a time. Both references outlive this.
  ReceiptDays(const sqlite::Connection& connection, const std::function<Date(Time)>& date_at);

  // Of the submission with this seq. For a decision it is the day of the submission whose rows it
  // confirmed: a value that was held was reported when it came.
  Date operator()(std::int64_t seq);

  // Whether any rows that were held have been confirmed.
  bool has_confirmations() const { return !confirmed_.empty(); }

 private:
  struct Range {  // of seqs that were received on one day
    std::int64_t first = 0;
    std::int64_t end = 0;
    Date date{};
  };

  Date date_of(std::int64_t seq);

  const std::function<Date(Time)>& date_at_;
  ReceiptTimes times_;
  Range range_;                          // of the last answer
  std::map<std::int64_t, Range> known_;  // by Range::first
  std::map<std::int64_t, std::int64_t>
      confirmed_;  // by decision: the submission with the held rows
};

// Reads rows (target, as_of, seq, value, basis) in the order of target, as_of, seq and row, and
// adds what they leave behind to `readings`; `id_of` gives the id of a target's key. Rows of
// submissions after last_seq are passed over. Of each day the last row counts, and the earliest one
// says when the day was reported; a day whose last row withdraws its value has no reading. What a
// submission says of a day is its last row. Throws sqlite::Error.
void collect_readings(sqlite::Statement& rows, std::int64_t last_seq,
                      const std::function<const std::string&(std::int64_t key)>& id_of,
                      ReceiptDays& receipt_days, Readings& readings);

}  // namespace districtd

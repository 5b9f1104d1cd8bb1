#include "daemon/store/stored_readings.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "daemon/store/columns.h"

namespace districtd {
namespace {

struct Row {
  std::int64_t target = 0;  // key; 0: there is no row
  std::int64_t seq = 0;
  Date as_of{};
  ReportedValue value;
  Basis basis = Basis::actual;
};

// The readings of one target while its rows go by.
class OfOneTarget {
 public:
  explicit OfOneTarget(ReceiptDays& receipt_days) : receipt_days_(receipt_days) {}

  // The last row of a submission for a day.
  void add(const Row& row) {
    const bool is_known = !readings_.empty() && readings_.back().as_of == row.as_of;
    if (!is_known) {
      if (row.value.is_withdrawn()) return;
      readings_.push_back({row.as_of, row.value.number(), receipt_days_(row.seq), {}, row.basis});
      return;
    }
    if (corrections_.empty() || corrections_.back().as_of != row.as_of) {
      corrections_.push_back({row.as_of, 0});
    }
    ++corrections_.back().count;
    if (row.value.is_withdrawn()) {
      readings_.pop_back();
      return;
    }
    Reading& known = readings_.back();
    const Date received_on = receipt_days_(row.seq);
    // A value that was held and confirmed may have come before the one that it corrects.
    if (known.value != row.value.number()) {
      known.corrected_on =
          std::max({known.corrected_on, short_date(known.reported_on), short_date(received_on)});
    }
    known.value = row.value.number();
    known.basis = row.basis;
    if (receipt_days_.has_confirmations()) {
      known.reported_on = std::min(known.reported_on, received_on);
    }
  }

  bool empty() const { return readings_.empty() && corrections_.empty(); }

  void move_to(Readings& readings, const std::string& id) {
    readings.assign(id, readings_, corrections_);
    readings_.clear();
    corrections_.clear();
  }

 private:
  ReceiptDays& receipt_days_;
  std::vector<Reading> readings_;
  std::vector<Corrections> corrections_;
};

}  // namespace

ReceiptDays::ReceiptDays(const sqlite::Connection& connection,
                         const std::function<Date(Time)>& date_at)
    : date_at_(date_at), times_(connection) {
  sqlite::Statement confirmed(connection, "SELECT seq, held FROM decision WHERE confirmed");
  while (confirmed.step()) confirmed_.emplace(confirmed.integer(0), confirmed.integer(1));
}

Date ReceiptDays::operator()(std::int64_t seq) {
  if (!confirmed_.empty()) {
    const auto said_in = confirmed_.find(seq);
    if (said_in != confirmed_.end()) seq = said_in->second;
  }
  if (seq >= range_.first && seq < range_.end) return range_.date;
  const auto after = known_.upper_bound(seq);
  if (after != known_.begin() && seq < std::prev(after)->second.end) {
    range_ = std::prev(after)->second;
    return range_.date;
  }
  const ReceiptTimes::Run& run = times_.run_of(seq);
  range_ = {seq, seq + 1, date_of(seq)};
  range_.first =
      first_with(run.first - 1, seq, [&](std::int64_t s) { return date_of(s) >= range_.date; });
  range_.end = first_with(seq, std::max(run.end, seq + 1),
                          [&](std::int64_t s) { return date_of(s) > range_.date; });
  known_.emplace(range_.first, range_);
  return range_.date;
}

Date ReceiptDays::date_of(std::int64_t seq) {
  const Time time = times_.time_of(seq);
  return time == Time::min() ? Date::min() : date_at_(time);
}

void collect_readings(sqlite::Statement& rows, std::int64_t last_seq,
                      const std::function<const std::string&(std::int64_t key)>& id_of,
                      ReceiptDays& receipt_days, Readings& readings) {
  OfOneTarget target(receipt_days);
  Row last;
  while (rows.step()) {
    const Row row{rows.integer(0), rows.integer(2), date_from(rows.integer(1)),
                  ReportedValue::from_column(rows.real(3)), basis_from(rows.integer(4))};
    if (row.seq > last_seq) continue;
    const bool is_same_target = row.target == last.target;
    const bool is_same_day = is_same_target && row.as_of == last.as_of;
    if (last.target != 0 && !(is_same_day && row.seq == last.seq)) target.add(last);
    if (!is_same_target && !target.empty()) target.move_to(readings, id_of(last.target));
    last = row;
  }
  if (last.target != 0) target.add(last);
  if (!target.empty()) target.move_to(readings, id_of(last.target));
}

}  // namespace districtd

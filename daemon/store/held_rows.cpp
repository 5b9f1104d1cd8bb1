#include "daemon/store/held_rows.h"

#include "daemon/store/columns.h"

namespace districtd {

HeldRows HeldRows::load(const sqlite::Connection& connection) {
  HeldRows loaded;
  sqlite::Statement each(connection,
                         "SELECT s.seq, s.department, s.received_at, count(*), d.held IS NOT NULL"
                         " FROM held h JOIN submission s ON s.seq = h.seq"
                         " LEFT JOIN decision d ON d.held = h.seq GROUP BY s.seq");
  while (each.step()) {
    const std::string department(each.text(1));
    loaded.hold(department, each.integer(0), each.integer(3), time_from(each.integer(2)));
    if (each.integer(4) != 0) loaded.decide(department, each.integer(0));
  }
  return loaded;
}

void HeldRows::hold(const std::string& department, std::int64_t seq, std::int64_t rows,
                    Time received_at) {
  departments_[department][seq] = {rows, received_at};
}

void HeldRows::decide(const std::string& department, std::int64_t seq) {
  departments_[department].erase(seq);
}

std::vector<RowsToConfirm> HeldRows::by_department() const {
  std::vector<RowsToConfirm> all;
  for (const auto& [department, submissions] : departments_) {
    RowsToConfirm& waiting = all.emplace_back();
    waiting.department = department;
    for (const auto& [seq, held] : submissions) waiting.rows += held.rows;
    // A later number was not received earlier.
    if (!submissions.empty()) waiting.since = submissions.begin()->second.received_at;
  }
  return all;
}

}  // namespace districtd

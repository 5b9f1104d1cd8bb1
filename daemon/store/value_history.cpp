#include "daemon/store/value_history.h"

#include <string>

#include "daemon/store/columns.h"
#include "daemon/store/submission_id.h"

namespace districtd {

std::vector<StoredObservation> read_history(const sqlite::Connection& connection,
                                            std::string_view target, std::int64_t last) {
  sqlite::Statement each(
      connection,
      "SELECT o.as_of, o.value, o.note, o.seq, s.received_at, s.collector,"
      " s.name, o.basis, o.explanation FROM target_key k JOIN observation o ON o.target = k.key"
      " JOIN submission s ON s.seq = o.seq WHERE k.id = ?"
      " AND o.seq <= ? ORDER BY o.as_of, o.seq, o.row");
  each.bind(1, target).bind(2, last);
  std::vector<StoredObservation> history;
  while (each.step()) {
    const Date as_of = date_from(each.integer(0));
    const Time received = time_from(each.integer(4));
    if (!history.empty() && history.back().as_of == as_of) history.back().superseded = true;
    history.push_back({.as_of = as_of,
                       .value = ReportedValue::from_column(each.real(1)),
                       .basis = basis_from(each.integer(7)),
                       .note = std::string(each.text(2)),
                       .explanation = std::string(each.text(8)),
                       .submission = submission_id(each.integer(3), utc_date(received)),
                       .received_at = received,
                       .collector = std::string(each.text(5)),
                       .name = std::string(each.text(6)),
                       .superseded = false});
  }
  return history;
}

std::vector<Correction> read_corrections(const sqlite::Connection& connection, std::int64_t first,
                                         std::int64_t last) {
  std::vector<Correction> corrections;
  sqlite::Statement any(connection,
                        "SELECT 1 FROM submission WHERE seq BETWEEN ? AND ? AND corrected > 0"
                        " LIMIT 1");
  any.bind(1, first).bind(2, last);
  // Observations lie by target: without a correction there is no need to look at them all.
  if (!any.step()) return corrections;
  sqlite::Statement each(
      connection,
      "SELECT k.id, o.as_of, o.value, o.note, s.received_at,"
      " (SELECT p.value FROM observation p WHERE p.target = o.target AND p.as_of = o.as_of"
      "  AND (p.seq, p.row) < (o.seq, o.row) ORDER BY p.seq DESC, p.row DESC LIMIT 1), o.basis,"
      " (SELECT p.basis FROM observation p WHERE p.target = o.target AND p.as_of = o.as_of"
      "  AND (p.seq, p.row) < (o.seq, o.row) ORDER BY p.seq DESC, p.row DESC LIMIT 1)"
      " FROM observation o JOIN target_key k ON k.key = o.target"
      " JOIN submission s ON s.seq = o.seq WHERE o.seq BETWEEN ? AND ?"
      " ORDER BY k.id, o.as_of, o.seq, o.row");
  each.bind(1, first).bind(2, last);
  while (each.step()) {
    if (each.is_null(5)) continue;
    corrections.push_back({.target = std::string(each.text(0)),
                           .as_of = date_from(each.integer(1)),
                           .value = ReportedValue::from_column(each.real(2)),
                           .value_before = ReportedValue::from_column(each.real(5)),
                           .basis = basis_from(each.integer(6)),
                           .basis_before = basis_from(each.integer(7)),
                           .note = std::string(each.text(3)),
                           .received_at = time_from(each.integer(4))});
  }
  return corrections;
}

}  // namespace districtd

#include "daemon/store/decision_writer.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "base/digest.h"
#include "daemon/store/columns.h"
#include "daemon/store/submission_id.h"

namespace districtd {

using OnFile = KnownValues::OnFile;

RecordedDecisionOrWhyNot DecisionWriter::decide(const Decision& decision) {
  const auto seq = submission_seq(decision.submission);
  if (!seq) return Undecided::unknown_submission;
  sqlite::Statement found(connection_,
                          "SELECT id, department, received_at,"
                          " EXISTS(SELECT 1 FROM held WHERE held.seq = submission.seq),"
                          " EXISTS(SELECT 1 FROM decision WHERE held = submission.seq)"
                          " FROM submission WHERE seq = ?");
  found.bind(1, *seq);
  if (!found.step() || found.text(0) != decision.submission) return Undecided::unknown_submission;
  if (found.integer(4) != 0) return Undecided::already_decided;
  if (found.integer(3) == 0) return Undecided::nothing_held;

  RecordedDecision recorded;
  recorded.stamp = submissions_.next();
  recorded.decided_seq = *seq;
  recorded.held_since = time_from(found.integer(2));
  recorded.receipt.department = found.text(1);
  recorded.receipt.encoding = "UTF-8";
  found.reset();
  return record(decision, std::move(recorded));
}

RecordedDecision DecisionWriter::record(const Decision& decision, RecordedDecision recorded) {
  DISTRICT_CHECK(decision.catalogue != nullptr, "a decision comes with the catalogue");
  recorded.rows.changes.catalogue = decision.catalogue;
  decide_rows(decision, recorded);
  Receipt& receipt = recorded.receipt;
  RecordedRows& rows = recorded.rows;
  receipt.rows = rows.accepted + rows.corrected + rows.unchanged;
  if (!decision.confirmed) receipt.rejected = std::exchange(rows.unchanged, 0);
  receipt.notes = {"对报送 " + decision.submission + " 中暂存数据的" +
                   (decision.confirmed ? "确认" : "退回") + "，来自 " + decision.by + "。"};
  const Submission submission{receipt.department, decision.confirmed ? "confirm" : "reject", "",
                              decision.submission, ""};
  const Sha256 no_body = sha256_of("");
  submissions_.insert(recorded.stamp, submission, {0, no_body}, Outcome::taken, receipt, rows);
  sqlite::Statement insert(connection_,
                           "INSERT INTO decision(held, seq, confirmed) VALUES(?, ?, ?)");
  insert.bind(1, recorded.decided_seq)
      .bind(2, recorded.stamp.seq)
      .bind(3, std::int64_t{decision.confirmed})
      .run();
  return recorded;
}

// Of each day the last row that was held counts, unless something newer was sent for it since. In
// the order of the table observation.
void DecisionWriter::decide_rows(const Decision& decision, RecordedDecision& recorded) {
  sqlite::Statement each(
      connection_,
      "SELECT target, as_of, row, value, note, basis, explanation,"
      " row < (SELECT max(row) FROM held last WHERE last.seq = one.seq"
      "   AND last.target = one.target AND last.as_of = one.as_of)"
      " OR EXISTS(SELECT 1 FROM observation o WHERE o.target = one.target"
      "   AND o.as_of = one.as_of AND (o.seq, o.row) > (one.seq, one.row))"
      " OR EXISTS(SELECT 1 FROM held h LEFT JOIN decision d ON d.held = h.seq"
      "   WHERE h.target = one.target AND h.as_of = one.as_of AND h.seq > one.seq"
      "   AND coalesce(d.confirmed, 1))"
      " FROM held one WHERE seq = ? ORDER BY target, as_of, row");
  each.bind(1, recorded.decided_seq);
  while (each.step()) {
    const bool is_overtaken = each.integer(7) != 0;
    if (!decision.confirmed || is_overtaken) {
      ++recorded.rows.unchanged;
      continue;
    }
    Observation said;
    said.row = static_cast<std::int32_t>(each.integer(2));
    said.reading = {date_from(each.integer(1)), ReportedValue::from_column(each.real(3))};
    said.reading.basis = basis_from(each.integer(5));
    said.note = each.text(4);
    said.explanation = each.text(6);
    confirm(static_cast<TargetKey>(each.integer(0)), said, *decision.catalogue, recorded);
  }
}

void DecisionWriter::confirm(TargetKey key, const Observation& said, const Catalogue& catalogue,
                             RecordedDecision& recorded) {
  const Newest before = newest_.newest(key);
  known_.turn_to(key, before);
  const OnFile on_file = known_.compare(said);
  if (on_file == OnFile::same) {
    ++recorded.rows.unchanged;
    return;
  }
  ++(on_file == OnFile::nothing ? recorded.rows.accepted : recorded.rows.corrected);
  const CountedRow row{key, &said};
  rows_.insert(recorded.stamp.seq, std::span(&row, 1));
  const std::int32_t day = day_number(said.reading.as_of);
  if (before.seq == 0 || day >= before.as_of) {
    newest_.set(key, {day, recorded.stamp.seq, said.reading.value});
  }
  const auto target = catalogue.find_key(newest_.name_of(key));
  if (!target) {
    recorded.departed.emplace_back(newest_.name_of(key), said.reading);
    return;
  }
  Changes& changes = recorded.rows.changes;
  if (changes.targets.empty() || changes.targets.back().target != *target) {
    changes.targets.push_back({*target, 0});
  }
  ++changes.targets.back().readings;
  changes.readings.push_back(said.reading);
}

}  // namespace districtd

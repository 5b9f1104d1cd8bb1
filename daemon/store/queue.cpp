#include "daemon/store/queue.h"

#include <utility>

#include "base/check.h"
#include "daemon/store/rows_read.h"
#include "daemon/store/stored_receipt.h"
#include "daemon/store/submission_id.h"

namespace districtd {
namespace {

// What only the store knows of a receipt.
void complete(Receipt& receipt, const Stamp& stamp, RecordedRows& rows) {
  receipt.submission = submission_id(stamp.seq, utc_date(stamp.received_at));
  receipt.received_at = stamp.received_at;
  receipt.accepted = rows.accepted;
  receipt.corrected = rows.corrected;
  receipt.unchanged = rows.unchanged;
  receipt.held = rows.held;
  receipt.flagged = rows.flagged;
  receipt.narratives = rows.narratives;
  receipt.flags = std::move(rows.flags);
}

void count_rows(StoreStatistics& statistics, const RecordedRows& rows) {
  statistics.observations += static_cast<std::uint64_t>(rows.accepted + rows.corrected);
}

}  // namespace

void QueuedAppend::digest() {
  if (body_) return;
  std::string& body = append_.submission.body;
  body_ = {sha256_of(body), body.size()};
  body = std::string();
}

void QueuedAppend::write(Writer& writer) {
  DISTRICT_CHECK(body_.has_value(), "a body is digested before it is recorded");
  recorded_ = writer.record(append_, {body_->bytes, body_->sha256});
}

void QueuedAppend::count(StoreStatistics& statistics, HeldRows& held) const {
  DISTRICT_CHECK(recorded_.has_value(), "only what was committed is counted");
  const auto* const recorded = std::get_if<RecordedSubmission>(&*recorded_);
  if (recorded == nullptr) return;
  ++statistics.submissions;
  count_rows(statistics, recorded->rows);
  if (recorded->rows.held > 0) {
    held.hold(append_.submission.department, recorded->stamp.seq, recorded->rows.held,
              recorded->stamp.received_at);
  }
}

void QueuedAppend::answer() {
  DISTRICT_CHECK(recorded_.has_value(), "only what was committed is answered");
  std::visit([this](auto& recorded) { answer(recorded); }, *recorded_);
}

void QueuedAppend::answer(RecordedSubmission& recorded) {
  Appended appended;
  if (recorded.left) append_.decoded = *std::move(recorded.left);
  if (is_dry_run()) appended.rows_read = rows_read(append_, recorded.rows.fates);
  appended.outcome = append_.decoded.outcome;
  appended.receipt = std::move(append_.decoded.receipt);
  complete(appended.receipt, recorded.stamp, recorded.rows);
  if (!recorded.note.empty()) appended.receipt.notes.push_back(std::move(recorded.note));
  appended.changes = std::move(recorded.rows.changes);
  if (is_dry_run()) {
    appended.receipt.submission.clear();
    appended.changes = {};
  }
  if (done_) done_(std::move(appended));
}

void QueuedAppend::answer(Repeated& repeated) {
  Appended appended;
  appended.is_repeat = true;
  if (is_dry_run() && repeated.outcome != Outcome::conflict) {
    appended.rows_read = rows_read(append_, {});
  }
  appended.outcome = repeated.outcome;
  appended.receipt = std::move(append_.decoded.receipt);
  if (repeated.outcome != Outcome::conflict) {
    appended.receipt = with_cells(std::move(repeated.receipt), std::move(appended.receipt));
  }
  if (done_) done_(std::move(appended));
}

void QueuedAppend::refuse(const std::string& sentence) {
  Appended appended;
  appended.receipt = std::move(append_.decoded.receipt);
  appended.unavailable = sentence;
  if (done_) done_(std::move(appended));
}

void QueuedDecision::write(Writer& writer) { recorded_ = writer.decide(decision_); }

void QueuedDecision::count(StoreStatistics& statistics, HeldRows& held) const {
  DISTRICT_CHECK(recorded_.has_value(), "only what was committed is counted");
  ++statistics.submissions;
  const auto* const recorded = std::get_if<RecordedDecision>(&*recorded_);
  if (recorded == nullptr) return;
  count_rows(statistics, recorded->rows);
  held.decide(recorded->receipt.department, recorded->decided_seq);
}

void QueuedDecision::answer() {
  DISTRICT_CHECK(recorded_.has_value(), "only what was committed is answered");
  if (!done_) return;
  if (const auto* const why_not = std::get_if<Undecided>(&*recorded_)) return done_(*why_not);
  auto& recorded = std::get<RecordedDecision>(*recorded_);
  Decided decided;
  decided.receipt = std::move(recorded.receipt);
  complete(decided.receipt, recorded.stamp, recorded.rows);
  decided.changes = std::move(recorded.rows.changes);
  decided.departed = std::move(recorded.departed);
  decided.held_since = recorded.held_since;
  done_(std::move(decided));
}

void QueuedDecision::refuse(const std::string& sentence) {
  if (done_) done_(Unavailable{sentence});
}

}  // namespace districtd

#include "daemon/store/submission_rows.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "collectors/receipt_json.h"
#include "daemon/store/columns.h"

namespace districtd {
namespace {

// What is kept of the errors: the first two million bytes, which is more than ten thousand of them
// take unless somebody makes them long.
constexpr std::size_t kMostErrorBytes = 2'000'000;

std::span<const RowError> errors_to_keep(const Receipt& receipt) {
  constexpr std::size_t kFrame = 64;  // names and quotation marks of one
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (const RowError& error : receipt.errors) {
    bytes += error.column.size() + error.value.size() + error.code.size() + error.message.size() +
             kFrame;
    if (bytes > kMostErrorBytes) break;
    ++count;
  }
  return std::span(receipt.errors).first(count);
}

std::string details_of(const Receipt& receipt, const RecordedRows& rows, std::size_t kept_errors) {
  const bool is_cut = kept_errors < receipt.errors.size();
  if (rows.flagged == 0 && rows.held == 0 && rows.narratives == 0 && !is_cut)
    return details_to_json(receipt);
  Receipt whole = receipt;
  whole.errors.clear();
  if (is_cut) {
    whole.notes.push_back("存档的回执只保留前 " + std::to_string(kept_errors) +
                          " 条错误，报送当时列出了 " + std::to_string(receipt.errors.size()) +
                          " 条。");
  }
  whole.flagged = rows.flagged;
  whole.held = rows.held;
  whole.narratives = rows.narratives;
  whole.flags = rows.flags;
  return details_to_json(whole);
}

// What stands for errors, flags and notes where the day has no room for them: the counts.
std::string details_without_texts(const Receipt& receipt, const RecordedRows& rows) {
  Receipt bare;
  bare.encoding = receipt.encoding;
  bare.empty = receipt.empty;
  bare.flagged = rows.flagged;
  bare.held = rows.held;
  bare.wordy = receipt.wordy;
  bare.narratives = rows.narratives;
  bare.notes.emplace_back(
      "错误明细未存档：本部门今日的存档额度已用完。错误和提示在报送当时的回执中已全部列出；"
      "如已遗失，请于次日重新报送，或联系管理员。");
  return details_to_json(bare);
}

// NULL for what is empty, and for what ReceiptTexts keeps.
void bind_unless_long(sqlite::Statement& statement, int position, const ReceiptTexts::Text& text) {
  if (text.text.empty() || text.is_long()) {
    statement.bind_null(position);
  } else {
    statement.bind(position, std::string_view(text.text));
  }
}

}  // namespace

SubmissionRows::SubmissionRows(const sqlite::Connection& connection,
                               std::function<KnownTime()> clock)
    : clock_(std::move(clock)),
      texts_(connection),
      budget_(connection),
      insert_(connection,
              "INSERT INTO submission(seq, received_at, department, collector,"
              " media_type, name, bytes, sha256, outcome, rows, accepted, corrected,"
              " unchanged, rejected, errors, details, clock_read)"
              " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
      received_by_(connection, "INSERT INTO received_by(seq, at, reckoned_right) VALUES(?, ?, ?)") {
  sqlite::Statement last(connection,
                         "SELECT s.seq, s.received_at, s.clock_read IS NOT NULL,"
                         " (SELECT min(at) FROM received_by WHERE seq = s.seq)"
                         " FROM submission s ORDER BY s.seq DESC LIMIT 1");
  if (last.step()) {
    const bool is_noted = !last.is_null(3);
    current_ = {last.integer(0) + 1, time_from(last.integer(is_noted ? 3 : 1)),
                !is_noted && last.integer(2) != 0, kUnknown};
  }
  committed_ = current_;
}

std::optional<Time> SubmissionRows::newest_time() const {
  return current_.next_seq > 1 ? std::optional{current_.last_received} : std::nullopt;
}

KnownTime SubmissionRows::look_at_clock() {
  const KnownTime now = clock_();
  note(now);
  return now;
}

void SubmissionRows::note(const KnownTime& now) {
  if (!now.is_credible() || current_.next_seq == 1) return;
  const bool went_back = current_.last_received - now.time > kSlewed;
  if (!current_.is_reckoned && !went_back) return;
  const bool is_right = current_.is_reckoned && current_.reckoning == now.reckoning;
  received_by_.bind(1, current_.next_seq - 1)
      .bind(2, milliseconds(now.time))
      .bind(3, std::int64_t{is_right})
      .run();
  if (went_back) current_.last_received = now.time;
  current_.is_reckoned = false;
}

Stamp SubmissionRows::next() {
  const KnownTime now = clock_();
  note(now);
  const bool goes_on =
      !current_.is_reckoned || now.is_credible() || current_.reckoning == now.reckoning;
  next_reckoning_ = goes_on ? now.reckoning : kUnknown;
  return {current_.next_seq, std::max(now.time, current_.last_received), now.clock_read};
}

void SubmissionRows::insert(const Stamp& stamp, const Submission& submission,
                            const BodyDigest& body, Outcome outcome, const Receipt& receipt,
                            const RecordedRows& rows) {
  DISTRICT_CHECK(stamp.seq == current_.next_seq && stamp.received_at >= current_.last_received,
                 "numbers and times of receipt follow each other");
  const auto kept = errors_to_keep(receipt);
  auto errors = texts_.prepare(
      kept.empty() ? std::string()
                   : errors_to_json(std::vector<RowError>(kept.begin(), kept.end())));
  auto details = texts_.prepare(details_of(receipt, rows, kept.size()));
  const bool has_findings = !kept.empty() || !rows.flags.empty();
  if (has_findings &&
      !budget_.take(submission.department, stamp.received_at, errors.bytes + details.bytes)) {
    errors = {};
    details = texts_.prepare(details_without_texts(receipt, rows));
  }
  insert_.bind(1, stamp.seq)
      .bind(2, milliseconds(stamp.received_at))
      .bind(3, std::string_view(submission.department))
      .bind(4, std::string_view(submission.collector))
      .bind(5, std::string_view(submission.media_type))
      .bind(6, std::string_view(submission.name))
      .bind(7, static_cast<std::int64_t>(body.bytes))
      .bind(8, body.sha256)
      .bind(9, to_string(outcome))
      .bind(10, receipt.rows)
      .bind(11, rows.accepted)
      .bind(12, rows.corrected)
      .bind(13, rows.unchanged)
      .bind(14, receipt.rejected);
  bind_unless_long(insert_, 15, errors);
  bind_unless_long(insert_, 16, details);
  if (stamp.clock_read) {
    insert_.bind(17, milliseconds(*stamp.clock_read));
  } else {
    insert_.bind_null(17);
  }
  insert_.run();
  texts_.insert(stamp.seq, errors, details);
  current_ = {stamp.seq + 1, stamp.received_at, stamp.clock_read.has_value(), next_reckoning_};
}

}  // namespace districtd

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
  if (rows.flagged == 0 && rows.held == 0 && !is_cut) return details_to_json(receipt);
  Receipt whole = receipt;
  whole.errors.clear();
  if (is_cut) {
    whole.notes.push_back("存档的回执只保留前 " + std::to_string(kept_errors) +
                          " 条错误，报送当时列出了 " + std::to_string(receipt.errors.size()) +
                          " 条。");
  }
  whole.flagged = rows.flagged;
  whole.held = rows.held;
  whole.flags = rows.flags;
  return details_to_json(whole);
}

// NULL for what is empty, and for what ReceiptTexts keeps.
void bind_unless_long(sqlite::Statement& statement, int position, const std::string& text) {
  if (text.empty() || text.size() > kMostInlineBytes) {
    statement.bind_null(position);
  } else {
    statement.bind(position, std::string_view(text));
  }
}

}  // namespace

SubmissionRows::SubmissionRows(const sqlite::Connection& connection, std::function<Time()> clock)
    : clock_(std::move(clock)),
      texts_(connection),
      insert_(connection,
              "INSERT INTO submission(seq, received_at, department, collector,"
              " media_type, name, bytes, sha256, outcome, rows, accepted, corrected,"
              " unchanged, rejected, errors, details)"
              " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)") {
  sqlite::Statement last(connection,
                         "SELECT seq, received_at FROM submission ORDER BY seq DESC LIMIT 1");
  if (last.step()) current_ = {last.integer(0) + 1, time_from(last.integer(1))};
  committed_ = current_;
}

Stamp SubmissionRows::next() const {
  return {current_.next_seq, std::max(clock_(), current_.last_received)};
}

void SubmissionRows::insert(const Stamp& stamp, const Submission& submission,
                            const BodyDigest& body, Outcome outcome, const Receipt& receipt,
                            const RecordedRows& rows) {
  DISTRICT_CHECK(stamp.seq == current_.next_seq && stamp.received_at >= current_.last_received,
                 "numbers and times of receipt follow each other");
  const auto kept = errors_to_keep(receipt);
  const std::string errors = kept.empty()
                                 ? std::string()
                                 : errors_to_json(std::vector<RowError>(kept.begin(), kept.end()));
  const std::string details = details_of(receipt, rows, kept.size());
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
  insert_.run();
  texts_.insert(stamp.seq, errors, details);
  current_ = {stamp.seq + 1, stamp.received_at};
}

}  // namespace districtd

#include "daemon/store/submission_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "collectors/receipt_json.h"
#include "daemon/store/columns.h"

namespace districtd {
namespace {

std::string details_of(const Receipt& receipt, const RecordedRows& rows) {
  if (rows.flagged == 0 && rows.held == 0) return details_to_json(receipt);
  Receipt whole = receipt;
  whole.flagged = rows.flagged;
  whole.held = rows.held;
  whole.flags = rows.flags;
  return details_to_json(whole);
}

void bind_unless_empty(sqlite::Statement& statement, int position, const std::string& text) {
  if (text.empty()) {
    statement.bind_null(position);
  } else {
    statement.bind(position, std::string_view(text));
  }
}

}  // namespace

SubmissionRows::SubmissionRows(const sqlite::Connection& connection, std::function<Time()> clock)
    : clock_(std::move(clock)),
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
  const std::string errors =
      receipt.errors.empty() ? std::string() : errors_to_json(receipt.errors);
  const std::string details = details_of(receipt, rows);
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
  bind_unless_empty(insert_, 15, errors);
  bind_unless_empty(insert_, 16, details);
  insert_.run();
  current_ = {stamp.seq + 1, stamp.received_at};
}

}  // namespace districtd

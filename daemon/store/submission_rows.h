// The table `submission`, and the numbers and times of what is appended.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "collectors/submission.h"
#include "daemon/store/receipt_texts.h"
#include "daemon/store/recorded.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Size and SHA-256 of a submission's body.
struct BodyDigest {
  std::uint64_t bytes = 0;
  std::span<const unsigned char> sha256;
};

// Threads: one, the store's. Functions throw sqlite::Error where they reach the file.
class SubmissionRows {
 public:
  // Reads the newest number and time. The connection outlives this.
  SubmissionRows(const sqlite::Connection& connection, std::function<Time()> clock);

  // The number of the submission that insert() writes next, and the time: now, or that of the
  // submission before it where the clock went back.
  Stamp next() const;

  // Writes the row of a submission. `receipt` is what intake made of it; the counts of what became
  // of its rows are in `rows`. The stamp is that of next().
  void insert(const Stamp& stamp, const Submission& submission, const BodyDigest& body,
              Outcome outcome, const Receipt& receipt, const RecordedRows& rows);

  void committed() { committed_ = current_; }
  // The next number and time are again as they were after the last commit.
  void roll_back() noexcept { current_ = committed_; }

 private:
  struct Position {
    std::int64_t next_seq = 1;
    Time last_received{};
  };

  std::function<Time()> clock_;
  ReceiptTexts texts_;
  sqlite::Statement insert_;
  Position current_;
  Position committed_;
};

}  // namespace districtd

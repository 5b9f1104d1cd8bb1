// The table `submission`, and the numbers and times of what is appended.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "collectors/submission.h"
#include "daemon/domain/known_time.h"
#include "daemon/store/receipt_texts.h"
#include "daemon/store/recorded.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/text_budget.h"

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
  SubmissionRows(const sqlite::Connection& connection, std::function<KnownTime()> clock);

  void set_limits(const StoreLimits& limits) { budget_.set_limits(limits); }

  // To be called in the open transaction. Where the clock is credible and earlier than the newest
  // time of receipt, or was not credible when that was stamped, it writes to received_by that all
  // so far has been received by now.
  // Returns what the clock said.
  KnownTime look_at_clock();

  // When the newest submission was received, or by when it had been; nullopt where there is none.
  std::optional<Time> newest_time() const;

  // The number of the submission that insert() writes next, and the time: now. In the open
  // transaction; notes as look_at_clock().
  Stamp next();

  // Writes the row of a submission. `receipt` is what intake made of it; the counts of what became
  // of its rows are in `rows`. The stamp is that of next(). Where the day has no room for the
  // errors, the row says that they are not kept.
  void insert(const Stamp& stamp, const Submission& submission, const BodyDigest& body,
              Outcome outcome, const Receipt& receipt, const RecordedRows& rows);

  void committed() { committed_ = current_; }
  // The next number and time are again as they were after the last commit.
  void roll_back() noexcept { current_ = committed_; }

 private:
  struct Position {
    std::int64_t next_seq = 1;
    Time last_received{};  // of the newest submission, or what received_by says of it
    // The newest ones were stamped while the clock was not credible, and received_by does not say
    // anything of them.
    bool is_reckoned = false;
    int reckoning = kUnknown;  // KnownTime::reckoning when they were stamped, where it was one
  };
  static constexpr int kUnknown = -1;

  void note(const KnownTime& now);

  std::function<KnownTime()> clock_;
  ReceiptTexts texts_;
  TextBudget budget_;
  sqlite::Statement insert_;
  sqlite::Statement received_by_;
  int next_reckoning_ = kUnknown;  // of what next() gave last
  Position current_;
  Position committed_;
};

}  // namespace districtd

// What the writer has recorded within the open transaction. It holds once that is committed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "collectors/submission.h"
#include "daemon/store/append.h"
#include "daemon/store/figure.h"

namespace districtd {

// The running number and time of receipt of a submission.
struct Stamp {
  std::int64_t seq = 0;
  Time received_at{};              // by the clock where it is credible, else as it was reckoned
  std::optional<Time> clock_read;  // what the clock said, where that is not credible
};

// What became of one row.
enum class RowFate : std::uint8_t { accepted, corrected, unchanged, held };

// Of one observation of a dry run.
struct ObservationFate {
  RowFate fate = RowFate::unchanged;
  std::optional<StoredFigure> stands;  // what counted for its day before the submission
};

// What became of the rows of one submission or decision.
struct RecordedRows {
  std::int64_t accepted = 0;
  std::int64_t corrected = 0;
  std::int64_t unchanged = 0;
  std::int64_t held = 0;
  std::int64_t flagged = 0;
  std::int64_t narratives = 0;  // rows that said anything new in words
  // Of the unchanged: how many say what their series had said before something else came, and how
  // many are noted in said_unchanged.
  std::int64_t superseded = 0;
  std::int64_t noted_unchanged = 0;
  std::vector<RowFlag> flags;
  std::vector<ObservationFate> fates;  // of a dry run, by index of Decoded::observations
  Changes changes;
};

struct RecordedSubmission {
  Stamp stamp;
  RecordedRows rows;
  std::string note = {};  // for the receipt, on what the sender had said before; "" otherwise
  // What is left of the submission where checks across figures refused rows of it.
  std::optional<Decoded> left = std::nullopt;
};

// The submission's key was used before, and nothing of it is new. `receipt` is that of the one
// before, without cells; where that had another body, `outcome` is conflict and `receipt` is empty.
struct Repeated {
  Outcome outcome = Outcome::conflict;
  Receipt receipt;
};

using RecordedAppend = std::variant<RecordedSubmission, Repeated>;

struct RecordedDecision {
  Stamp stamp;
  RecordedRows rows;
  Receipt receipt;               // but for stamp and counts of rows
  std::int64_t decided_seq = 0;  // of the submission whose rows were held
  Time held_since{};             // Decided::held_since
  std::vector<std::pair<std::string, ReportedReading>> departed;  // Decided::departed
};

using RecordedDecisionOrWhyNot = std::variant<RecordedDecision, Undecided>;

}  // namespace districtd

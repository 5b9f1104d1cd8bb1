// What is handed to the store's writer to be made durable, and what became of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "collectors/submission.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/plausibility.h"
#include "daemon/domain/reading.h"
#include "daemon/intake/intake.h"

namespace districtd {

// One submission to be made durable.
struct Append {
  Submission submission;  // of the body only the size and the SHA-256 are kept
  Decoded decoded;
  // Which decoded.observations index. Shared with the board, which may have the next catalogue
  // before this is committed.
  std::shared_ptr<const Catalogue> catalogue;
  Oddities hold = 0;     // a row with one of these waits to be confirmed instead of counting
  Oddities explain = 0;  // likewise, unless it carries an explanation
};

// What the supervision office decides on the rows of a submission that wait to be confirmed.
struct Decision {
  std::string submission;  // id of the submission whose rows are held
  bool confirmed = false;  // true: they count from now on; false: they never will
  std::string by;          // who decided: a peer address, for the record
  std::shared_ptr<const Catalogue> catalogue;  // shared as Append::catalogue
};

// What counts from a commit on and did not count before it. reported_on is not set.
struct Changes {
  struct OfTarget {
    Catalogue::Index target = 0;
    std::uint32_t readings = 0;  // how many of `readings` are this target's, in order
  };
  std::shared_ptr<const Catalogue> catalogue;  // which OfTarget::target indexes
  std::vector<OfTarget> targets;               // each target once
  std::vector<ReportedReading> readings;  // target by target, by as_of, at most one for an as_of
};

// What became of a submission.
struct Appended {
  Receipt receipt;  // complete, unless `unavailable` is set
  Changes changes;
  std::string unavailable;  // why nothing was kept, one Chinese sentence: "磁盘已满…"
  Outcome outcome = Outcome::unavailable;  // of the decoding
  // Its key was used before and nothing of it is new: `receipt` and `outcome` are those of the
  // submission before it under the key, or `outcome` is conflict where that one had another body.
  // Nothing was appended.
  bool is_repeat = false;
  std::vector<RowRead> rows_read = {};  // of a dry run
};

// The decision was made and is durable.
struct Decided {
  Receipt receipt;  // of the decision, which is recorded as a submission of its own
  Changes changes;
  // The same for targets that left the catalogue meanwhile, by key.
  std::vector<std::pair<std::string, ReportedReading>> departed;
  Time held_since{};  // when the submission with the held rows was received
};

// Why a decision was not made. Nothing was kept, and asking again gives the same answer.
enum class Undecided {
  unknown_submission,  // there is no submission with this id
  nothing_held,        // no row of it waits to be confirmed
  already_decided,
};
std::string_view to_string(Undecided why);  // "unknown_submission" ...: the code of the API

// Nothing was kept, and trying again may help.
struct Unavailable {
  std::string sentence;  // as Appended::unavailable
};

// What became of a decision.
using DecisionResult = std::variant<Decided, Undecided, Unavailable>;

}  // namespace districtd

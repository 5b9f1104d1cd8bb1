// Writes what the supervision office decides on rows that are held.
#pragma once

#include <cstdint>

#include "daemon/store/append.h"
#include "daemon/store/known_values.h"
#include "daemon/store/newest_values.h"
#include "daemon/store/observation_rows.h"
#include "daemon/store/recorded.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/submission_rows.h"

namespace districtd {

// Confirmed rows are written as observations under the decision's own number, so that they count
// from then on; rows that are sent back stay where they are and never count.
//
// Threads: one, the store's.
class DecisionWriter {
 public:
  // The references outlive this.
  DecisionWriter(const sqlite::Connection& connection, NewestValues& newest, KnownValues& known,
                 ObservationRows& rows, SubmissionRows& submissions)
      : connection_(connection),
        newest_(newest),
        known_(known),
        rows_(rows),
        submissions_(submissions) {}

  // Within the open transaction. Where the decision cannot be made, nothing is written. Throws
  // sqlite::Error.
  RecordedDecisionOrWhyNot decide(const Decision& decision);

 private:
  RecordedDecision record(const Decision& decision, RecordedDecision recorded);
  void decide_rows(const Decision& decision, RecordedDecision& recorded);
  void confirm(TargetKey key, const Observation& said, const Catalogue& catalogue,
               RecordedDecision& recorded);

  const sqlite::Connection& connection_;
  NewestValues& newest_;
  KnownValues& known_;
  ObservationRows& rows_;
  SubmissionRows& submissions_;
};

}  // namespace districtd

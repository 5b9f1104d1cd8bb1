// Intake as the pipeline calls it: where the machine is short of something, or its clock is not
// credible, that is no verdict on what was sent.
#pragma once

#include <optional>

#include "base/result.h"
#include "collectors/submission.h"
#include "daemon/config/district_clock.h"
#include "daemon/domain/catalogue.h"
#include "daemon/intake/intake.h"

namespace districtd {

// Against which day a submission is read.
struct IntakeDay {
  Date today{};
  std::optional<Date> at_most;  // where the clock is not credible: the latest that today may be
};

IntakeDay intake_day(const DistrictClock& clock);

// Why nothing is known of a submission: it may be sent again. Needs no memory of its own.
struct Unread {
  const char* sentence = "";  // for the clerk, Chinese
};

// What decode() says. Unread where memory, descriptors or threads are short, and where a row lies
// in the future only if `day` is not later than is reckoned. Where reading fails otherwise, the
// submission is refused as unreadable and the log says why. Thread-safe.
Result<Decoded, Unread> decode_submission(const Submission& submission, const Catalogue& catalogue,
                                          const IntakeDay& day, const ColumnMapping& mapping,
                                          const KnownFigures& figures);

}  // namespace districtd

// What holds of every submission, whatever its bytes are.
#pragma once

#include <cmath>
#include <cstdlib>

#include "collectors/inbox/receipt_files.h"
#include "collectors/receipt_json.h"
#include "daemon/intake/charset.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline void decode_and_check(Submission submission) {
  const Decoded decoded = decode_example(submission);
  const Receipt& receipt = decoded.receipt;
  require(receipt.rows ==
          receipt.rejected + static_cast<std::int64_t>(decoded.observations.size()));
  require(decoded.outcome == Outcome::taken || decoded.observations.empty());
  require(!decoded.observations.empty() || !receipt.errors.empty());
  for (const Observation& observation : decoded.observations) {
    require(!std::isnan(observation.reading.value));
    require(std::isfinite(observation.reading.value) || observation.reading.value == kTakenBack);
    require(observation.reading.as_of <= example_today());
  }
  require(receipt_from_json(to_json(receipt)).has_value());
  // What is given back can be read again, and nothing of it is taken that was refused.
  const std::string given_back = errors_csv(receipt);
  if (given_back.empty()) return;
  const Decoded again = decode_example(csv_of(given_back));
  require(again.outcome != Outcome::unavailable);
}

}  // namespace districtd

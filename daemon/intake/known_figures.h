// What is known of a target's figures when a row is read: whether it completes the target late, or
// is more likely its namesake's of the year before.
#pragma once

#include <span>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/reading.h"

namespace districtd {

// Thread: that on which a submission is read.
class KnownFigures {
 public:
  KnownFigures() = default;
  virtual ~KnownFigures() = default;
  KnownFigures(const KnownFigures&) = delete;
  KnownFigures& operator=(const KnownFigures&) = delete;

  // Those of a target of the catalogue against which the submission is read, by as_of. Asked of
  // targets whose last deadline has passed and whose programme is not settled, of no others.
  virtual std::span<const Reading> of(Catalogue::Index target) const = 0;
};

// Whether targets of the catalogue are asked for on this day: past their deadline, not settled.
inline bool may_be_completed_late(const Catalogue& catalogue, const Target& target, Date today) {
  return target.last_deadline() < today && !catalogue.programme_of(target).is_settled(today);
}

}  // namespace districtd

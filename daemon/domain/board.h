// The current judgement of every target.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// The only mutable picture of "now". Owned by one thread, the event loop's. Every change is
// returned, so that the exposition and the deviation log need not compare.
class Board {
 public:
  // `newest` has one element a target. The catalogue is shared with the submissions in flight that
  // were read against it.
  Board(std::shared_ptr<const Catalogue> catalogue, std::vector<std::optional<Reading>> newest,
        Date today);

  const Catalogue& catalogue() const { return *catalogue_; }
  const std::shared_ptr<const Catalogue>& shared_catalogue() const { return catalogue_; }
  Date today() const { return today_; }
  const Assessment& operator[](Catalogue::Index i) const { return assessments_[i]; }

  // Takes the target's newest reading. Judges this target alone. True if its assessment changed.
  bool set_newest(Catalogue::Index target, const Reading& reading);

  // A new day. Returns the targets whose assessment changed, in order.
  std::vector<Catalogue::Index> advance_to(Date today);

  // Targets of the department with the status.
  std::size_t count(std::uint32_t department, Status status) const;

 private:
  bool judge(Catalogue::Index i);

  std::shared_ptr<const Catalogue> catalogue_;
  std::vector<std::optional<Reading>> newest_;
  std::vector<Assessment> assessments_;
  std::vector<std::array<std::size_t, kAllStatuses.size()>> counts_;  // by department
  Date today_;
};

}  // namespace districtd

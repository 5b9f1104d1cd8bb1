// The current judgement of every target.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/parts.h"
#include "daemon/domain/reading.h"
#include "daemon/domain/standing.h"

namespace districtd {

// The only mutable picture of "now". Owned by one thread, the event loop's. Every change is
// returned, so that the exposition and the deviation log need not compare.
class Board {
 public:
  // The catalogue is shared with the submissions in flight that were read against it.
  Board(std::shared_ptr<const Catalogue> catalogue, Readings readings, Date today);

  const Catalogue& catalogue() const { return *catalogue_; }
  const std::shared_ptr<const Catalogue>& shared_catalogue() const { return catalogue_; }
  Date today() const { return today_; }
  const Assessment& operator[](Catalogue::Index i) const {
    DISTRICT_CHECK(i < assessments_.size(), "the target's index is of the board's catalogue");
    return assessments_[i];
  }
  // What is known of the target's values, whatever day they are as of. Of one that is the sum of
  // its parts: its sums.
  std::span<const Reading> readings(Catalogue::Index i) const { return *readings_of_[i]; }
  std::span<const Corrections> corrections(Catalogue::Index i) const { return *corrections_of_[i]; }
  std::span<const Assessment> assessments() const { return assessments_; }

  // Takes values that count now, and judges this target alone. True if its assessment changed.
  bool record(Catalogue::Index target, std::span<const ReportedReading> reported);
  bool record(Catalogue::Index target, const ReportedReading& reported) {
    return record(target, std::span(&reported, 1));
  }

  // Adds up anew, and judges, each target that is the sum of its parts and of which a part was
  // recorded since; returns them, in order.
  std::vector<Catalogue::Index> add_up();

  // The same for a target that this catalogue does not have, by its key: kept for one that does.
  void record_unknown(std::string_view target, std::span<const ReportedReading> reported);

  // What is known, for the board of the next catalogue.
  Readings take_readings() && { return std::move(readings_); }

  // A new day. One before the board's shows that the clock had been ahead: what was reported later
  // by it had been reported by now. Returns the targets whose assessment changed, in order.
  std::vector<Catalogue::Index> advance_to(Date today);

  // Targets of the department with the status, of those in force. A part counts under its parent
  // alone.
  std::size_t count(std::uint32_t department, Status status) const;

  // How the departments stand; reckoned anew after a change, when it is asked for.
  const std::vector<Standing>& standings() const;

 private:
  bool judge(Catalogue::Index i);
  Assessment assessed(Catalogue::Index i) const;
  void add_up(Catalogue::Index parent);
  void judge_all();

  std::shared_ptr<const Catalogue> catalogue_;
  Readings readings_;
  std::vector<const std::vector<Reading>*> readings_of_;  // by target, into readings_
  std::vector<const std::vector<Corrections>*> corrections_of_;
  std::map<Catalogue::Index, SumOfParts> sums_;  // by target; readings_of_ points into it
  std::vector<Catalogue::Index> to_add_up_;      // some twice
  std::vector<Assessment> assessments_;
  std::vector<std::array<std::size_t, kAllStatuses.size()>> counts_;  // by department
  Date today_;
  mutable std::vector<Standing> standings_;
  mutable bool standings_are_stale_ = true;
};

}  // namespace districtd

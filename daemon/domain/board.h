// The current judgement of every target.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/on_schedule.h"
#include "daemon/domain/parts.h"
#include "daemon/domain/reading.h"
#include "daemon/domain/standing.h"

namespace districtd {

// The only mutable picture of "now". Owned by one thread, the event loop's. Every change is
// returned, so that the exposition and the deviation log need not compare.
//
// It judges the programmes that are open today. A target of one that has not begun, or is settled,
// is not in force on the board, whatever its figures, which it keeps.
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
  // A target may pass to another department on that day without any such change.
  std::vector<Catalogue::Index> advance_to(Date today);

  // Whether the programme has begun and is not settled.
  bool is_open(std::uint32_t programme) const {
    return catalogue_->programmes()[programme].is_open(today_);
  }

  // Who is responsible for the target today: an index into the catalogue's departments.
  std::uint32_t department(Catalogue::Index i) const {
    return catalogue_->groups()[groups_[i]].department;
  }

  // The targets in force of one of the catalogue's groups, by status.
  const OnSchedule& counts(std::uint32_t group) const { return counts_[group]; }

  // How the departments stand, one a group; reckoned anew after a change, when it is asked for.
  const std::vector<Standing>& standings() const;

 private:
  Assessment assess_now(Catalogue::Index i) const;
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
  std::vector<std::uint32_t> groups_;  // by target: today's, an index into the catalogue's
  std::vector<OnSchedule> counts_;     // by group
  Date today_;
  mutable std::vector<Standing> standings_;
  mutable bool standings_are_stale_ = true;
};

}  // namespace districtd

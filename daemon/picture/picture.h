// How everything stood at a moment: what `status` prints and the API answers.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/district_clock.h"
#include "daemon/domain/board.h"
#include "daemon/domain/catalogue.h"
#include "daemon/explanation/explanation.h"
#include "daemon/status/department_view.h"
#include "daemon/status/target_view.h"
#include "daemon/store/reader.h"

namespace districtd {

// Which moment: the end of day `on`, by what had been received, and by the catalogue that was in
// force, up to `known_at` (empty: now).
struct Moment {
  Date on{};
  std::optional<Time> known_at;
};

// "2026-06-30", an RFC 3339 time, or a date for the end of that day in the district; nullopt for
// anything else.
std::optional<Time> parse_known_at(std::string_view text, const DistrictClock& clock);

// The catalogue that was in force at `known_at` (empty: `present`, the one in force now): the texts
// that the store has of it are read again. Throws StoreError.
std::shared_ptr<const Catalogue> catalogue_at(std::shared_ptr<const Catalogue> present,
                                              const StoreReader& store,
                                              std::optional<Time> known_at);

// The judgement of one target alone. A value; the view points into it.
struct TargetPicture {
  std::shared_ptr<const Catalogue> catalogue;  // shared with whoever else looks at that moment
  Catalogue::Index target = 0;
  Assessment assessment;
  Date on{};

  TargetView view() const;
};

// Of now.
TargetPicture picture_of(const Board& board, Catalogue::Index target);

// From the store: reads and judges this target's values and no others. `catalogue` is the one of
// the moment. Throws StoreError.
TargetPicture picture_of(std::shared_ptr<const Catalogue> catalogue, Catalogue::Index target,
                         const StoreReader& store, const DistrictClock& clock,
                         const Moment& moment);

// Judgements of every target of a catalogue. A value; the views point into it.
class Picture {
 public:
  // From the store. `present` is the catalogue that is in force now; for another time the texts
  // that the store has are read again. Throws StoreError.
  Picture(std::shared_ptr<const Catalogue> present, const StoreReader& store,
          const DistrictClock& clock, const Moment& moment);

  // Of now.
  explicit Picture(const Board& board);

  // Of another moment at which the same catalogue was in force: it is not read again.
  Picture at(const StoreReader& store, const DistrictClock& clock, const Moment& moment) const {
    return {Known{catalogue_}, store, clock, moment};
  }

  const Catalogue& catalogue() const { return *catalogue_; }
  const Assessment& operator[](Catalogue::Index i) const { return assessments_[i]; }
  Date on() const { return on_; }

  // The values that it was judged by, by as_of; none in a picture of the board.
  std::span<const Reading> readings_of(Catalogue::Index i) const {
    return readings_ ? std::span<const Reading>{*readings_of_[i]} : std::span<const Reading>{};
  }

  // The targets in force, or one department's.
  std::vector<TargetView> targets(std::string_view department = {}) const;
  TargetView target(Catalogue::Index i) const;
  TargetPicture alone(Catalogue::Index i) const { return {catalogue_, i, assessments_[i], on_}; }
  std::vector<DepartmentView> departments() const;

 private:
  struct Known {  // which catalogue was in force
    std::shared_ptr<const Catalogue> catalogue;
  };
  Picture(Known known, const StoreReader& store, const DistrictClock& clock, const Moment& moment);

  std::shared_ptr<const Catalogue> catalogue_;
  Date on_;
  std::vector<Assessment> assessments_;
  std::shared_ptr<Readings> readings_;                    // shared by copies of the picture
  std::vector<const std::vector<Reading>*> readings_of_;  // by target, into readings_
};

// How the target's status in the picture came about. `store`, `clock` and `moment` are those that
// the picture was made from. Throws StoreError.
Explanation explanation_of(const TargetPicture& picture, const StoreReader& store,
                           const DistrictClock& clock, const Moment& moment);

// What had been said of the target with this key by then.
std::vector<StoredObservation> history_of(const StoreReader& store, std::string_view target,
                                          const Moment& moment);

// What had been said of it in words by then, as of days up to moment.on.
std::vector<StoredNarrative> narratives_of(const StoreReader& store, std::string_view target,
                                           const Moment& moment);

// The JSON member "narratives":[...]: of each day what stands (progress, problems, next_steps; ""
// where nothing was said), submission and received_at of the last row, and `history`: every row.
std::string narratives_member(const std::vector<StoredNarrative>& said);

// The JSON members "observations":[...] of one target: everything that was said of it, each with
// as_of, value (in the catalogue's unit), basis, note, explanation, submission, received_at,
// collector, source and superseded.
std::string observations_member(const Target& target,
                                const std::vector<StoredObservation>& observations);

}  // namespace districtd

// How everything stood at a moment: what `status` prints and the API answers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/district_clock.h"
#include "daemon/domain/board.h"
#include "daemon/domain/bulletin_kind.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/changes.h"
#include "daemon/domain/parts.h"
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

// The judgement of one target alone. A value; the view points into it.
struct TargetPicture {
  std::shared_ptr<const Catalogue> catalogue;  // shared with whoever else looks at that moment
  Catalogue::Index target = 0;
  Assessment assessment;
  Date on{};
  bool is_settled = false;  // as TargetView::is_settled
  std::vector<PartView> parts{};

  TargetView view() const;
};

// Of now.
TargetPicture picture_of(const Board& board, Catalogue::Index target);

// Programmes of one catalogue, as they are looked at together: the open ones, or one alone.
struct ShownProgrammes {
  std::shared_ptr<const Catalogue> catalogue;
  std::vector<std::uint32_t> programmes;  // indices into its programmes()
  // On the day asked for it was settled. It stands alone then, and is judged on its last day.
  bool is_settled = false;

  // The day on which they are judged where `on` is asked for.
  Date day(Date on) const;
  // Their ids.
  std::vector<std::string> ids() const;
};

// From the store: reads and judges this target's values and no others. It is of one of the
// programmes. Throws StoreError.
TargetPicture picture_of(const ShownProgrammes& shown, Catalogue::Index target,
                         const StoreReader& store, const DistrictClock& clock,
                         const Moment& moment);

// Judgements of every target of some programmes of a catalogue. A value; the views point into it.
class Picture {
 public:
  // From the store. Throws StoreError.
  Picture(const ShownProgrammes& shown, const StoreReader& store, const DistrictClock& clock,
          const Moment& moment);

  // As a bulletin that looks back on the kind's last period before the moment's day sees them: each
  // target by judge_period(). Throws StoreError.
  static Picture of_period(ShownProgrammes shown, const StoreReader& store,
                           const DistrictClock& clock, BulletinKind kind, const Moment& moment);
  // The same by these values, which are those known on the day `printed_on`.
  static Picture of_period(ShownProgrammes shown, Readings readings, BulletinKind kind,
                           Date printed_on);

  // Of now: of the open programmes, or of one of them alone.
  explicit Picture(const Board& board, std::optional<std::uint32_t> programme = std::nullopt);

  const Catalogue& catalogue() const { return *shown_.catalogue; }
  const Assessment& operator[](Catalogue::Index i) const { return assessments_[i]; }
  Date on() const { return on_; }
  const ShownProgrammes& shown() const { return shown_; }

  // The values that it was judged by, by as_of; none in a picture of the board.
  std::span<const Reading> readings_of(Catalogue::Index i) const {
    return readings_ ? std::span<const Reading>{*readings_of_[i]} : std::span<const Reading>{};
  }

  // The targets in force of the programmes, or one department's of them.
  std::vector<TargetView> targets(std::string_view department = {}) const;
  // The same without the parts of others: what is counted.
  std::vector<TargetView> counted(std::string_view department = {}) const;
  TargetView target(Catalogue::Index i) const;
  TargetPicture alone(Catalogue::Index i) const {
    return {shown_.catalogue, i, assessments_[i], on_, shown_.is_settled, target(i).parts};
  }
  // One for each department of each of the programmes.
  std::vector<DepartmentView> departments() const;
  // How the promises stand beside the first ones: of all targets, or of one department's.
  PromiseCounts promises(std::string_view department = {}) const;

 private:
  Picture(ShownProgrammes shown, Readings readings, Date on);
  bool shows(std::uint32_t programme) const;
  // `judge` is given the index of a target and its values; sums are of what is known on that day.
  template <typename Judge>
  void judge_each(Date known_on, Judge judge);

  ShownProgrammes shown_;
  Date on_;
  std::vector<Assessment> assessments_;  // of a target of another programme it is not in force
  std::shared_ptr<Readings> readings_;   // shared by copies of the picture
  // By target, into readings_ and sums_.
  std::vector<const std::vector<Reading>*> readings_of_;
  std::shared_ptr<std::map<Catalogue::Index, SumOfParts>> sums_;  // shared by copies of the picture
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

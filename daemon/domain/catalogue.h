// All targets, and how to find one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "daemon/domain/programme.h"
#include "daemon/domain/target.h"
#include "daemon/domain/working_days.h"
#include "daemon/domain/year_shape.h"

namespace districtd {

// Where targets come from; one a catalogue file.
struct Report {
  std::string id;
  std::string publisher;
  Date published{};
  std::string title;
  // Index into Catalogue::programmes(); empty of a file that has no targets and names none.
  std::optional<std::uint32_t> programme{};
};

// What is counted together: one department's targets in one programme. Nothing of two programmes is
// added into one number.
struct Group {
  std::uint32_t programme = 0;   // index into Catalogue::programmes()
  std::uint32_t department = 0;  // index into Catalogue::departments()
  friend bool operator==(const Group&, const Group&) = default;
};

// A programme of which a catalogue has no targets: it is settled and kept in the store, or its file
// is missing.
struct ClosedProgramme {
  Programme programme;
  // Of the ids and names of its targets, ascending; empty where nothing of it was loaded.
  std::vector<std::size_t> called{};
};

// Of the years in which all of them start and end; there is one at least.
Programme programme_of_all(std::span<const Target> targets);

// The catalogue of one moment. Immutable once built, so any thread may read it; a reload builds a
// new one. Targets are addressed by their index, which is good for this catalogue only.
class Catalogue {
 public:
  using Index = std::uint32_t;

  Catalogue() = default;
  // Requires unique department ids, target ids that are unique in a programme, target names that
  // are unique in a department and programme, and targets whose `department` is one of the
  // departments and whose `programme` one of the programmes. Sets the targets' keys. Without
  // programmes all targets are of one: of the years in which they start and end.
  Catalogue(std::vector<Report> reports, std::vector<Department> departments,
            std::vector<Target> targets, WorkingDays working_days = {},
            std::vector<Programme> programmes = {});
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;
  Catalogue(Catalogue&&) = default;
  Catalogue& operator=(Catalogue&&) = default;

  const std::vector<Report>& reports() const { return reports_; }
  const std::vector<Department>& departments() const { return departments_; }
  const std::vector<Target>& targets() const { return targets_; }
  const std::vector<Programme>& programmes() const { return programmes_; }
  const WorkingDays& working_days() const { return working_days_; }
  // By programme, then department, in the order of both: each pair that has a target. A department
  // without any target is in every programme.
  const std::vector<Group>& groups() const { return groups_; }

  // Those of which only this is known, the one that ends last first.
  const std::vector<ClosedProgramme>& closed() const { return closed_; }
  // The first of them that has a target of this id or name; nullptr where none is known to.
  const ClosedProgramme* find_closed(std::string_view id_or_name) const;

  // Without the targets of the programmes that are settled on the day: they are closed then, as
  // are `others`, which this does not have. Their departments stay.
  Catalogue without_settled(Date on, std::vector<Programme> others) &&;
  const Target& operator[](Index i) const {
    DISTRICT_CHECK(i < targets_.size(), "the target's index is of this catalogue");
    return targets_[i];
  }
  // Who is responsible for the target on a day, by what had been decided by then and by what became
  // of the departments: an index into departments(). All counts, scores, faults and rights ask
  // this.
  std::uint32_t department_on(const Target& t, Date day) const;
  const Department& department_of(const Target& t, Date day) const {
    return departments_[department_on(t, day)];
  }
  // Index into groups(): of the department that is responsible for the target on a day.
  std::uint32_t group_on(Index i, Date day) const;
  // Whether the department was ever responsible for the target, or will be.
  bool is_ever_of(const Target& t, std::uint32_t department) const;
  // Whether the department may report the target's figures on a day: the one that is responsible
  // then, and one that had the target and was merged into it.
  bool may_report(const Target& t, std::uint32_t department, Date day) const;
  // The department as it is on a day: itself, or what it was merged into by then.
  std::uint32_t merged_on(std::uint32_t department, Date day) const;
  // The days on which target i passes from one department to another, in order; of nearly all
  // targets there are none. Good as long as this catalogue.
  std::span<const Date> handovers(Index i) const;
  const Programme& programme_of(const Target& t) const {
    DISTRICT_CHECK(t.programme < programmes_.size(), "the target is of this catalogue");
    return programmes_[t.programme];
  }

  // The target that it is a part of; nullopt for what is no part. The targets that are its parts,
  // in the order of the catalogue.
  std::optional<Index> parent_of(Index i) const;
  std::span<const Index> parts_of(Index i) const;

  // What is known of the shape of target i's period: its own earlier years, and those of all
  // targets of its department over the same days. Good as long as this catalogue.
  KnownShapes known_shapes(Index i) const;

  std::optional<std::uint32_t> find_department(std::string_view id) const;
  std::optional<std::uint32_t> find_programme(std::string_view id) const;
  std::optional<Index> find_key(std::string_view key) const;

  // By id. Where several programmes have one, that of the programme whose period holds `on`, the
  // shortest of them; else of the one that ended last before it, else of the one that begins first.
  // Without a day: of the programme that ends last.
  std::optional<Index> find_id(std::string_view id, std::optional<Date> on = std::nullopt) const;

  // By id, or by the exact Chinese name: the target of that name of which the given department is,
  // was or will be in charge, or, where it has none, the one of that name in the only department
  // that has one (so that the caller can say whose it is). Of several programmes' as find_id().
  std::optional<Index> find(std::string_view department, std::string_view id_or_name,
                            std::optional<Date> on = std::nullopt) const;

  // All that find() chooses from: at most one a programme, in the order of the catalogue.
  std::vector<Index> find_all(std::string_view department, std::string_view id_or_name) const;

  // The id or name of the given department's targets (of all targets, where there is no such
  // department) that is nearest to `text` by edit distance in characters, the first of them where
  // several are. Half of the characters wrong is no typing error; then the longest of them that the
  // text holds ("2026年文旅投资完成情况"), or the shortest that holds the text; else "". For
  // "did you mean" only: it looks at every target, at most of them briefly, and where very many are
  // alike it compares only those that look most alike.
  std::string nearest(std::string_view department, std::string_view text) const;

 private:
  // What of a name or an id is enough to see that it is far from a text.
  struct Outline {
    std::uint64_t signature = 0;   // one bit for each character in it; characters may share one
    std::uint32_t department = 0;  // of the target
    std::uint32_t length = 0;      // in characters
  };

  // Of one target, into own_shapes_ and common_shapes_.
  struct ShapesOf {
    std::uint32_t first_own = 0;
    std::uint32_t own = 0;  // how many
    std::uint32_t period = 0;
  };

  void fill(std::vector<Report> reports, std::vector<Department> departments,
            std::vector<Target> targets, WorkingDays working_days,
            std::vector<Programme> programmes);
  void find_groups();
  void close(ClosedProgramme closed);
  void find_shapes();
  void find_handovers();
  void find_parts();
  std::optional<Index> preferred(std::span<const Index> same, std::optional<Date> on) const;
  std::string_view spelling(std::size_t outline) const;
  std::string_view holding_or_held_by(std::optional<std::uint32_t> department,
                                      std::string_view text) const;

  std::vector<Report> reports_;
  std::vector<Department> departments_;
  std::vector<Target> targets_;
  WorkingDays working_days_;
  std::vector<Programme> programmes_;  // a handful
  std::vector<Group> groups_;
  std::vector<std::uint32_t> group_numbers_;  // by programme, then department
  std::vector<ClosedProgramme> closed_;
  // By department: whether it had targets that were left out.
  std::vector<bool> has_closed_targets_;
  bool has_mergers_ = false;                  // of departments
  std::vector<std::vector<Date>> handovers_;  // by target; empty where there is none at all
  std::vector<ShapesOf> shapes_of_;
  std::vector<YearShape> own_shapes_;
  std::vector<std::vector<CommonShape>> common_shapes_;  // by department and period
  std::unordered_map<Index, std::vector<Index>> parts_;  // of those that have some
  std::vector<Outline> outlines_;                        // each target's name, then its id
  // Keys view into the vectors above, whose buffers a move keeps.
  std::unordered_map<std::string_view, std::uint32_t> department_by_id_;
  std::unordered_map<std::string_view, Index> by_key_;
  std::unordered_multimap<std::string_view, Index> by_id_;
  std::unordered_multimap<std::string_view, Index> by_name_;
};

}  // namespace districtd

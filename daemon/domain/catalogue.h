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
  const Target& operator[](Index i) const {
    DISTRICT_CHECK(i < targets_.size(), "the target's index is of this catalogue");
    return targets_[i];
  }
  const Department& department_of(const Target& t) const {
    DISTRICT_CHECK(t.department < departments_.size(), "the target is of this catalogue");
    return departments_[t.department];
  }
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

  // By id, or by the exact Chinese name: the given department's target of that name, or, where it
  // has none, the one of that name in the only department that has one (so that the caller can say
  // whose it is). Of several programmes' as find_id().
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

  void find_shapes();
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

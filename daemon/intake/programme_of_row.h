// Where a row belongs, where its target stands in several programmes or its day after the deadline:
// the rules of the design page, section Targets.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/intake/known_figures.h"
#include "daemon/intake/refusals.h"

namespace districtd {

// Why a row belongs nowhere, with what its sentence tells: explain().
struct Homeless {
  Refusal refusal = Refusal::after_the_period;
  std::vector<std::string> parts;
};

// Decides for one submission. The catalogue and the figures outlive it.
class ProgrammeOfRow {
 public:
  // Without figures nothing is known to stand against a row.
  ProgrammeOfRow(const Catalogue& catalogue, Date today, const KnownFigures* figures)
      : catalogue_(catalogue), today_(today), figures_(figures) {}

  // Whether a row of this target and day is of it whatever it says, so that the rest need not be
  // asked: its id and name stand in this programme alone, its figures are still taken, and the day
  // is within its period.
  static bool is_plain(std::span<const Catalogue::Index> same, Date settles, Date start,
                       Date deadline, Date today, Date as_of) {
    return same.size() < 2 && today <= settles && start <= as_of && as_of <= deadline;
  }

  // The target of a row by its day. `same` are those of its id or name, one a programme;
  // `programme` is what the row or its submission names, "" where nothing does.
  std::variant<Catalogue::Index, Homeless> by_day(std::span<const Catalogue::Index> same,
                                                  std::string_view programme, Date as_of) const;

  // Whether the figure goes with that: nullopt where it does. `index` is what by_day() said.
  // `value` is in base units.
  std::optional<Homeless> by_figure(Catalogue::Index index, std::span<const Catalogue::Index> same,
                                    std::string_view programme,
                                    const ReportedReading& reading) const;

  // What the receipt says of it, where it was not the obvious one; "" where it was.
  std::string note_of(Catalogue::Index index, std::span<const Catalogue::Index> same,
                      std::string_view programme, Date as_of) const;

  // The years of a day that is written without one ("6月"): whether the day may be that of one of
  // these targets, and is not in the future.
  bool may_be(std::span<const Catalogue::Index> same, Date day) const;

 private:
  bool is_settled(const Target& target) const;
  bool takes_late(const Target& target) const;
  bool holds(const Target& target, Date as_of) const;
  std::span<const Reading> figures_of(Catalogue::Index target) const;
  std::variant<Catalogue::Index, Homeless> named(std::span<const Catalogue::Index> same,
                                                 std::string_view programme, Date as_of) const;
  std::variant<Catalogue::Index, Homeless> only(std::span<const Catalogue::Index> fitting,
                                                Date as_of) const;
  std::optional<Homeless> closed(const Target& target, Date as_of,
                                 std::string_view programme) const;
  Homeless after_the_period(const Target& target, Date as_of, std::string why,
                            std::string next) const;
  Homeless never_late(const Target& target, Date as_of) const;
  std::optional<Homeless> late(Catalogue::Index index, const ReportedReading& reading) const;
  std::string list(std::span<const Catalogue::Index> targets) const;

  const Catalogue& catalogue_;
  const Date today_;
  const KnownFigures* const figures_;
};

}  // namespace districtd

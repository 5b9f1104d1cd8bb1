// What was changed of the promises: the decisions of [[target.change]], what was added and what was
// withdrawn, as a list. The rules are in docs/judging.md. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// Each word once: `word` in JSON, CSV and metric labels, `chinese` for people. The order is that in
// which the parts of one decision are listed.
enum class ChangeKind {
  added,
  goal,
  baseline,
  extension,  // the deadline, to a later day
  deadline,   // the deadline, to an earlier day
  pace,
  plan,
  nodes,
  tolerance,  // or warn_days
  department,
  people,  // who supports, leads or owns it
  definition,
  source,  // section or quote
  withdrawn,
};
inline constexpr std::size_t kChangeKinds = 14;
struct ChangeKindWords {
  ChangeKind kind;
  std::string_view word;
  std::string_view chinese;
};
// In the order of the enum.
std::span<const ChangeKindWords> change_kinds();
std::string_view to_string(ChangeKind kind);
std::string_view to_chinese(ChangeKind kind);

// What a term was or became: nothing to say, a number in the catalogue's unit, or a word (a day, a
// department's id, a pace).
using ChangedTerm = std::variant<std::monostate, double, std::string>;

// One term that one decision changed.
struct TargetChange {
  Catalogue::Index target = 0;
  ChangeKind kind = ChangeKind::added;
  ChangedTerm before;
  ChangedTerm after;
  Date from{};
  Date decided{};
  std::string reason;  // "" of what was added
  int extension = 0;   // of an extension: which of the target's it is, from 1
  friend bool operator==(const TargetChange&, const TargetChange&) = default;
};

// Of one target: what had been decided by day `on`, in the order of decision. Terms that a change
// names as they were are none.
std::vector<TargetChange> changes_of(const Catalogue& catalogue, Catalogue::Index target, Date on);

// Of all targets: decided in [since, on], by day of decision, those of one day in the order of the
// catalogue.
std::vector<TargetChange> changes(const Catalogue& catalogue, Date on,
                                  std::optional<Date> since = std::nullopt);

// How many times the deadline had been moved to a later day by decisions up to day `on`.
int extensions_of(const Target& target, Date on);

// By the target's first promise: the status as if nothing had been changed, where something was by
// then, else the present one. Requires that the target is in force.
Status first_status_of(const Assessment& assessment);

// How the targets stand, and how they would by their first promises.
struct PromiseCounts {
  using ByStatus = std::array<std::size_t, kAllStatuses.size()>;
  ByStatus present{};         // targets in force, by status
  ByStatus first{};           // those that were promised from the beginning, by first_status_of()
  std::size_t withdrawn = 0;  // promised from the beginning and withdrawn since: nobody knows
  std::size_t added = 0;      // in force, and not promised from the beginning

  bool differ() const { return withdrawn > 0 || added > 0 || present != first; }
  static std::size_t of(const ByStatus& counts, Status status) {
    return counts[static_cast<std::size_t>(status)];
  }
};

// One a department, in the catalogue's order: that which is responsible on day `on`. Of all
// programmes, or of one (an index). `assessments` has one element a target, as of `on`.
std::vector<PromiseCounts> promise_counts(const Catalogue& catalogue,
                                          std::span<const Assessment> assessments, Date on,
                                          std::optional<std::uint32_t> programme = std::nullopt);
PromiseCounts sum_of(std::span<const PromiseCounts> counts);

}  // namespace districtd

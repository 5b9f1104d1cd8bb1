// The list of changes as people and programs see it: one shape for `status --changes` and for GET
// /api/v1/changes. Numbers in the catalogue's unit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/changes.h"

namespace districtd {

struct ListedChange {
  const Catalogue* catalogue;
  TargetChange change;
};

// Those of the programmes (indices into the catalogue's) decided in [since, on] of the targets for
// which the department ("": any) was responsible on the day of the decision, or had been the day
// before. They point to the catalogue.
std::vector<ListedChange> changes_concerning(const Catalogue& catalogue,
                                             std::span<const std::uint32_t> programmes,
                                             std::string_view department, Date on,
                                             std::optional<Date> since);

// An array, in order; each element has programme, target, name, department, department_name (who
// was responsible on the day of the decision, as it was called then), kind, kind_text, old, new (a
// number, a text or null), old_text, new_text (as people read them, null likewise), unit (of goal
// and baseline, else null), from, decided, reason (null where none was written) and extension (the
// number of the extension, else null).
std::string changes_json(const std::vector<ListedChange>& changes);

// The same columns as CSV with a header and a byte order mark, for Excel.
std::string changes_csv(const std::vector<ListedChange>& changes);

// For a terminal: a line a change, and how the first promises stand beside the present ones.
std::string changes_table(const std::vector<ListedChange>& changes, const PromiseCounts& promises,
                          std::string_view title);

// "按最初的承诺：已完成 20 项、逾期未完成 3 项（现为 21 项、1 项）；…"; "" where nothing differs.
std::string first_promise_sentence(const PromiseCounts& promises);

}  // namespace districtd

// Everything that was ever said of a target in words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Of one target (Target::key), in the submissions up to number `last`; by as_of, then in the order
// in which it was received. Throws sqlite::Error.
std::vector<StoredNarrative> read_narratives(const sqlite::Connection& connection,
                                             std::string_view target, std::int64_t last);

// What stands as of one day, and what it is made of.
struct NarrativeOfDay {
  Date as_of{};
  Narrative stands;                          // of each part what was said last
  std::span<const StoredNarrative> history;  // into what it was made from
};

// Day by day, those up to `on`; `said` as read_narratives() gives it, which outlives the answer.
std::vector<NarrativeOfDay> narratives_by_day(std::span<const StoredNarrative> said, Date on);

}  // namespace districtd

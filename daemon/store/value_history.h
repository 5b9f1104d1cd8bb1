// Every value that was ever said of a target, and which of them are corrections.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Of one target, in the submissions up to number `last`; by as_of, then by number. Throws
// sqlite::Error.
std::vector<StoredObservation> read_history(const sqlite::Connection& connection,
                                            std::string_view target, std::int64_t last);

// The corrections in the submissions with these numbers (both included); by target, as_of and
// number. Throws sqlite::Error.
std::vector<Correction> read_corrections(const sqlite::Connection& connection, std::int64_t first,
                                         std::int64_t last);

}  // namespace districtd

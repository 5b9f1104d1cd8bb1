// {"observations":[{"target":..,"as_of":..,"value":..,"note":..}]} into rows.
#pragma once

#include <optional>
#include <string_view>

#include "collectors/submission.h"
#include "daemon/intake/rows.h"

namespace districtd {

// Reads the document in one pass, without building it in memory. Keys may be Chinese as a CSV's
// header may; unknown ones are ignored. A value is a number, whose digits are read as they were
// written, a string, true or false. An observation of a wrong shape is refused as a row; an error
// of the document as a whole (bad_json) is returned, and what `rows` got is to be dropped.
std::optional<RowError> read_json(std::string_view text, Rows& rows);

}  // namespace districtd

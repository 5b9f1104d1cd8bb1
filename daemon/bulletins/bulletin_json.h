// A bulletin for programs.
#pragma once

#include <string>

#include "daemon/bulletins/bulletin.h"

namespace districtd {

// An object with id, printed (on a line of its own), title, kind, department, period, on, known_at,
// counts, counts_before, each section of the list by its name (sentences; not_reached: ids),
// departments, and targets as `districtd status --format json` prints them.
std::string to_json(const Bulletin& bulletin, const std::string& printed);

// The same without `printed` and `targets`, on one line: for messages and the index.
std::string summary_json(const Bulletin& bulletin);

}  // namespace districtd

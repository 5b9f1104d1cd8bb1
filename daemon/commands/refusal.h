// How a command says that it did nothing because of what its files have wrong.
#pragma once

#include <iosfwd>
#include <string_view>

#include "base/findings.h"

namespace districtd {

// Prints a line for each finding and, where `consequence` is not empty, how many there are and what
// that means: "2 findings; nothing was written." Returns the command's exit status, 1.
int refuse(const Findings& findings, std::string_view consequence, std::ostream& err);

}  // namespace districtd

// Public holidays as an operator writes them down, one file a year. docs/catalogue.md describes the
// keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/findings.h"
#include "daemon/domain/working_days.h"

namespace districtd {

// Reads the text of one year's file; everything that is wrong with it goes to `findings`, and then
// the result is empty. `name` is how findings call it.
std::optional<HolidayYear> read_holidays(std::string_view text, const std::string& name,
                                         Findings& findings);

}  // namespace districtd

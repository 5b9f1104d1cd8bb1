// Dates as departments write them. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/domain/calendar.h"

namespace districtd {

// "2026-06-30", and what Excel and people make of it: 2026/6/30, 2026.6.30, 2026年6月30日, also
// with full-width digits. Four digits for the year, one or two for month and day, one kind of
// separator. nullopt for everything else and for days that do not exist. The text is trimmed
// already.
std::optional<Date> read_date(std::string_view text);

}  // namespace districtd

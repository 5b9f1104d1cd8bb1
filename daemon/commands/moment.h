// What the commands that look at a moment share.
#pragma once

#include <iosfwd>
#include <optional>

#include "daemon/api/picture.h"
#include "daemon/commands/options.h"

namespace districtd {

// nullopt, and a line on `err`, where an option is no date or time.
std::optional<Moment> moment_of(const MomentOptions& options, const DistrictClock& clock,
                                std::ostream& err);

// "（按 2026-07-08 前收到的数据）"; "" where everything is known.
std::string known_at_note(const MomentOptions& options);

}  // namespace districtd

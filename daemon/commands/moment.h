// What the commands that look at the store share: the configuration, and the moment asked for.
#pragma once

#include <iosfwd>
#include <optional>

#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/picture/picture.h"

namespace districtd {

// nullopt, and a line for each finding on `err`, where the configuration has any.
std::optional<Loaded> loaded_configuration(const std::filesystem::path& config, std::ostream& err);

// nullopt, and a line on `err`, where an option is no date or time.
std::optional<Moment> moment_of(const MomentOptions& options, const DistrictClock& clock,
                                std::ostream& err);

// "（按 2026-07-08 前收到的数据）"; "" where everything is known.
std::string known_at_note(const MomentOptions& options);

}  // namespace districtd

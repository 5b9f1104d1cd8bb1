// When a server that cannot answer now wants to be asked again.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace districtd {

// What a Retry-After says (RFC 9110, 10.2.3): seconds ("120") or a date ("Wed, 08 Jul 2026 09:00:00
// GMT"), as the time to wait from `now` on: at least 0 and at most a day, so that a mistake there
// does not end the pulling. nullopt for "" and for what is neither.
std::optional<std::chrono::seconds> retry_after(std::string_view header, Time now);

}  // namespace districtd

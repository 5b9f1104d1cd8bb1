// Moments, and how they are written (RFC 3339).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace districtd {

// A moment in UTC, to the millisecond: what receipts, records and the log carry.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

// RFC 3339 in UTC with milliseconds: "2026-07-08T01:15:30.123Z".
std::string to_rfc3339(Time time);

// The inverse, which also takes an offset ("+08:00") and fewer or no digits of a fraction; those
// beyond milliseconds are dropped. nullopt for anything else.
std::optional<Time> from_rfc3339(std::string_view text);

}  // namespace districtd

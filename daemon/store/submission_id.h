// "20260708-42": the UTC date of receipt and the running number of the submission. The number alone
// is unique for ever; the date is for people.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "daemon/domain/calendar.h"

namespace districtd {

std::string submission_id(std::int64_t seq, Date received_on);

inline Date utc_date(Time time) { return std::chrono::floor<std::chrono::days>(time); }

// The running number of an id; nullopt for text that is none. Whether the date belongs to the
// number is the caller's to compare.
std::optional<std::int64_t> submission_seq(std::string_view id);

}  // namespace districtd

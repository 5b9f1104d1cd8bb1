// Days of the calendar.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace districtd {

using Date = std::chrono::sys_days;

Date date_of(int year, unsigned month, unsigned day);

// "2026-06-30", and back; nullopt for anything else, also for 2026-02-30.
std::string to_string(Date date);
std::optional<Date> parse_iso_date(std::string_view text);

}  // namespace districtd

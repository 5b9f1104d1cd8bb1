// Media types as Submission::media_type has them.
#pragma once

#include <string>
#include <string_view>

namespace districtd {

inline constexpr std::string_view kCsv = "text/csv";
inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kXlsx =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// By a name's ending in any case: .csv, .json, .xlsx; "" for every other, so that Intake decides.
std::string media_type_by_ending(std::string_view name);

// A Content-Type header's value in lower case, without parameters and blanks around it.
std::string media_type_of(std::string_view content_type);

}  // namespace districtd

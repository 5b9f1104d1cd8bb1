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

// A Content-Type header's value taken apart (RFC 9110 section 8.3.1).
struct MediaType {
  std::string type;     // lower case, without parameters
  std::string charset;  // lower case, unquoted; "" where none is given
};
MediaType parse_media_type(std::string_view content_type);

}  // namespace districtd

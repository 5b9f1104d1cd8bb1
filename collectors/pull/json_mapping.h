// JSON as a portal publishes it, turned into the JSON that departments send.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace districtd {

// Where in a document the figures stand: JSON Pointers (RFC 6901).
struct JsonMapping {
  std::string rows;  // to the array of rows; "" is the document itself
  // Within a row. What names no member is left out; `note` may be empty.
  std::string target;
  std::string as_of;
  std::string value;
  std::string note;
  friend bool operator==(const JsonMapping&, const JsonMapping&) = default;
};

// "" or one of "/a/b" with ~ only in ~0 and ~1.
bool is_json_pointer(std::string_view text);

// {"observations":[{"target":..,"as_of":..,"value":..,"note":..}]}, a row each, in their order, the
// numbers digit for digit as they stand there ("12.60", "1e3"), what is nested as {} or []; or
// nullopt where the text is no JSON or `rows` leads to no array.
std::optional<std::string> mapped_json(std::string_view text, const JsonMapping& mapping);

}  // namespace districtd

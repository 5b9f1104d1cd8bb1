// JSON objects that are spliced from literals, see base/json_writer.h.
#pragma once

#include <string>
#include <string_view>

namespace districtd {

// Appends "key":literal, with a comma before it where the object has members already.
void append_member(std::string& out, std::string_view key, std::string_view literal);

}  // namespace districtd

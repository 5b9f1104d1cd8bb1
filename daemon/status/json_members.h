// JSON as this module writes it: numbers without exponents, ratios without the last bits of a
// division.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace districtd {

// Appends "key":literal, with a comma before it where the object has members already.
void append_member(std::string& out, std::string_view key, std::string_view literal);

std::string number_literal(double value);                       // shortest digits that read back
std::string ratio_literal(const std::optional<double>& ratio);  // twelve significant digits or null
std::string text_literal(std::string_view text);

}  // namespace districtd

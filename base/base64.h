// RFC 4648 section 4, with padding and without line breaks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace districtd {

std::string base64(std::string_view bytes);

// The bytes again; nullopt for what is no such text.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace districtd

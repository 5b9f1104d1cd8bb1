// SHA-256, the name of a text or body.
#pragma once

#include <array>
#include <string_view>

namespace districtd {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256_of(std::string_view bytes);  // throws std::runtime_error where OpenSSL fails

}  // namespace districtd

// SHA-256, the name of a text or body, and bytes in hexadecimal.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace districtd {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256_of(std::string_view bytes);  // throws std::runtime_error where OpenSSL fails

std::string to_hex(std::span<const unsigned char> bytes);  // lower case, two digits a byte
std::string to_hex(std::string_view bytes);

// The SHA-256 in hexadecimal: what the configuration keeps of a token, and how bodies are named.
std::string sha256_hex(std::string_view bytes);

}  // namespace districtd

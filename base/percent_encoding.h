// Percent-encoding, of URIs (RFC 3986, 2.1) and of parameters of a mail's header (RFC 2231).
#pragma once

#include <string>
#include <string_view>

namespace districtd {

// The text with %XX, in upper case, for each byte of which `must_encode(char)` is true.
//
//   percent_encoded(token, [](char c) { return !is_unreserved(c); })
template <typename MustEncode>
std::string percent_encoded(std::string_view text, MustEncode must_encode) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (!must_encode(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    ((encoded += '%') += kHex[byte >> 4U]) += kHex[byte & 0xFU];
  }
  return encoded;
}

// RFC 3986, 2.3: letters, digits and - _ . ~ need no encoding anywhere.
constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

}  // namespace districtd

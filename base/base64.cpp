#include "base/base64.h"

#include <openssl/evp.h>

#include <cstddef>

namespace districtd {

std::string base64(std::string_view bytes) {
  // Room for the terminating NUL, which EVP writes.
  std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  encoded.resize(static_cast<std::size_t>(length));
  return encoded;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(length));
  // EVP decodes the padding as zeros. It also passes over blanks and takes '=' in the middle, so
  // what was decoded counts only where it reads the same again.
  for (int i = 0; i < 2 && text.ends_with('='); ++i) {
    text.remove_suffix(1);
    if (!bytes.empty()) bytes.pop_back();
  }
  const std::string again = base64(bytes);
  if (std::string_view(again).substr(0, text.size()) != text) return std::nullopt;
  return bytes;
}

}  // namespace districtd

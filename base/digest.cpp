#include "base/digest.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace districtd {

Sha256 sha256_of(std::string_view bytes) {
  // Fetched once: looking an algorithm up costs more than hashing a short body.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Sha256 hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, algorithm, nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return hash;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

std::string to_hex(std::string_view bytes) {
  return to_hex(std::span{reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256_of(bytes)); }

}  // namespace districtd

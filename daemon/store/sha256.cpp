#include "daemon/store/sha256.h"

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

}  // namespace districtd

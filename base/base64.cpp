#include "base/base64.h"

#include <openssl/evp.h>

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

}  // namespace districtd

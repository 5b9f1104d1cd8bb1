#include "daemon/store/deflated.h"

#include <zlib.h>

#include <new>

#include "daemon/store/records.h"

namespace districtd {

std::vector<unsigned char> deflated(std::string_view text) {
  std::vector<unsigned char> out(compressBound(text.size()));
  uLongf length = out.size();
  if (compress2(out.data(), &length, reinterpret_cast<const Bytef*>(text.data()), text.size(),
                Z_DEFAULT_COMPRESSION) != Z_OK) {
    throw std::bad_alloc();  // the only way in which it can fail
  }
  out.resize(length);
  return out;
}

std::string inflated(std::span<const unsigned char> deflated, std::int64_t bytes,
                     std::string_view what) {
  std::string text(static_cast<std::size_t>(bytes), '\0');
  uLongf length = text.size();
  if (uncompress(reinterpret_cast<Bytef*>(text.data()), &length, deflated.data(),
                 deflated.size()) != Z_OK ||
      length != text.size()) {
    throw StoreError(std::string(what) + " in the store is damaged; restore a backup");
  }
  return text;
}

}  // namespace districtd

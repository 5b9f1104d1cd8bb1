// Files with any bytes: encodings, separators, headers, rows.
#include "tests/fuzz/decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  districtd::decode_and_check(
      districtd::csv_of(std::string(reinterpret_cast<const char*>(data), size)));
  return 0;
}

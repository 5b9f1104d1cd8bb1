// Workbooks. The seeds hold their parts unpacked, so that changed bytes reach the XML.
#include "tests/fuzz/decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string body = "PK\x03\x04";
  body.append(reinterpret_cast<const char*>(data), size);
  // With the signature that a seed brings along, or without it.
  if (size >= 4 && body.compare(4, 4, "PK\x03\x04") == 0) body.erase(0, 4);
  districtd::decode_and_check({"culture-tourism", "csv_drop", "", "fuzz.xlsx", std::move(body)});
  return 0;
}

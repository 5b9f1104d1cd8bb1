// JSON bodies, as a department sends them and as a portal's are turned into those.
#include "collectors/pull/json_mapping.h"
#include "tests/fuzz/decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace districtd;
  std::string body(reinterpret_cast<const char*>(data), size);
  static const JsonMapping kMapping{"/observations", "/target", "/as_of", "/value", "/note"};
  if (auto mapped = mapped_json(body, kMapping)) {
    require(decode_example(json_of(*mapped)).outcome != Outcome::unreadable);
    decode_and_check(json_of(std::move(*mapped)));
  }
  decode_and_check(json_of(std::move(body)));
  return 0;
}

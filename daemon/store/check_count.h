// How often a check across figures found something, and was right.
#pragma once

#include <cstdint>
#include <string>

namespace districtd {

// How often a check fired, once for each submission and day, and how often one of the figures that
// took part was later said otherwise: then it was right.
struct CheckCount {
  std::string programme;
  std::string check;
  std::int64_t fired = 0;
  std::int64_t corrected = 0;
};

}  // namespace districtd

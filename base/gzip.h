// Bodies that were sent as gzip (RFC 1952).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace districtd {

struct Unpacked {
  enum class Fault { none, damaged, too_large, no_memory };
  std::string body;
  Fault fault = Fault::none;
};

// At most `most` bytes; what would be larger is cut off where that shows. Throws nothing.
Unpacked gunzip(std::string_view packed, std::size_t most);

}  // namespace districtd

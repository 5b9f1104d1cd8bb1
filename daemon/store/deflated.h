// Texts as the file keeps them, by zlib.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

std::vector<unsigned char> deflated(std::string_view text);  // throws std::bad_alloc

// `bytes` is the length of the text. Throws StoreError, which names `what`, where it is damaged.
std::string inflated(std::span<const unsigned char> deflated, std::int64_t bytes,
                     std::string_view what);

}  // namespace districtd

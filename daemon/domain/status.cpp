#include "daemon/domain/status.h"

#include <algorithm>

namespace districtd {

namespace {

constexpr bool is_in_the_order_of_the_enumerators() {
  for (std::size_t i = 0; i < kStatusTable.size(); ++i) {
    if (static_cast<std::size_t>(kStatusTable[i].status) != i) return false;
  }
  return true;
}
static_assert(is_in_the_order_of_the_enumerators(), "row_of() finds a row by its place");

}  // namespace

std::optional<Status> parse_status(std::string_view word) {
  const auto* const found = std::find_if(kStatusTable.begin(), kStatusTable.end(),
                                         [&](const StatusRow& row) { return row.word == word; });
  return found == kStatusTable.end() ? std::nullopt : std::optional{found->status};
}

}  // namespace districtd

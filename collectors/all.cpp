#include "collectors/all.h"

#include <array>

#include "collectors/csv_drop.h"
#include "collectors/http_pull.h"
#include "collectors/http_push.h"

namespace districtd {

std::span<const CollectorKind* const> all_collectors() {
  static constexpr std::array kAll = {
      &kHttpPush,
      &kCsvDrop,
      &kHttpPull,
  };
  return kAll;
}

}  // namespace districtd

// How large the store is, and how it has grown.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "daemon/store/sqlite.h"

namespace districtd {

struct StoreSize {
  std::uint64_t bytes = 0;       // of the database's pages, those in the WAL included
  std::uint64_t free_bytes = 0;  // of these: pages that are empty and will be used again
  std::uint64_t text_bytes = 0;  // of receipts' errors and details, as they are kept
  std::uint64_t submissions = 0;
  // Of submissions that were received from a time on:
  struct Since {
    std::uint64_t submissions = 0;
    std::uint64_t observations = 0;
    std::uint64_t text_bytes = 0;  // of texts that no earlier receipt has
  };
  Since since;
};

// Reads every submission once. Throws sqlite::Error.
StoreSize store_size(const sqlite::Connection& connection, Time from);

}  // namespace districtd

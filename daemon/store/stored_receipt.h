// Receipts as the store has them.
#pragma once

#include <cstdint>
#include <optional>

#include "collectors/submission.h"
#include "daemon/store/sqlite.h"

namespace districtd {

struct StoredReceipt {
  Receipt receipt;  // whole, but for preamble, header and refused, which are not kept
  Outcome outcome = Outcome::taken;
};

// Of the submission with this running number; nullopt where there is none. Throws sqlite::Error.
std::optional<StoredReceipt> stored_receipt(const sqlite::Connection& connection, std::int64_t seq);

// The receipt of a first submission, for the same bytes that came and were decoded once more. The
// store does not keep cells; they are taken from `decoded`, for the rows that were refused then.
Receipt with_cells(Receipt stored, Receipt decoded);

}  // namespace districtd

// The receipts of what the inbox refuses itself, without a submission.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "collectors/submission.h"

namespace districtd {

// not_a_file: a folder, link, FIFO, socket or device, as `type` (S_IFDIR ...) says.
Receipt not_a_file_receipt(const std::string& department, mode_t type);

// too_large: a file of `size` bytes where at most `max_bytes` are taken.
Receipt too_large_receipt(const std::string& department, std::uint64_t size,
                          std::uint64_t max_bytes);

// reserved_name: a file called "accepted" or "rejected", where the folder of that name is to be.
Receipt reserved_name_receipt(const std::string& department, const std::string& name);

}  // namespace districtd

// Where the clock stood when it was believed last, for the next daemon since the same boot: a
// restart would forget a jump otherwise.
#pragma once

#include <filesystem>
#include <optional>

#include "daemon/domain/clock_credibility.h"

namespace districtd {

// Beside the database: "districtd.db.clock". One line: the kernel's id of the boot, the offset in
// milliseconds, and whether NTP kept the clock in time (1 or 0).
std::filesystem::path clock_anchor_file(const std::filesystem::path& store_path);

// nullopt where there is no such file, it is of another boot, or the kernel does not tell which
// boot this is.
std::optional<ClockAnchor> read_clock_anchor(const std::filesystem::path& file);

// Waits for the disk. Throws std::runtime_error where the file cannot be written; does nothing
// where the kernel does not tell which boot this is.
void write_clock_anchor(const std::filesystem::path& file, const ClockAnchor& anchor);

}  // namespace districtd

// What a failed commit means, for the clerk and for the operator.
#pragma once

#include <exception>
#include <filesystem>
#include <string>

#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// One Chinese sentence: what is wrong, that nothing was kept, what to do.
std::string unavailable_sentence(const std::exception& failure);

// True where room may help: the disk, a quota or a size limit is exhausted.
bool is_out_of_room(const std::exception& failure);

// True where the next submission would fail alike, whatever it is: the file is held by another
// program, moved, read-only, damaged or on a failing disk. False where one submission alone may be
// the cause, by its size or by a fault of the program.
bool concerns_every_submission(const std::exception& failure);

// Why the database at `path` could not be opened or read, and what to do about it.
StoreError cannot_open(const std::filesystem::path& path, const sqlite::Error& error);

}  // namespace districtd

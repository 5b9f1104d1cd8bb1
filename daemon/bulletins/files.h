// Files that are whole or not there: written under a temporary name, synchronised, renamed.
#pragma once

#include <filesystem>
#include <string_view>

namespace districtd {

// A name beside `file` to write to first: ".NAME.part". Removes what a crash left there.
std::filesystem::path part_of(const std::filesystem::path& file);

// Makes what was written to part_of(file) durable under its name. Throws std::runtime_error with
// the place and the reason; the part is gone then.
void put_in_place(const std::filesystem::path& file);

// Both in one.
void write_whole(const std::filesystem::path& file, std::string_view text);

}  // namespace districtd

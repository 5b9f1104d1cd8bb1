// What a zip archive says that it holds, before anything of it is unpacked. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

struct ZipDirectory {
  std::vector<std::string> names;
  std::uint64_t unpacked = 0;  // bytes of all entries
  bool is_encrypted = false;   // an entry is
};

// Reads the central directory (APPNOTE.TXT 4.3.12); nullopt where it is damaged, of several disks
// or zip64, which no workbook needs.
std::optional<ZipDirectory> read_zip_directory(std::string_view archive);

}  // namespace districtd

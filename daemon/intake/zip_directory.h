// Zip archives, of which nothing is believed: what one says that it holds is known before anything
// of it is unpacked, and no entry is unpacked beyond what it said. Pure. By zlib.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

struct ZipEntry {
  std::string name;
  std::uint64_t method = 0;  // 0 stored, 8 deflated
  std::uint64_t packed = 0;  // bytes
  std::uint64_t unpacked = 0;
  std::uint64_t offset = 0;  // of its local header
};

struct ZipDirectory {
  std::vector<ZipEntry> entries;
  std::uint64_t unpacked = 0;  // bytes of all entries
  bool is_encrypted = false;   // an entry is
};

// Reads the central directory (APPNOTE.TXT 4.3.12); nullopt where it is damaged, of several disks
// or zip64, which no workbook needs.
std::optional<ZipDirectory> read_zip_directory(std::string_view archive);

// The content of an entry; nullopt where it is damaged or larger than it said.
std::optional<std::string> unpack(std::string_view archive, const ZipEntry& entry);

}  // namespace districtd

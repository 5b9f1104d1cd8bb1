// Zip archives, of which nothing is believed: what one says that it holds is known before anything
// of it is unpacked, and no entry is unpacked beyond what it said. Pure. By zlib.
#pragma once

#include <cstdint>
#include <functional>
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
  std::uint64_t offset = 0;    // of its local header
  std::uint32_t checksum = 0;  // CRC-32 of what is unpacked
};

struct ZipDirectory {
  std::vector<ZipEntry> entries;
  std::uint64_t unpacked = 0;  // bytes of all entries
  bool is_encrypted = false;   // an entry is
};

// Reads the central directory (APPNOTE.TXT 4.3.12); nullopt where it is damaged, of several disks
// or zip64, which no workbook needs.
std::optional<ZipDirectory> read_zip_directory(std::string_view archive);

// Hands the content of an entry over piece by piece. False where it is damaged, larger or smaller
// than it said, or not what its checksum is of; pieces may have been handed over before that shows.
bool unpack(std::string_view archive, const ZipEntry& entry,
            const std::function<void(std::string_view)>& take_piece);

// The whole content; nullopt likewise.
std::optional<std::string> unpack(std::string_view archive, const ZipEntry& entry);

}  // namespace districtd

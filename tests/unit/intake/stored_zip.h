// Zip archives whose entries are stored as they are, with the checksums that they should have.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace districtd {

using ZipParts = std::vector<std::pair<std::string, std::string>>;  // name, content

inline std::string little_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i) & 0xFFU);
  return text;
}

inline std::string stored_zip(const ZipParts& parts) {
  std::string archive;
  std::string directory;
  for (const auto& [name, content] : parts) {
    const auto* const bytes = reinterpret_cast<const Bytef*>(content.data());
    const std::string entry = little_endian(crc32_z(0, bytes, content.size()), 4) +
                              little_endian(content.size(), 4) + little_endian(content.size(), 4) +
                              little_endian(name.size(), 2) + little_endian(0, 2);
    const std::string version = little_endian(20, 2);
    const std::string method_and_time(8, '\0');
    directory += "PK\x01\x02" + version + version + method_and_time + entry +
                 std::string(10, '\0') + little_endian(archive.size(), 4) + name;
    archive += "PK\x03\x04" + version + method_and_time + entry + name + content;
  }
  const std::size_t at = archive.size();
  archive += directory + "PK\x05\x06" + std::string(4, '\0') + little_endian(parts.size(), 2) +
             little_endian(parts.size(), 2) + little_endian(directory.size(), 4) +
             little_endian(at, 4) + std::string(2, '\0');
  return archive;
}

// A workbook of one sheet with these rows, and other parts or other contents of them.
inline std::string workbook_of(std::string_view sheet_data, const ZipParts& others = {}) {
  const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  ZipParts parts = {
      {"_rels/.rels", "<Relationships><Relationship Id=\"r\" Type=\"" + type +
                          "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
      {"xl/workbook.xml",
       "<workbook><sheets><sheet name=\"6月\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"s\" Type=\"" + type +
           "worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
      {"xl/worksheets/sheet1.xml",
       "<worksheet><sheetData>" + std::string(sheet_data) + "</sheetData></worksheet>"}};
  for (const auto& [name, content] : others) {
    bool is_known = false;
    for (auto& [known, old] : parts) {
      if (known != name) continue;
      old = content;
      is_known = true;
    }
    if (!is_known) parts.emplace_back(name, content);
  }
  return stored_zip(parts);
}

}  // namespace districtd

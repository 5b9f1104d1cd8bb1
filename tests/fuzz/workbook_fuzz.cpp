// Workbooks. The seeds hold their parts unpacked, so that changed bytes reach the XML, and the
// parts get the checksums that they should have. What is no archive is the rows of a sheet.
#include "daemon/intake/workbook.h"
#include "daemon/intake/zip_directory.h"
#include "tests/fuzz/decoded.h"
#include "tests/unit/intake/stored_zip.h"

namespace {

std::string archive_of(std::string_view data) {
  using namespace districtd;
  const auto directory = read_zip_directory(data);
  if (!directory) return workbook_of(data);
  ZipParts parts;
  for (ZipEntry entry : directory->entries) {
    // As much as is there, whatever the checksum says.
    if (entry.method != 0 || entry.offset >= data.size()) continue;
    const std::size_t name = static_cast<std::size_t>(entry.offset) + 30 + entry.name.size();
    parts.emplace_back(entry.name, data.substr(std::min(name, data.size()),
                                               static_cast<std::size_t>(entry.packed)));
  }
  return stored_zip(parts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace districtd;
  std::string body = archive_of({reinterpret_cast<const char*>(data), size});
  if (const auto sheets = read_workbook(body)) {
    std::size_t cells = 0;
    for (const Sheet& sheet : *sheets) {
      require(!sheet.is_hidden || sheet.rows.empty());
      for (const auto& row : sheet.rows) cells += row.size();
    }
    require(cells <= kMostWorkbookCells);
  }
  decode_and_check({"culture-tourism", "csv_drop", "", "fuzz.xlsx", std::move(body)});
  return 0;
}

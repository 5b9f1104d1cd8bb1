// The annex of a bulletin: all targets as a table for people, as CSV and as a workbook.
#pragma once

#include <filesystem>
#include <string>

#include "daemon/bulletins/bulletin.h"

namespace districtd {

// UTF-8 with a byte order mark, so that Excel and WPS read it. Cells that a spreadsheet would take
// for a formula are kept from it by an apostrophe.
std::string annex_csv(const Bulletin& bulletin);

// Writes an XLSX file with one sheet: typed cells, a header that stays, a filter, the lights as
// conditional formats. The same bulletin gives the same bytes. Throws std::runtime_error with the
// file and the reason, and leaves nothing there.
void write_annex_workbook(const Bulletin& bulletin, const std::filesystem::path& file);

}  // namespace districtd

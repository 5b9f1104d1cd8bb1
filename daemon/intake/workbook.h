// Spreadsheets: the cells of an .xlsx workbook as the text that a clerk reads in them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "collectors/submission.h"
#include "daemon/intake/table.h"

namespace districtd {

// What a workbook may at most unpack to, and how many cells its tables may span.
inline constexpr std::uint64_t kMostUnpackedBytes = 256ULL << 20U;
inline constexpr std::size_t kMostWorkbookCells = 4'000'000;

// Every sheet, in the workbook's order. Dates and percentages are written as such, formulas by the
// result that was stored with them ("#REF!" too) or, where none was, as "=A1+B1"; of a number the
// unit that its format shows is kept. Or
// damaged_workbook, encrypted_workbook, macro_workbook, workbook_too_large.
Result<std::vector<Sheet>, RowError> read_workbook(std::string_view body);

}  // namespace districtd

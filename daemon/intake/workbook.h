// Spreadsheets: the cells of an .xlsx workbook as the text that a clerk reads in them.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "collectors/submission.h"
#include "daemon/intake/table.h"

namespace districtd {

// How many cells the tables of a workbook may span.
inline constexpr std::size_t kMostWorkbookCells = 4'000'000;

// Every sheet with cells, in the workbook's order, hidden ones without their cells. Numbers are
// written as shown() writes them, formulas by the result that was stored with them ("#REF!" too)
// or, where none was, as "=A1+B1". What does not show what it holds is an unclear_cell(). Or
// damaged_workbook, encrypted_workbook, macro_workbook, other_workbook, workbook_too_large.
Result<std::vector<Sheet>, RowError> read_workbook(std::string_view body);

}  // namespace districtd

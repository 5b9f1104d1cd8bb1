// Which sheets of a workbook are data: those that are seen, are no examples, and hold a table.
#pragma once

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "daemon/intake/columns.h"
#include "daemon/intake/layout.h"
#include "daemon/intake/table.h"

namespace districtd {

// A table on a sheet; `table` stands behind its header.
struct TableOnSheet {
  const Sheet* sheet = nullptr;
  SheetTable table;
  Layout layout;
};

struct ChosenSheets {
  std::deque<TableOnSheet> tables;  // all of one layout; empty: `why` says why there is none
  std::vector<std::string> notes;   // what was read and what was not: Chinese sentences
  RowError why;
};

// The tables on the sheet that the mapping names, else on all sheets that are seen. A sheet whose
// name, or the title above whose table, says that it is an example or an instruction (示例, 样表,
// 填写说明) is none. Where several hold tables they have to agree: the same names of the same
// columns. Else, and where there is none: no_such_sheet, sheets_differ, only_example_sheets, or why
// the sheet that comes closest holds none. The sheets must outlive what is returned.
ChosenSheets choose_sheets(const std::vector<Sheet>& sheets, const LayoutWords& words);

}  // namespace districtd

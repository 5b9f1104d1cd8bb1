// The rows of a table under its header, up to its end: data, remarks, and further headers.
#pragma once

#include "daemon/intake/layout.h"
#include "daemon/intake/rows.h"
#include "daemon/intake/table.h"

namespace districtd {

// Reads what stands below the header that `layout` is, and hands each row to `rows`. A second
// header within the table, and a day or a unit that is said between its rows, hold from there on;
// what follows a header that cannot be read is refused.
void read_table_rows(TableReader& table, Layout layout, const LayoutWords& words, Rows& rows);

// Refuses a row that lacks a column or has cells that no column is for.
bool has_fault_of_width(std::span<const std::string_view> cells, std::int64_t number,
                        const Header& header, Rows& rows);

Row row_of(std::span<const std::string_view> cells, std::int64_t number, const Header& header);

}  // namespace districtd

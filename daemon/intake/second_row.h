// The second row of a header.
#pragma once

#include <optional>

#include "daemon/intake/layout.h"

namespace districtd {

// Below "6月" or "完成情况" a second row of the header may say what each of several columns is: the
// figures are in the one that names the value. What is missing, where none or more than one does.
// Keeps the row that `layout` had so far in `above`.
std::optional<RowError> read_second_row(TableReader& table, Layout& layout,
                                        const ColumnMapping& mapping, Above& above);

}  // namespace districtd

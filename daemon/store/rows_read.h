// How the rows of a dry run were read and what would become of them.
#pragma once

#include <vector>

#include "daemon/store/append.h"
#include "daemon/store/recorded.h"

namespace districtd {

// In order of sheet and row, at most Receipt::kMostErrors. `fates` are those of the observations;
// without them (the delivery came before, and nothing of it is new) every row is unchanged.
std::vector<RowRead> rows_read(const Append& append, const std::vector<ObservationFate>& fates);

}  // namespace districtd

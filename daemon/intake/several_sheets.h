// One target and day on several sheets of a workbook.
#pragma once

#include "daemon/intake/intake.h"

namespace districtd {

// Of figures of the same target and day on different sheets equal ones count once, the first; of
// others nobody knows which counts: all are refused (conflicting_sheets), each naming another's
// place. Does nothing where one sheet was read.
void compare_sheets(Decoded& decoded);

}  // namespace districtd

// [[target.change]]: a promise that was changed from a day on.
#pragma once

#include "base/findings.h"
#include "base/toml_table.h"
#include "daemon/config/people_table.h"
#include "daemon/domain/target.h"

namespace districtd {

// Reads the table into a further version of the target: the one before it with some terms changed,
// checked as the first one is. Where anything is wrong there are findings, which are added to
// `findings` as the table does, and no version. Requires a target that was read without findings.
void read_change(TomlTable& table, const Findings& findings, const DepartmentOfId& department_of,
                 Target& target);

}  // namespace districtd

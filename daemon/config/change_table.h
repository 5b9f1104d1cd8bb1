// [[target.change]]: a promise that was changed by a decision.
#pragma once

#include "base/findings.h"
#include "base/toml_table.h"
#include "daemon/config/department_table.h"
#include "daemon/config/people_table.h"
#include "daemon/domain/target.h"

namespace districtd {

// Reads the table into a further version of the target: the one before it with some terms changed,
// checked as the first one is. Where anything is wrong there are findings, which are added to
// `findings` as the table does, and no version; true where there is one. Requires a target that was
// read without findings. `departments`: to find the one that a change gives it to.
bool read_change(TomlTable& table, const Findings& findings, const DepartmentReader& departments,
                 Target& target);

}  // namespace districtd

// Departments as the tables of a configuration name them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/toml_table.h"

namespace districtd {

// The departments that a configuration names, and where it does. They are compared with the
// catalogue later, for it is read after the configuration.
using DepartmentsNamed = std::vector<std::pair<Finding, std::string>>;

// The key 'department', which is added to `named`. Without the key: a finding, and "".
std::string read_department(TomlTable& table, DepartmentsNamed& named);

}  // namespace districtd

// Departments as the tables of a configuration name them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/toml_table.h"

namespace districtd {

// The departments that a configuration names, and where: whether they are in the catalogue shows
// once that is read.
using DepartmentsNamed = std::vector<std::pair<Finding, std::string>>;

// The key 'department', which has to be there; "" where it is not.
std::string read_department(TomlTable& table, DepartmentsNamed& named);

}  // namespace districtd

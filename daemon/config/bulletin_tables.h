// Reads [bulletins], [[bulletin]], [smtp] and [[webhook]]. docs/configuration.md describes the
// keys.
#pragma once

#include <filesystem>
#include <string>

#include "base/toml_values.h"
#include "daemon/config/bulletin_config.h"
#include "daemon/config/departments_named.h"

namespace districtd {

// What is wrong is found in the tables. `district` is its name, which signs where nothing else
// does.
BulletinConfig read_bulletins(TomlTable& root, const std::filesystem::path& folder,
                              const std::string& district, DepartmentsNamed& departments);

}  // namespace districtd

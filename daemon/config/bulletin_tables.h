// Reads [bulletins], [[bulletin]], [smtp] and [[webhook]]. docs/configuration.md describes the
// keys.
#pragma once

#include <filesystem>
#include <string>

#include "base/toml_values.h"
#include "daemon/config/bulletin_config.h"
#include "daemon/config/departments_named.h"

namespace districtd {

// A fault is a finding at its key. `folder` is that of the configuration file, to which paths are
// relative. `district` is the district's name: bulletins are signed with it where the file names no
// issuer.
BulletinConfig read_bulletins(TomlTable& root, const std::filesystem::path& folder,
                              const std::string& district, DepartmentsNamed& departments);

}  // namespace districtd

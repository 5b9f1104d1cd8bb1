// Pages that are fetched: [[http_pull]] of the configuration. docs/configuration.md describes the
// keys.
#pragma once

#include <filesystem>
#include <vector>

#include "base/toml_values.h"
#include "collectors/http_pull.h"
#include "daemon/config/departments_named.h"

namespace districtd {

// What is wrong is found in the tables. Credentials are read from their files here.
std::vector<HttpPullSource> read_http_pulls(TomlTable& root, const std::filesystem::path& folder,
                                            DepartmentsNamed& departments);

}  // namespace districtd

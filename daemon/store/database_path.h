// Where the database lies.
#pragma once

#include <filesystem>

namespace districtd {

// The absolute path of a file that can hold a database. Creates the folders above it that are
// missing, and syncs each folder in which it creates one, so that a power loss does not take them
// away. Throws StoreError where the path is empty or a folder, or where a folder cannot be created.
std::filesystem::path prepare_database_path(const std::filesystem::path& given);

}  // namespace districtd

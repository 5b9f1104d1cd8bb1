#include "daemon/store/database_path.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <system_error>

#include "base/ports/files.h"
#include "daemon/store/records.h"

namespace districtd {
namespace {

// A folder is durable once the folder that it is in was synced.
void make_durable_folder(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::is_directory(folder)) return;
  make_durable_folder(folder.parent_path());
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) {
    throw StoreError(folder.string() + " cannot be created: " + error.message());
  }
  const std::filesystem::path above = folder.has_parent_path() ? folder.parent_path() : ".";
  if (const UniqueFd opened = open_folder(above)) ::fsync(opened.get());
}

}  // namespace

std::filesystem::path prepare_database_path(const std::filesystem::path& given) {
  if (given.empty()) throw StoreError("the store's path is empty");
  const std::filesystem::path path = std::filesystem::absolute(given);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw StoreError(path.string() + " is a directory, expected a file");
  }
  try {
    make_durable_folder(path.parent_path());
  } catch (const std::filesystem::filesystem_error& error) {
    throw StoreError(path.parent_path().string() + " cannot be used: " + error.code().message());
  }
  return path;
}

}  // namespace districtd

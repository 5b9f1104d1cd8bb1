#include "daemon/store/database_path.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <system_error>

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
  const std::string above = folder.has_parent_path() ? folder.parent_path().string() : ".";
  const int descriptor = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    ::fsync(descriptor);
    ::close(descriptor);
  }
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

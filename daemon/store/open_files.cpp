#include "daemon/store/open_files.h"

#include <sys/stat.h>

#include <utility>

namespace districtd {

OpenFiles::OpenFiles(const std::filesystem::path& database) {
  for (const char* suffix : {"", "-wal"}) {
    std::string path = database.string() + suffix;
    if (const auto identity = identity_of(path)) files_.push_back({std::move(path), *identity});
  }
}

std::optional<OpenFiles::Identity> OpenFiles::identity_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return Identity{status.st_dev, status.st_ino};
}

std::string OpenFiles::moved() const {
  for (const OpenFile& file : files_) {
    const auto now = identity_of(file.path);
    if (now == file.identity) continue;
    return file.path +
           (now ? " is another file than the one that is open"
                : " is not there any more, though it is open") +
           ": nothing is acknowledged until it is moved back or districtd is restarted";
  }
  return "";
}

}  // namespace districtd

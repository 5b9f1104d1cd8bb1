#include "collectors/durable_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

namespace districtd {

namespace {

constexpr char kUnfinished[] = ".districtd-unfinished.tmp";

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

int write_new_file(int folder_fd, const std::string& name, std::string_view text) {
  ::unlinkat(folder_fd, kUnfinished, 0);  // what a crash may have left
  const UniqueFd file(
      ::openat(folder_fd, kUnfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0664));
  if (!file) return errno;
  int error = write_all(file.get(), text) && ::fsync(file.get()) == 0 ? 0 : errno;
  if (error == 0) error = move_file(folder_fd, kUnfinished, folder_fd, name);
  if (error != 0) ::unlinkat(folder_fd, kUnfinished, 0);
  return error;
}

int move_file(int from_fd, const std::string& from, int to_fd, const std::string& to) {
  if (::renameat2(from_fd, from.c_str(), to_fd, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // Some network file systems know no RENAME_NOREPLACE; only this program names files in `to_fd`.
  struct stat taken {};
  if (::fstatat(to_fd, to.c_str(), &taken, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return ::renameat(from_fd, from.c_str(), to_fd, to.c_str()) == 0 ? 0 : errno;
}

}  // namespace districtd

#include "base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <random>
#include <stdexcept>
#include <system_error>

namespace districtd {

namespace {

constexpr int kMostNames = 16;

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : ".";
}

std::filesystem::path part_path(const std::filesystem::path& file) {
  return folder_of(file) / ("." + file.filename().string() + ".part");
}

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what, int error) {
  std::error_code ignored;
  std::filesystem::remove(part_path(file), ignored);
  throw std::runtime_error(file.string() + " " + std::string{what} + ": " +
                           std::generic_category().message(error));
}

std::string unfinished_name() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::string name = ".districtd-";
  for (int i = 0; i < 16; ++i) name += kDigits[random() % 16];
  return name + ".tmp";
}

// A file that has no name until its content is on disk: nothing is left of it where that never
// happens, and nobody can be in its way. nullopt where the file system has none, or no links.
std::optional<int> write_without_name(int folder_fd, const std::string& name,
                                      std::string_view text) {
  const UniqueFd file = open_at(folder_fd, ".", O_TMPFILE | O_WRONLY, 0664);
  if (!file) {
    const bool is_unknown = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL ||
                            errno == ENOENT || errno == ENOSYS;
    return is_unknown ? std::nullopt : std::optional(errno);
  }
  if (!write_all(file.get(), text) || ::fsync(file.get()) != 0) return errno;
  const std::string itself = "/proc/self/fd/" + std::to_string(file.get());
  if (::linkat(AT_FDCWD, itself.c_str(), folder_fd, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return 0;
  // Without links, or without /proc.
  const bool is_unknown =
      errno == EPERM || errno == EOPNOTSUPP || errno == ENOENT || errno == EXDEV || errno == EMLINK;
  return is_unknown ? std::nullopt : std::optional(errno);
}

// Gives the new file owner, group and mode of the one that it replaces.
void take_over_access(int fd, const std::filesystem::path& file) {
  struct stat there {};
  const bool is_there = ::stat(file.c_str(), &there) == 0;
  if (is_there && (there.st_uid != ::geteuid() || there.st_gid != ::getegid()) &&
      ::fchown(fd, there.st_uid, there.st_gid) != 0) {
    fail(file, "cannot be given to the owner of the file that is there", errno);
  }
  if (::fchmod(fd, is_there ? there.st_mode & 07777U : 0640U) != 0) {
    fail(file, "cannot be given its mode", errno);
  }
}

}  // namespace

bool is_unfinished_name(std::string_view name) {
  return name.starts_with(".districtd-") && name.ends_with(".tmp");
}

int write_new_file(int folder_fd, const std::string& name, std::string_view text,
                   UnfinishedFile unfinished) {
  if (unfinished == UnfinishedFile::without_name) {
    const std::optional<int> result = write_without_name(folder_fd, name, text);
    if (result) return *result;
  }
  for (int i = 0; i < kMostNames; ++i) {
    const std::string part = unfinished_name();
    const UniqueFd file = open_at(folder_fd, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0664);
    // Somebody else's, and it says nothing about `name`.
    if (!file && errno == EEXIST) continue;
    if (!file) return errno;
    int error = write_all(file.get(), text) && ::fsync(file.get()) == 0 ? 0 : errno;
    if (error == 0) error = move_file(folder_fd, part, folder_fd, name);
    if (error != 0) ::unlinkat(folder_fd, part.c_str(), 0);
    return error;
  }
  return EBUSY;
}

int move_file(int from_fd, const std::string& from, int to_fd, const std::string& to) {
  if (::renameat2(from_fd, from.c_str(), to_fd, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // Some network file systems know no RENAME_NOREPLACE; only this program names files in `to_fd`.
  struct stat taken {};
  if (::fstatat(to_fd, to.c_str(), &taken, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return ::renameat(from_fd, from.c_str(), to_fd, to.c_str()) == 0 ? 0 : errno;
}

std::filesystem::path part_of(const std::filesystem::path& file) {
  std::filesystem::path part = part_path(file);
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  return part;
}

void put_in_place(const std::filesystem::path& file) {
  const std::filesystem::path part = part_path(file);
  const UniqueFd written = open_file(part, O_RDONLY);
  if (!written || ::fsync(written.get()) != 0) fail(file, "cannot be written", errno);
  if (::rename(part.c_str(), file.c_str()) != 0) fail(file, "cannot be put in place", errno);
  const UniqueFd directory = open_folder(folder_of(file));
  if (!directory || ::fsync(directory.get()) != 0) {
    fail(file, "is written, but its folder cannot be synchronised", errno);
  }
}

void write_whole(const std::filesystem::path& file, std::string_view text, FileAccess access) {
  const std::filesystem::path part = part_of(file);
  {
    const mode_t mode = access == FileAccess::everyone ? 0644 : 0600;
    const UniqueFd out = open_file(part, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (!out) fail(file, "cannot be created", errno);
    if (!write_all(out.get(), text)) fail(file, "cannot be written", errno);
    if (access == FileAccess::as_before) take_over_access(out.get(), file);
  }
  put_in_place(file);
}

}  // namespace districtd

#include "base/ports/files.h"

#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace districtd {

namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

}  // namespace

UniqueFd open_file(const std::filesystem::path& file, int flags, mode_t mode) {
  return UniqueFd{::open(file.c_str(), flags | O_CLOEXEC, mode)};
}

UniqueFd open_at(int folder_fd, const std::string& name, int flags, mode_t mode) {
  return UniqueFd{::openat(folder_fd, name.c_str(), flags | O_CLOEXEC, mode)};
}

UniqueFd open_beneath(int folder_fd, const std::string& name, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, folder_fd, name.c_str(), &how, sizeof how);
  if (fd >= 0) return UniqueFd{static_cast<int>(fd)};
  if (errno != ENOSYS) return {};
  // Before Linux 5.6. One name alone is the same: there is nothing that could lead to it.
  if (name == ".." || name.find('/') != std::string::npos) {
    errno = EXDEV;
    return {};
  }
  return open_at(folder_fd, name, flags | O_NOFOLLOW, mode);
}

UniqueFd open_folder(const std::filesystem::path& folder) {
  return open_file(folder, O_RDONLY | O_DIRECTORY);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<std::string, std::error_code> read_whole(const std::filesystem::path& file) {
  const UniqueFd opened = open_file(file, O_RDONLY);
  if (!opened) return last_error();
  return read_rest(opened);
}

Result<std::string, std::error_code> read_first_line(const std::filesystem::path& file) {
  auto text = read_whole(file);
  if (!text) return text;
  if (text->empty()) return std::make_error_code(std::errc::no_message_available);
  text->resize(std::min(text->find('\n'), text->size()));
  while (text->ends_with('\r') || text->ends_with(' ')) text->pop_back();
  return text;
}

Result<std::string, std::error_code> read_rest(const UniqueFd& file) {
  constexpr std::size_t kPiece = 64U << 10U;
  struct stat found {};
  std::string text;
  // One byte more, so that a file of known size ends with the second read and is not copied.
  const bool has_size = ::fstat(file.get(), &found) == 0 && found.st_size > 0;
  text.reserve(has_size ? static_cast<std::size_t>(found.st_size) + 1 : kPiece);
  for (;;) {
    const std::size_t had = text.size();
    text.resize(had < text.capacity() ? text.capacity() : had + kPiece);
    const ssize_t count = ::read(file.get(), text.data() + had, text.size() - had);
    if (count < 0 && errno != EINTR) return last_error();
    text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return text;
  }
}

Result<std::string, std::error_code> read_some(const UniqueFd& file, std::size_t most) {
  std::string text(most, '\0');
  for (;;) {
    const ssize_t count = ::read(file.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_error();
    text.resize(static_cast<std::size_t>(count));
    return text;
  }
}

}  // namespace districtd

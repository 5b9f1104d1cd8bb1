// The one place from which the program opens files and folders.
#pragma once

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/result.h"

namespace districtd {

// An owned file descriptor.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  ~UniqueFd() {
    if (fd_ >= 0) ::close(fd_);
  }
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }  // to whom closes it

 private:
  int fd_ = -1;
};

// open(2) and openat(2), closed in programs that are started (O_CLOEXEC is added). Empty, with the
// reason in errno, where they fail.
UniqueFd open_file(const std::filesystem::path& file, int flags, mode_t mode = 0);
UniqueFd open_at(int folder_fd, const std::string& name, int flags, mode_t mode = 0);

// openat2(2): `name` lies below the folder, and no link is followed, neither on the way nor at its
// end (ELOOP).
UniqueFd open_beneath(int folder_fd, const std::string& name, int flags, mode_t mode = 0);

// The same for a folder, to be listed or to be worked in.
UniqueFd open_folder(const std::filesystem::path& folder);

// Writes everything; false, with the reason in errno, where that fails.
bool write_all(int fd, std::string_view text);

// Every byte of a file, or why it cannot be read: EISDIR for a folder.
Result<std::string, std::error_code> read_whole(const std::filesystem::path& file);

// The first line without its end and the blanks before that: a password, a token. A file without
// any byte has no line: std::errc::no_message_available.
Result<std::string, std::error_code> read_first_line(const std::filesystem::path& file);

// What a descriptor that is open for reading still has to give, from where it stands.
Result<std::string, std::error_code> read_rest(const UniqueFd& file);

// At most `most` bytes more, "" at the end: for what is too large to be in memory whole.
Result<std::string, std::error_code> read_some(const UniqueFd& file, std::size_t most);

}  // namespace districtd

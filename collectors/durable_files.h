// Files that are whole and on disk or not there at all, and that never replace another.
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

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

 private:
  int fd_ = -1;
};

// Both return 0 or the errno of what failed; EEXIST says that the name is taken. `folder_fd` and
// its like are open directories, which the caller synchronises when all is in place.

// Writes `text` into a new file `name`, which appears when its content is on disk.
int write_new_file(int folder_fd, const std::string& name, std::string_view text);

// Renames without replacing.
int move_file(int from_fd, const std::string& from, int to_fd, const std::string& to);

}  // namespace districtd

// A disk without room, for files of a certain size.
#pragma once

#include <sys/resource.h>

#include <csignal>
#include <cstddef>

namespace districtd {

// While it lives no file of this process grows beyond `bytes`: a write is cut short there, and the
// next one fails, as on a full disk.
class NoRoom {
 public:
  explicit NoRoom(std::size_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~NoRoom() { setrlimit(RLIMIT_FSIZE, &before_); }
  NoRoom(const NoRoom&) = delete;
  NoRoom& operator=(const NoRoom&) = delete;

 private:
  rlimit before_{};
};

}  // namespace districtd

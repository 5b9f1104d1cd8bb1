#include "daemon/log/unblocked_write.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace districtd {
namespace {

// A pipe is ready once PIPE_BUF bytes have room in it (pipe(7)), and then as many do not block.
constexpr std::size_t kStep = PIPE_BUF;

std::error_code wait_for_room(int fd, std::chrono::milliseconds patience) {
  pollfd waiting{fd, POLLOUT, 0};
  for (;;) {
    const int ready = ::poll(&waiting, 1, static_cast<int>(patience.count()));
    if (ready > 0) return {};
    if (ready == 0) return std::make_error_code(std::errc::resource_unavailable_try_again);
    if (errno != EINTR) return {errno, std::generic_category()};
  }
}

}  // namespace

std::error_code write_unblocked(int fd, std::string_view line, std::chrono::milliseconds patience,
                                std::size_t& written) {
  written = 0;
  while (written < line.size()) {
    if (const std::error_code error = wait_for_room(fd, patience)) return error;
    const std::size_t step = std::min(kStep, line.size() - written);
    const ssize_t more = ::write(fd, line.data() + written, step);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return {more < 0 ? errno : EIO, std::generic_category()};
    written += static_cast<std::size_t>(more);
  }
  return {};
}

}  // namespace districtd

#include "collectors/inbox/inbox_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "base/durable_file.h"
#include "base/ports/clock.h"
#include "base/ports/files.h"
#include "collectors/inbox/inbox_survey.h"
#include "collectors/inbox/inbox_trouble.h"

namespace districtd {

namespace {

constexpr std::size_t kReadAtOnce = 1u << 20;
constexpr std::chrono::seconds kFolderIsQuietAfter{60};

FileState state_of(const struct stat& status) {
  return {status.st_mode & S_IFMT, status.st_dev,         status.st_ino,
          status.st_size,          status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

FileState state_of_folder(int folder_fd, const std::string& name, const struct stat& status) {
  FileState state = state_of(status);
  UniqueFd opened = open_beneath(folder_fd, name, O_RDONLY | O_DIRECTORY);
  if (!opened) return state;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(opened.release()), ::closedir);
  if (!folder) return state;
  while (const dirent* entry = ::readdir(folder.get())) {
    struct stat within {};
    if (std::string_view(entry->d_name) == "..") continue;  // changes with what lies beside it
    if (::fstatat(::dirfd(folder.get()), entry->d_name, &within, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    const FileState one = state_of(within);
    if (std::pair(one.modified_s, one.modified_ns) >
        std::pair(state.modified_s, state.modified_ns)) {
      state.modified_s = one.modified_s;
      state.modified_ns = one.modified_ns;
    }
  }
  return state;
}

bool is_quiet(const FileState& folder, const Heard& heard) {
  const std::int64_t age =
      std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count() -
      folder.modified_s;
  return age >= kFolderIsQuietAfter.count() ||
         (heard.state == folder && heard.unchanged_for >= kFolderIsQuietAfter);
}

enum class Writers { none, some, unknown };

Writers writers_of(int fd) {
  // Somebody who opens the file for writing between the two calls breaks the lease, and the signal
  // for that would by default end the process; SIGURG is ignored by default.
  if (::fcntl(fd, F_SETSIG, SIGURG) != 0) return Writers::unknown;
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
    ::fcntl(fd, F_SETLEASE, F_UNLCK);
    return Writers::none;
  }
  return errno == EAGAIN ? Writers::some : Writers::unknown;
}

// Opens a regular file and nothing else. The error is 0 where nothing is called `name`, or
// something that is no regular file.
struct Opened {
  UniqueFd fd;
  FileState state;
  int error = 0;
};

Opened open_file(int folder_fd, const std::string& name) {
  Opened opened;
  struct stat status {};
  // Asked first, because opening a device can have effects.
  if (::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    opened.error = errno == ENOENT ? 0 : errno;
    return opened;
  }
  if (!S_ISREG(status.st_mode)) return opened;
  UniqueFd fd = open_beneath(folder_fd, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    opened.error = errno == ENOENT || errno == ELOOP ? 0 : errno;
    return opened;
  }
  if (!S_ISREG(status.st_mode)) return opened;
  opened.fd = std::move(fd);
  opened.state = state_of(status);
  return opened;
}

// 0, or an errno; ECANCELED where `stop` was set or the file has shrunk.
int read_whole(int fd, std::size_t size, std::string& body, const std::atomic<bool>& stop) {
  try {
    body.resize(size);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  std::size_t at = 0;
  while (at < size) {
    if (stop) return ECANCELED;
    const ssize_t got =
        ::pread(fd, body.data() + at, std::min(kReadAtOnce, size - at), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return ECANCELED;
    at += static_cast<std::size_t>(got);
  }
  return 0;
}

}  // namespace

std::optional<FileSeen> see_name(int folder_fd, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return FileSeen{{status.st_ctim.tv_sec, status.st_ctim.tv_nsec}, status.st_size};
}

FileState state_of_name(int folder_fd, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
  return S_ISDIR(status.st_mode) ? state_of_folder(folder_fd, name, status) : state_of(status);
}

InboxFile read_inbox_file(const OpenFolder& folder, const std::string& name,
                          std::uint64_t max_bytes, const Heard& heard,
                          const std::atomic<bool>& stop) {
  using Result = InboxFile::Result;
  InboxFile file;
  const auto failed = [&](int error) {
    file.result = Result::failed;
    file.trouble = inbox_trouble(folder.path / name, "cannot be read", error).message;
    return std::move(file);
  };
  if (!folder.fd) return failed(folder.error);
  const int folder_fd = folder.fd.get();
  file.state = state_of_name(folder_fd, name);
  const bool is_file = S_ISREG(file.state.type);
  if (file.state.type == 0 || is_shelf(name) || (is_file && heard.created)) return file;
  if (const auto seen = see_name(folder_fd, name); seen && heard.seen && *seen != *heard.seen) {
    file.result = Result::overtaken;
    file.seen = *seen;
    return file;
  }
  if (!is_file) {
    const bool is_settled = !S_ISDIR(file.state.type) || is_quiet(file.state, heard);
    file.result = is_settled ? Result::not_a_file : Result::being_written;
    return file;
  }
  const Opened opened = open_file(folder_fd, name);
  if (opened.error != 0) return failed(opened.error);
  if (!opened.fd) return file;

  file.state = opened.state;
  file.result = Result::being_written;
  const Writers writers = writers_of(opened.fd.get());
  const bool quiet_enough =
      heard.closed || (heard.state == opened.state && heard.unchanged_for >= kQuietWithoutLease);
  if (writers == Writers::some) return file;
  if (writers == Writers::unknown && !quiet_enough) {
    file.result = Result::perhaps_written;
    return file;
  }
  if (static_cast<std::uint64_t>(opened.state.size) > max_bytes) {
    file.result = Result::too_large;
    return file;
  }
  const int error =
      read_whole(opened.fd.get(), static_cast<std::size_t>(opened.state.size), file.body, stop);
  if (error != 0 && error != ECANCELED) return failed(error);
  struct stat after {};
  if (error == ECANCELED || ::fstat(opened.fd.get(), &after) != 0 ||
      state_of(after) != opened.state || writers_of(opened.fd.get()) == Writers::some) {
    file.body.clear();
    return file;
  }
  file.result = Result::read;
  return file;
}

bool is_unchanged(int folder_fd, const std::string& name, const FileState& state) {
  if (!S_ISREG(state.type)) return state_of_name(folder_fd, name) == state;
  const Opened now = open_file(folder_fd, name);
  return now.fd && now.state == state && writers_of(now.fd.get()) != Writers::some;
}

std::optional<std::string> read_regular_file(int folder_fd, const std::string& name,
                                             std::uint64_t max_bytes) {
  const Opened opened = open_file(folder_fd, name);
  if (!opened.fd || static_cast<std::uint64_t>(opened.state.size) > max_bytes) return std::nullopt;
  std::string text;
  if (read_whole(opened.fd.get(), static_cast<std::size_t>(opened.state.size), text, false) != 0) {
    return std::nullopt;
  }
  return text;
}

std::string key_of(const FileState& state, const std::string& name) {
  std::string key;
  for (const std::int64_t part :
       {static_cast<std::int64_t>(state.inode), static_cast<std::int64_t>(state.size),
        state.modified_s, state.modified_ns}) {
    key += std::to_string(part) + ' ';
  }
  return key + name;
}

}  // namespace districtd

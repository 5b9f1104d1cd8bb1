#include "daemon/store/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "daemon/store/records.h"

namespace districtd {
namespace {

std::string first_line(int descriptor) {
  char text[128];
  const ssize_t size = ::pread(descriptor, text, sizeof text, 0);
  const std::string content(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  return content.substr(0, content.find('\n'));
}

[[noreturn]] void fail(const std::filesystem::path& database, const std::string& lock,
                       int system_error, const std::string& holder) {
  if (system_error == EWOULDBLOCK) {
    throw StoreError(database.string() + " is in use by another districtd: " + lock +
                     " is held by process " + (holder.empty() ? "(unknown)" : holder) +
                     "; stop that one first or configure another [store] path");
  }
  throw StoreError(lock + " cannot be locked: " + std::generic_category().message(system_error));
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& database, Time now) {
  const std::string lock = database.string() + ".lock";
  file_ = open_file(lock, O_RDWR | O_CREAT, 0644);
  if (!file_) fail(database, lock, errno, "");
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    const int system_error = errno;
    const std::string holder = first_line(file_.get());
    fail(database, lock, system_error, holder);
  }
  // The line is only for the message above: a full disk must not keep the daemon from starting.
  const std::string line = std::to_string(::getpid()) + " since " + to_rfc3339(now) + "\n";
  if (::ftruncate(file_.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(file_.get(), line.data(), line.size(), 0);
  }
}

LockFile::~LockFile() {
  // The file stays: removing it would let two daemons lock two files of one name.
  [[maybe_unused]] const int truncated = ::ftruncate(file_.get(), 0);
}

}  // namespace districtd

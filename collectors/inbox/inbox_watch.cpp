#include "collectors/inbox/inbox_watch.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string>

#include "collectors/inbox/inbox_survey.h"

namespace districtd {

namespace {

constexpr unsigned kGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT;

}  // namespace

int WatchedFolders::add(int folder_fd, const std::filesystem::path& path, const std::string& key) {
  if (error_ != 0) return error_;
  const unsigned wanted = key.empty() ? IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE
                                      : IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO;
  const unsigned mask = wanted | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
  // The very folder that is open, and not what its path leads to by now. Not under the lock,
  // because the event loop may want that while this hangs; what happens before the key is known is
  // seen when the folder is listed.
  const std::string opened = "/proc/self/fd/" + std::to_string(folder_fd);
  int watch = ::inotify_add_watch(inotify_.get(), opened.c_str(), mask);
  if (watch < 0 && errno == ENOENT) {  // without /proc
    watch = ::inotify_add_watch(inotify_.get(), path.c_str(), mask | IN_DONT_FOLLOW);
  }
  if (watch < 0) return errno;
  const MutexLock lock(mutex_);
  keys_[watch] = key;
  return 0;
}

std::optional<std::string> WatchedFolders::key_of(int watch) const {
  const MutexLock lock(mutex_);
  const auto found = keys_.find(watch);
  return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

void WatchedFolders::erase(int watch) {
  const MutexLock lock(mutex_);
  keys_.erase(watch);
}

InboxWatch::InboxWatch(boost::asio::io_context& io, Arrived arrived, Changed changed)
    : inotify_(io), arrived_(std::move(arrived)), changed_(std::move(changed)) {
  UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  int error = fd ? 0 : errno;
  if (fd) {
    const int listening = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0);
    if (listening < 0) {
      error = errno;
    } else {
      inotify_.assign(listening);
    }
  }
  folders_ = std::make_shared<WatchedFolders>(std::move(fd), error);
}

void InboxWatch::listen() {
  if (!inotify_.is_open()) return;
  inotify_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [weak = weak_from_this()](const boost::system::error_code& error) {
                        const auto self = weak.lock();
                        if (error || !self || !self->inotify_.is_open()) return;
                        self->hear();
                        self->listen();
                      });
}

void InboxWatch::close() {
  boost::system::error_code ignored;
  inotify_.close(ignored);
}

void InboxWatch::hear() {
  alignas(inotify_event) std::array<char, 64 * 1024> buffer;
  Heard most = Heard::nothing;
  while (inotify_.is_open()) {
    const ssize_t size = ::read(inotify_.native_handle(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size) && inotify_.is_open();) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof(inotify_event) + event->len;
      most = std::max(most, handle(event->wd, event->mask, event->len > 0 ? event->name : ""));
    }
  }
  if (most != Heard::nothing && inotify_.is_open()) changed_(most == Heard::loss);
}

InboxWatch::Heard InboxWatch::handle(int watch, unsigned mask, const std::string& name) {
  if ((mask & IN_Q_OVERFLOW) != 0) return Heard::loss;
  const auto key = folders_->key_of(watch);
  if (!key) return Heard::nothing;
  if ((mask & IN_IGNORED) != 0) folders_->erase(watch);
  if ((mask & kGone) != 0) {
    // A folder that was moved away keeps its watch; what happens in it is no concern any more.
    if ((mask & IN_MOVE_SELF) != 0) ::inotify_rm_watch(inotify_.native_handle(), watch);
    return Heard::change;
  }
  if (key->empty()) {
    const bool is_seen = (mask & IN_ISDIR) != 0 || (!name.empty() && !is_left_alone(name));
    return is_seen ? Heard::change : Heard::nothing;
  }
  if (!name.empty()) arrived_(*key, name, (mask & IN_CREATE) != 0);
  return Heard::nothing;
}

}  // namespace districtd

#include "collectors/inbox/inbox_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace districtd {

namespace {

constexpr unsigned kGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT;

}  // namespace

InboxWatch::InboxWatch(boost::asio::io_context& io, Arrived arrived, Changed changed)
    : inotify_(io), arrived_(std::move(arrived)), changed_(std::move(changed)) {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) {
    error_ = errno;
  } else {
    inotify_.assign(fd);
  }
}

int InboxWatch::add(const std::filesystem::path& folder, const std::string& key) {
  if (error_ != 0) return error_;
  const unsigned wanted = key.empty() ? IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE
                                      : IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO;
  // The map is changed under the same lock, so that no event of a new watch finds no key.
  const MutexLock lock(mutex_);
  const int watch = ::inotify_add_watch(inotify_.native_handle(), folder.c_str(),
                                        wanted | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
  if (watch < 0) return errno;
  keys_[watch] = key;
  return 0;
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
  bool changed = false;
  while (inotify_.is_open()) {
    const ssize_t size = ::read(inotify_.native_handle(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size) && inotify_.is_open();) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof(inotify_event) + event->len;
      if (handle(event->wd, event->mask, event->len > 0 ? event->name : "")) changed = true;
    }
  }
  if (changed && inotify_.is_open()) changed_();
}

bool InboxWatch::handle(int watch, unsigned mask, const std::string& name) {
  if ((mask & IN_Q_OVERFLOW) != 0) return true;
  std::string key;
  {
    const MutexLock lock(mutex_);
    const auto found = keys_.find(watch);
    if (found == keys_.end()) return false;
    key = found->second;
    if ((mask & IN_IGNORED) != 0) keys_.erase(found);
  }
  if ((mask & kGone) != 0) {
    // A folder that was moved away keeps its watch; what happens in it is no concern any more.
    if ((mask & IN_MOVE_SELF) != 0) ::inotify_rm_watch(inotify_.native_handle(), watch);
    return true;
  }
  if (key.empty()) return (mask & IN_ISDIR) != 0;
  if (!name.empty()) arrived_(key, name, (mask & IN_CREATE) != 0);
  return false;
}

}  // namespace districtd

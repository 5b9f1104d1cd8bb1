// What the kernel says about the inbox's folders (inotify(7)).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/ports/files.h"
#include "base/thread_annotations.h"

namespace districtd {

// The folders that are watched, by the kernel's numbers for them. Shared by the event loop with a
// survey, which may hang for longer than the watch is there.
//
// Thread: any.
class WatchedFolders {
 public:
  // Takes over `inotify`; `error` is why there is none.
  WatchedFolders(UniqueFd inotify, int error) : inotify_(std::move(inotify)), error_(error) {}

  // Watches an open folder and calls it `key`; `path` is where it was found. "" is the directory
  // above: of it only what comes and goes is reported, as Changed. A folder may be added again.
  // Returns 0 or an errno.
  int add(int folder_fd, const std::filesystem::path& path, const std::string& key)
      EXCLUDES(mutex_);

  // nullopt for a number that is not known.
  std::optional<std::string> key_of(int watch) const EXCLUDES(mutex_);
  void erase(int watch) EXCLUDES(mutex_);

 private:
  const UniqueFd inotify_;
  const int error_;
  mutable Mutex mutex_;
  std::map<int, std::string> keys_ GUARDED_BY(mutex_);  // by watch descriptor
};

// Thread: the event loop's.
class InboxWatch : public std::enable_shared_from_this<InboxWatch> {
 public:
  // (folder's key, name, whether it was only created). A file was closed after writing, or
  // something was moved in. Only created: a file was begun, and its close follows; or there is a
  // new folder, link or FIFO, of which the kernel says nothing more.
  using Arrived =
      std::function<void(const std::string& key, const std::string& name, bool is_only_created)>;
  // The inbox has to be surveyed anew: folders came or went; or, `is_lost`, the kernel's queue
  // overflowed, and what was put since then is not heard of.
  using Changed = std::function<void(bool is_lost)>;

  InboxWatch(boost::asio::io_context& io, Arrived arrived, Changed changed);

  std::shared_ptr<WatchedFolders> folders() const { return folders_; }

  void listen();
  void hear();   // what there is to hear now: the callbacks come before it returns
  void close();  // no callback after it

 private:
  enum class Heard { nothing, change, loss };
  Heard handle(int watch, unsigned mask, const std::string& name);

  boost::asio::posix::stream_descriptor inotify_;
  Arrived arrived_;
  Changed changed_;
  std::shared_ptr<WatchedFolders> folders_;
};

}  // namespace districtd

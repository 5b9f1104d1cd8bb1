// What the kernel says about the inbox's folders (inotify(7)).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/thread_annotations.h"

namespace districtd {

// Thread: listen(), close() and the callbacks on the event loop's; add() on any.
class InboxWatch : public std::enable_shared_from_this<InboxWatch> {
 public:
  // (folder's key, name, whether it was only created). A file was closed after writing, or
  // something was moved in. Only created: a file was begun, and its close follows; or there is a
  // new folder, link or FIFO, of which the kernel says nothing more.
  using Arrived =
      std::function<void(const std::string& key, const std::string& name, bool is_only_created)>;
  // Folders came or went, or the kernel's queue overflowed: the inbox has to be surveyed anew.
  using Changed = std::function<void()>;

  InboxWatch(boost::asio::io_context& io, Arrived arrived, Changed changed);

  // Watches a folder and calls it `key`. "" is the directory above: of it only new and vanished
  // folders are reported, as Changed. A folder may be added again. Returns 0 or an errno.
  int add(const std::filesystem::path& folder, const std::string& key);

  void listen();
  void hear();   // what there is to hear now: the callbacks come before it returns
  void close();  // no callback after it

 private:
  bool handle(int watch, unsigned mask, const std::string& name);

  boost::asio::posix::stream_descriptor inotify_;
  int error_ = 0;  // why there is no inotify
  Arrived arrived_;
  Changed changed_;
  Mutex mutex_;
  std::map<int, std::string> keys_ GUARDED_BY(mutex_);  // by watch descriptor
};

}  // namespace districtd

// A thread for work that may never return, because the file system under it hangs.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/thread_annotations.h"

namespace districtd {

// The way to the event loop for a thread that may outlive it.
//
// Thread: any.
class LoopDoor {
 public:
  explicit LoopDoor(boost::asio::io_context& io) : io_(&io) {}

  // Runs it on the event loop, or never where the door is closed.
  template <class Work>
  void post(Work work) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (io_ != nullptr) boost::asio::post(*io_, std::move(work));
  }

  void close() EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    io_ = nullptr;
  }

 private:
  Mutex mutex_;
  boost::asio::io_context* io_ GUARDED_BY(mutex_);
};

// Nothing ever waits for the thread: the destructor asks it to end, and it ends when the work that
// it is at returns. So the work keeps nothing but values, shared pointers and a LoopDoor.
class BlockingThread {
 public:
  BlockingThread();
  ~BlockingThread();
  BlockingThread(const BlockingThread&) = delete;
  BlockingThread& operator=(const BlockingThread&) = delete;

  // One after the other. What has not begun when this is destroyed never begins.
  void run(std::function<void()> work);

 private:
  // Shared with the thread, which may be there longer.
  struct Shared {
    Mutex mutex;
    std::condition_variable_any wake;
    std::deque<std::function<void()>> work GUARDED_BY(mutex);
    bool is_over GUARDED_BY(mutex) = false;
  };
  static void work_through(Shared& shared);

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace districtd

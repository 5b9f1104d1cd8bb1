#include "collectors/inbox/blocking_thread.h"

#include <csignal>
#include <thread>

namespace districtd {

BlockingThread::BlockingThread() {
  // Signals are the event loop's: the thread is born with all of them blocked.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([shared = shared_] { work_through(*shared); }).detach();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BlockingThread::~BlockingThread() {
  {
    const MutexLock lock(shared_->mutex);
    shared_->is_over = true;
  }
  shared_->wake.notify_one();
}

void BlockingThread::run(std::function<void()> work) {
  {
    const MutexLock lock(shared_->mutex);
    shared_->work.push_back(std::move(work));
  }
  shared_->wake.notify_one();
}

void BlockingThread::work_through(Shared& shared) {
  const MutexLock lock(shared.mutex);
  while (!shared.is_over) {
    if (shared.work.empty()) {
      shared.wake.wait(shared.mutex);
      continue;
    }
    std::function<void()> next = std::move(shared.work.front());
    shared.work.pop_front();
    const MutexUnlock unlocked(shared.mutex);
    next();
    next = nullptr;
  }
}

}  // namespace districtd

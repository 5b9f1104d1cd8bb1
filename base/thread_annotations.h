// Mutexes that say what they guard, checked by Clang (-Wthread-safety): scripts/thread_safety.sh,
// which test.sh runs. With GCC the annotations are nothing and a Mutex costs what a std::mutex
// costs.
//
//   Mutex mutex_;
//   std::condition_variable_any wake_;
//   std::deque<Work> queue_ GUARDED_BY(mutex_);
//   void drop_oldest() REQUIRES(mutex_);  // the caller holds it
//
//   const MutexLock lock(mutex_);
//   wake_.wait(mutex_, [this]() REQUIRES(mutex_) { return !queue_.empty(); });
//
// https://clang.llvm.org/docs/ThreadSafetyAnalysis.html has the words.
#pragma once

#include <mutex>

#if defined(__clang__)
#define DISTRICT_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define DISTRICT_THREAD_ANNOTATION(x)
#endif

#define CAPABILITY(name) DISTRICT_THREAD_ANNOTATION(capability(name))
#define SCOPED_CAPABILITY DISTRICT_THREAD_ANNOTATION(scoped_lockable)
#define GUARDED_BY(mutex) DISTRICT_THREAD_ANNOTATION(guarded_by(mutex))
#define PT_GUARDED_BY(mutex) DISTRICT_THREAD_ANNOTATION(pt_guarded_by(mutex))
#define REQUIRES(...) DISTRICT_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) DISTRICT_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) DISTRICT_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) DISTRICT_THREAD_ANNOTATION(release_capability(__VA_ARGS__))

namespace districtd {

// A std::mutex that Clang follows. A std::condition_variable_any waits on it as it is.
class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

// Holds the mutex as long as it lives.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Lets go of a mutex that the caller holds, and holds it again afterwards: for work that blocks.
class SCOPED_CAPABILITY MutexUnlock {
 public:
  explicit MutexUnlock(Mutex& mutex) RELEASE(mutex) : mutex_(mutex) { mutex_.unlock(); }
  ~MutexUnlock() RELEASE() { mutex_.lock(); }  // Clang's word for "undoes what the constructor did"
  MutexUnlock(const MutexUnlock&) = delete;
  MutexUnlock& operator=(const MutexUnlock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace districtd

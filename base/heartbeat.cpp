#include "base/heartbeat.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "base/thread_annotations.h"

namespace districtd {
namespace {

using std::chrono::milliseconds;

// One thread writes what is atomic, any thread reads it. `doing` is stored last and read first, so
// that work is never seen with the beginning of the piece before.
struct Heartbeat {
  std::size_t number = 0;
  std::string name;
  milliseconds longest{0};
  std::atomic<SteadyTime::rep> since{0};
  std::atomic<const char*> doing{nullptr};
};

struct List {
  Mutex mutex;
  std::vector<std::shared_ptr<Heartbeat>> threads GUARDED_BY(mutex);
  std::size_t next_number GUARDED_BY(mutex) = 0;
};

// Never destroyed: a thread may end after main().
List& list() {
  static List& list = *new List;
  return list;
}

// Shared with the list, which other threads read while this one ends.
struct OwnHeartbeat {
  std::shared_ptr<Heartbeat> heartbeat;
  ~OwnHeartbeat() { leave(); }
  void leave() {
    if (!heartbeat) return;
    const MutexLock lock(list().mutex);
    std::erase(list().threads, heartbeat);
    heartbeat = nullptr;
  }
};
thread_local OwnHeartbeat own;

void begin(Heartbeat& heartbeat, const char* doing) {
  heartbeat.since = steady_now().time_since_epoch().count();
  heartbeat.doing = doing;
}

}  // namespace

void watch_this_thread(const char* name, milliseconds longest) {
  if (own.heartbeat && own.heartbeat->name == name && own.heartbeat->longest == longest) return;
  own.leave();
  auto heartbeat = std::make_shared<Heartbeat>();
  heartbeat->name = name;
  heartbeat->longest = longest;
  const MutexLock lock(list().mutex);
  heartbeat->number = list().next_number++;
  list().threads.push_back(heartbeat);
  own.heartbeat = std::move(heartbeat);
}

Busy::Busy(const char* doing) : outer_(own.heartbeat ? own.heartbeat->doing.load() : nullptr) {
  if (own.heartbeat) begin(*own.heartbeat, doing);
}

Busy::~Busy() {
  if (own.heartbeat) begin(*own.heartbeat, outer_);
}

std::vector<WatchedThread> watched_threads(SteadyTime now) {
  std::vector<WatchedThread> threads;
  const MutexLock lock(list().mutex);
  for (const auto& heartbeat : list().threads) {
    WatchedThread thread{heartbeat->number, heartbeat->name, heartbeat->doing, milliseconds{0},
                         heartbeat->longest};
    if (thread.doing != nullptr) {
      const SteadyTime since{SteadyTime::duration{heartbeat->since}};
      thread.busy_for =
          std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(now - since));
    }
    threads.push_back(std::move(thread));
  }
  return threads;
}

}  // namespace districtd

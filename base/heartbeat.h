// What the program's long-lived threads are doing, for whoever has to notice that one stands still.
//
//   watch_this_thread("store_writer", 10s);   // once, on the thread
//   for (;;) {
//     wait_for_work();                         // idle: as long as it likes
//     const Busy busy("commits");
//     commit();
//   }
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/ports/clock.h"

namespace districtd {

// Puts the calling thread on the list until it ends. A piece of its work that takes longer than
// `longest` means that it is stuck. `name` is one of [a-z_]+; two threads may have the same.
// Calling it again with the same changes nothing, so that work which a pool runs may begin with it.
void watch_this_thread(const char* name, std::chrono::milliseconds longest);

// A piece of work of the calling thread, from here to the end of the scope. Within another it
// counts by itself, and the outer one begins anew at its end: what moves on is not stuck. Does
// nothing on a thread that is not watched. Costs two looks at the clock.
class Busy {
 public:
  explicit Busy(const char* doing);  // a literal, for the log: "commits submissions"
  ~Busy();
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  const char* const outer_;
};

struct WatchedThread {
  std::size_t number = 0;  // in the order in which they were put on the list; never used twice
  std::string name;
  const char* doing = nullptr;            // null: it waits for work
  std::chrono::milliseconds busy_for{0};  // since this piece of work began; 0 where it waits
  std::chrono::milliseconds longest{0};
  bool is_stuck() const { return busy_for > longest; }
};

// All threads on the list, in their order. Any thread.
std::vector<WatchedThread> watched_threads(SteadyTime now = steady_now());

}  // namespace districtd

// Work that holds much memory, a few pieces at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace districtd {

// Whoever begins beyond `most` waits for those before him.
//
// Thread: the event loop's.
class Turns {
 public:
  explicit Turns(std::size_t most) : most_(most) {}

  // Calls `begin`, now or when its turn has come; it does not throw. end() must follow for each,
  // not within it.
  void take(std::function<void()> begin) {
    waiting_.push_back(std::move(begin));
    go_on();
  }
  void end() {
    --under_way_;
    go_on();
  }

 private:
  void go_on() {
    while (under_way_ < most_ && !waiting_.empty()) {
      ++under_way_;
      const std::function<void()> begin = std::move(waiting_.front());
      waiting_.pop_front();
      begin();
    }
  }

  const std::size_t most_;
  std::size_t under_way_ = 0;
  std::deque<std::function<void()>> waiting_;
};

}  // namespace districtd

// Deadlines that are all equally far off, so that the queue's order of arrival is its order of
// time.
#pragma once

#include <chrono>
#include <memory>
#include <boost/asio/io_context.hpp>
#include <boost/intrusive/list.hpp>

#include "base/ports/timer.h"

namespace districtd {

// Whatever can wait in a DeadlineQueue, in one at a time. It leaves the queue when it is destroyed.
class Deadline : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Deadline() = default;
  // Called after it has left the queue. May destroy the object.
  virtual void expired() = 0;
  // Called after it has left the queue, before its time: what it holds is wanted by another. May
  // destroy the object.
  virtual void displaced() = 0;

 private:
  friend class DeadlineQueue;
  Clock::time_point since_;
  Clock::time_point at_;
};

// One timer for any number of connections: moving a deadline costs a few pointers, where a timer of
// each connection's own would cost an insertion and a cancellation for every request.
class DeadlineQueue {
 public:
  DeadlineQueue(boost::asio::io_context& io, Deadline::Clock::duration after);

  // Moves `entry` from whichever queue it is in to the end of this one; it expires the queue's
  // length after `now`. From call to call `now` must not decrease.
  void push(Deadline& entry, Deadline::Clock::time_point now);

  // The length for entries pushed from now on. Entries that wait already keep their deadline, and a
  // later entry never expires before them.
  void set_length(Deadline::Clock::duration after) { after_ = after; }

  // The entry that has waited longest is displaced. False where none waits, or none since
  // `waiting_since` or earlier.
  bool displace_first(Deadline::Clock::time_point waiting_since);
  bool displace_first() { return displace_first(Deadline::Clock::time_point::max()); }
  // The same for the first for which `is_meant` holds.
  template <typename IsMeant>
  bool displace_first_of(IsMeant is_meant) {
    for (Deadline& entry : entries_) {
      if (!is_meant(entry)) continue;
      entry.unlink();
      entry.displaced();
      return true;
    }
    return false;
  }
  bool empty() const { return entries_.empty(); }

  // No entry expires any more until the next push.
  void stop();

 private:
  using Entries = boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>>;

  void arm();
  void expire_first();

  Deadline::Clock::duration after_;
  Timer timer_;
  Entries entries_;
  bool armed_ = false;
  // Shared weakly with the timer's handler, which may still run after the queue was destroyed.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace districtd

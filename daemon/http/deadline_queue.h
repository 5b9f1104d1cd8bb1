// Deadlines of one and the same length, so that a queue in order of arrival is in order of time.
#pragma once

#include <chrono>
#include <memory>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

namespace districtd {

// Something that waits in at most one queue; leaves it by itself when it is destroyed.
class Deadline : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Deadline() = default;
  virtual void expired() = 0;  // it has left its queue; may destroy itself

 private:
  friend class DeadlineQueue;
  Clock::time_point at_;
};

// One timer for any number of connections: moving a deadline costs a few pointers, where a timer of
// each connection's own would cost an insertion and a cancellation for every request.
class DeadlineQueue {
 public:
  DeadlineQueue(boost::asio::io_context& io, Deadline::Clock::duration after);

  // `entry` expires this queue's length after `now`, whatever it waited for before. The calls'
  // `now` must not decrease.
  void push(Deadline& entry, Deadline::Clock::time_point now);

  // From the next push on. Those that wait keep theirs; behind them a shorter one waits as long.
  void set_length(Deadline::Clock::duration after) { after_ = after; }

  // The first that would expire does so now; false where none waits.
  bool expire_first();
  bool empty() const { return entries_.empty(); }

  // Nothing expires any more until the next push.
  void stop();

 private:
  using Entries = boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>>;

  void arm();

  Deadline::Clock::duration after_;
  boost::asio::steady_timer timer_;
  Entries entries_;
  bool armed_ = false;
  // Asked by a timer's handler that was already on its way when the queue went; nobody else shares.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace districtd

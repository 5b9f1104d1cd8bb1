// The places of one listener: how many connections it may have, and who goes first where another
// wants to come.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "daemon/http/deadline_queue.h"
#include "daemon/http/server.h"

namespace districtd {

// Whom a connection counts against: an IPv4 address, or the first 64 bits of an IPv6 one, which is
// what a single customer has (RFC 6177). "" for loopback, where a proxy speaks for everybody.
std::string client_of(const boost::asio::ip::address& address);

// A connection waits in one of its listener's queues, by what it waits for. Each listener has
// places of its own, so that a crowd at one keeps nobody from another.
//
// Thread: the event loop's.
class Places {
 public:
  // What a new connection has sent may lie in the kernel: before it has had this long, it need not
  // make room.
  static constexpr std::chrono::milliseconds kHearing{25};
  // A client that takes nothing of its answer for this long, or whose request is not answered
  // within it, may have to make room.
  static constexpr std::chrono::seconds kStalled{1};

  Places(boost::asio::io_context& io, const HttpLimits& limits);

  void set_limits(const HttpLimits& limits);
  void stop();
  void stop_but_linger();  // nobody is waited for any more

  bool is_full() const { return taken_ >= most_; }
  std::size_t taken() const { return taken_; }

  // Whether there is a place for another connection. Where all are taken it displaces, in this
  // order, who has not yet proved that he wants anything, who is idle, who has had his last answer,
  // who takes nothing of his answer, whose request hangs; the longest waiting first.
  // `has_waited`: the newcomer has waited for kHearing; then nobody unheard protects who was
  // served.
  bool make_room(Deadline::Clock::time_point now, bool has_waited = false);

  // A connection of this client comes. False, and nothing is counted, where the client has as many
  // as one may have, and none of them that is unproven or idle, which makes room; `is_of_client`
  // says whether an entry of a queue is such a connection.
  template <typename IsOfClient>
  bool enter(const std::string& client, IsOfClient is_of_client) {
    if (has_too_many(client) && !unproven.displace_first_of(is_of_client) &&
        !idle.displace_first_of(is_of_client)) {
      ++refused;
      return false;
    }
    count(client);
    return true;
  }
  void leave(const std::string& client);

  // A request with a body may come, whose answer may have to wait for a disk: they never have the
  // last quarter of the places, so that whoever asks for less is still let in. False beyond.
  bool begin_push();
  void end_push() { --pushes_; }

  DeadlineQueue unproven;     // for a handshake, and a request that no token stands for, to arrive
  DeadlineQueue arriving;     // for more of a request that a token stands for
  DeadlineQueue handled;      // for the handler's answer
  DeadlineQueue moving;       // for the client to take more of its answer
  DeadlineQueue idle;         // for the next request to begin
  DeadlineQueue linger;       // for the client to close after the last answer
  std::size_t displaced = 0;  // how many have made room for another since the start
  std::size_t refused = 0;    // how many were closed at once, for their client has too many

 private:
  bool has_too_many(const std::string& client) const;
  void count(const std::string& client);

  std::size_t most_;
  std::size_t most_of_a_client_;
  std::size_t taken_ = 0;
  std::size_t pushes_ = 0;
  std::unordered_map<std::string, std::size_t> of_client_;  // without those of ""
};

}  // namespace districtd

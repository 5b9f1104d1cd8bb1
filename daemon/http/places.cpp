#include "daemon/http/places.h"

#include <chrono>
#include <string>

#include "base/check.h"

namespace districtd {
namespace {

constexpr std::chrono::seconds kLinger{2};
constexpr std::size_t kPrefix = 8;  // bytes of an IPv6 address

}  // namespace

std::string client_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) return address.is_loopback() ? "" : address.to_string();
  const auto& six = address.to_v6();
  if (six.is_v4_mapped()) {
    return client_of(boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, six));
  }
  if (six.is_loopback()) return "";
  const auto bytes = six.to_bytes();
  return {bytes.begin(), bytes.begin() + kPrefix};
}

Places::Places(boost::asio::io_context& io, const HttpLimits& limits)
    : unproven(io, limits.request_timeout),
      arriving(io, limits.request_timeout),
      handled(io, limits.answer_timeout),
      moving(io, limits.request_timeout),
      idle(io, limits.idle_timeout),
      linger(io, kLinger),
      most_(limits.max_connections),
      most_of_a_client_(limits.max_connections_per_client) {}

void Places::set_limits(const HttpLimits& limits) {
  for (DeadlineQueue* const queue : {&unproven, &arriving, &moving}) {
    queue->set_length(limits.request_timeout);
  }
  handled.set_length(limits.answer_timeout);
  idle.set_length(limits.idle_timeout);
  most_ = limits.max_connections;
  most_of_a_client_ = limits.max_connections_per_client;
}

void Places::stop() {
  stop_but_linger();
  linger.stop();
}

void Places::stop_but_linger() {
  for (DeadlineQueue* const queue : {&unproven, &arriving, &handled, &moving, &idle}) {
    queue->stop();
  }
}

bool Places::make_room(Deadline::Clock::time_point now, bool has_waited) {
  const auto stalled = now - kStalled;
  bool has_told_one = false;  // whose request hangs; his place is free once he has had the 503
  while (is_full()) {
    // While somebody has yet to be heard, nobody who was served goes for another stranger; for one
    // who has waited as long as that he does.
    const bool may_go = unproven.empty() || has_waited;
    bool made = unproven.displace_first(now - kHearing) ||
                (may_go && (idle.displace_first() || linger.displace_first() ||
                            moving.displace_first(stalled)));
    if (!made && may_go && !has_told_one) {
      made = has_told_one = handled.displace_first(stalled);
    }
    if (!made) return false;
    ++displaced;
  }
  return true;
}

bool Places::has_too_many(const std::string& client) const {
  if (client.empty() || most_of_a_client_ == 0) return false;
  const auto found = of_client_.find(client);
  return found != of_client_.end() && found->second >= most_of_a_client_;
}

void Places::count(const std::string& client) {
  ++taken_;
  if (!client.empty()) ++of_client_[client];
}

void Places::leave(const std::string& client) {
  DISTRICT_CHECK(taken_ > 0, "only who has a place leaves it");
  --taken_;
  if (client.empty()) return;
  const auto found = of_client_.find(client);
  if (--found->second == 0) of_client_.erase(found);
}

bool Places::begin_push() {
  if (pushes_ >= most_ - most_ / 4) return false;
  ++pushes_;
  return true;
}

}  // namespace districtd

#include "daemon/http/failed_attempts.h"

#include <algorithm>
#include <cmath>

#include "daemon/http/address_range.h"
#include "daemon/http/host_name.h"

namespace districtd {

namespace {

constexpr unsigned kPrefixOfOne = 64;  // of IPv6

}  // namespace

FailedAttempts::Address FailedAttempts::key_of(const Address& address) {
  const Address one = plain(address);
  return one.is_v4() ? one : first_of_range(one, kPrefixOfOne);
}

double FailedAttempts::left_of(const Failures& failures, Clock::time_point now) {
  const std::chrono::duration<double> passed = now - failures.at;
  return std::max(0.0, failures.count - passed / std::chrono::duration<double>(kPause));
}

std::optional<std::chrono::seconds> FailedAttempts::wait(const Address& address,
                                                         Clock::time_point now) const {
  const auto found = by_address_.find(key_of(address));
  if (found == by_address_.end()) return std::nullopt;
  const double beyond = left_of(*found->second, now) - (kAtOnce - 1);
  if (beyond <= 0) return std::nullopt;
  const double seconds = std::ceil(beyond * std::chrono::duration<double>(kPause).count());
  return std::chrono::seconds(std::max(1L, static_cast<long>(seconds)));
}

void FailedAttempts::count_failure(const Address& address, Clock::time_point now) {
  const Address key = key_of(address);
  const auto found = by_address_.find(key);
  if (found != by_address_.end()) {
    Failures& failures = *found->second;
    failures.count = std::min<double>(kAtOnce, left_of(failures, now) + 1);
    failures.at = now;
    failures_.splice(failures_.begin(), failures_, found->second);
    return;
  }
  failures_.push_front({key, 1, now});
  by_address_.emplace(key, failures_.begin());
  if (failures_.size() <= kMostAddresses) return;
  by_address_.erase(failures_.back().address);
  failures_.pop_back();
}

void FailedAttempts::remember_good(const std::string& credential, const Address& address) {
  if (is_good_here(credential, address)) return;
  // Only known credentials get here: this many were never in use at the same time.
  if (good_.size() >= kMostCredentials && !good_.contains(credential)) good_.clear();
  Places& places = good_[credential];
  places.addresses[places.next] = key_of(address);
  places.next = (places.next + 1) % places.addresses.size();
}

bool FailedAttempts::is_good_here(const std::string& credential, const Address& address) const {
  const auto found = good_.find(credential);
  if (found == good_.end()) return false;
  const auto& places = found->second.addresses;
  return std::find(places.begin(), places.end(), key_of(address)) != places.end();
}

}  // namespace districtd

// From where tokens and passwords were shown that nobody knows, and what that address may still
// try.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <boost/asio/ip/address.hpp>

namespace districtd {

// Slows guessing. An address has kAtOnce failures, and gets one of them back every kPause; with
// none left, what it shows is as good as not looked at. Of IPv6 the first 64 bits count, for
// whoever has one address there has all behind it.
//
// Many people may share one address (NAT), and one of them who guesses must not keep the others
// out: credentials that were good from an address before stay good there. On loopback, which a
// proxy and every program of the machine share, good ones always are.
//
// Memory is bounded: at most kMostAddresses are kept, the one that failed longest ago goes first.
//
// Thread: the event loop's.
class FailedAttempts {
 public:
  using Address = boost::asio::ip::address;
  using Clock = std::chrono::steady_clock;

  static constexpr int kAtOnce = 20;
  static constexpr std::chrono::seconds kPause{3};
  static constexpr std::size_t kMostAddresses = 4096;
  static constexpr std::size_t kMostCredentials = 4096;

  // How long until something unknown from this address is looked at again; nullopt: it is now.
  std::optional<std::chrono::seconds> wait(const Address& address, Clock::time_point now) const;

  void count_failure(const Address& address, Clock::time_point now);

  // `credential` is what the good ones are told apart by, such as their SHA-256.
  void remember_good(const std::string& credential, const Address& address);
  bool is_good_here(const std::string& credential, const Address& address) const;

  std::size_t addresses() const { return failures_.size(); }

 private:
  struct Failures {
    Address address;
    double count = 0;
    Clock::time_point at{};
  };
  // The addresses from which one credential was good last, the newest behind `next`.
  struct Places {
    std::array<std::optional<Address>, 8> addresses;
    std::size_t next = 0;
  };

  static Address key_of(const Address& address);
  static double left_of(const Failures& failures, Clock::time_point now);

  std::list<Failures> failures_;  // the one that failed last in front
  std::map<Address, std::list<Failures>::iterator> by_address_;
  std::unordered_map<std::string, Places> good_;
};

}  // namespace districtd

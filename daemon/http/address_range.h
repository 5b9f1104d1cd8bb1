// Addresses that begin alike: "10.1.0.0/16".
#pragma once

#include <string>
#include <string_view>
#include <boost/asio/ip/address.hpp>

#include "base/result.h"

namespace districtd {

class AddressRange {
 public:
  // An address of IPv4 or IPv6 with a length of its prefix, or one address alone. The error says
  // what is wrong and what was expected.
  static Result<AddressRange, std::string> parse(std::string_view text);

  // An address of IPv4 in the form of IPv6 (::ffff:10.1.2.3) is one of IPv4.
  bool contains(const boost::asio::ip::address& address) const;

  bool operator==(const AddressRange&) const = default;

 private:
  AddressRange(const boost::asio::ip::address& first, unsigned prefix)
      : first_(first), prefix_(prefix) {}

  boost::asio::ip::address first_;
  unsigned prefix_;  // bits
};

// The address with all bits behind the prefix at zero.
boost::asio::ip::address first_of_range(const boost::asio::ip::address& address, unsigned prefix);

}  // namespace districtd

// A host as a client names it: in the Host header, in an Origin, in the configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <boost/asio/ip/address.hpp>

namespace districtd {

struct HostName {
  // In lower case, without a port, a dot at the end, and the brackets of an address: "localhost",
  // "10.1.2.3", "::1".
  std::string name;
  // Where the name is an address; one of IPv4 in the form of IPv6 (::ffff:10.1.2.3) is of IPv4.
  std::optional<boost::asio::ip::address> address;

  bool operator==(const HostName&) const = default;
};

// "Localhost:9480", "[::1]:9480", "10.1.2.3"; the port is not looked at. nullopt for anything else.
std::optional<HostName> parse_host(std::string_view text);

// An address of this machine that only this machine reaches, or the name localhost.
bool is_loopback(const HostName& host);
bool is_loopback(const boost::asio::ip::address& address);

// An address of IPv4 in the form of IPv6 as one of IPv4, any other as it is.
boost::asio::ip::address plain(const boost::asio::ip::address& address);

}  // namespace districtd

#include "daemon/http/host_name.h"

#include <algorithm>

#include "base/text.h"

namespace districtd {

namespace ip = boost::asio::ip;

namespace {

bool is_port(std::string_view text) {
  return text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::optional<ip::address> address_of(const std::string& name) {
  boost::system::error_code failure;
  const auto address = ip::make_address(name, failure);
  if (failure) return std::nullopt;
  return plain(address);
}

std::optional<HostName> bracketed(std::string_view text) {
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view port = text.substr(end + 1);
  if (!port.empty() && (port.front() != ':' || !is_port(port.substr(1)))) return std::nullopt;
  std::string name = lower_ascii(text.substr(1, end - 1));
  auto address = address_of(name);
  if (!address || name.find(':') == std::string::npos) return std::nullopt;
  return HostName{std::move(name), address};
}

}  // namespace

std::optional<HostName> parse_host(std::string_view text) {
  if (text.starts_with('[')) return bracketed(text);
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return std::nullopt;
  std::string name = lower_ascii(text.substr(0, colon));
  if (name.ends_with('.')) name.pop_back();
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_of_a_name)) return std::nullopt;
  const bool may_be_address = name.back() >= '0' && name.back() <= '9';
  auto address = may_be_address ? address_of(name) : std::nullopt;
  return HostName{std::move(name), address};
}

bool is_loopback(const HostName& host) {
  return host.address ? is_loopback(*host.address) : host.name == "localhost";
}

bool is_loopback(const ip::address& address) { return plain(address).is_loopback(); }

ip::address plain(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

}  // namespace districtd

#include "daemon/http/known_hosts.h"

#include <algorithm>

#include "base/text.h"
#include "daemon/http/listen_address.h"

namespace districtd {

namespace ip = boost::asio::ip;

KnownHosts::KnownHosts(const std::vector<std::string>& hosts) {
  for (const std::string& host : hosts) add(host);
}

KnownHosts KnownHosts::of_listeners(const std::vector<std::string>& listen,
                                    const std::vector<ip::address>& own_addresses,
                                    const std::vector<std::string>& own_names) {
  KnownHosts hosts;
  hosts.add("localhost");
  for (const std::string& name : own_names) hosts.add(name);
  for (const std::string& each : listen) {
    const auto endpoint = parse_listen_address(each);
    if (!endpoint) continue;
    hosts.add(endpoint->address());
    if (!endpoint->address().is_unspecified()) continue;
    for (const ip::address& own : own_addresses) hosts.add(own);
  }
  return hosts;
}

std::string KnownHosts::text() const {
  constexpr std::size_t kMost = 8;
  std::string text;
  std::size_t shown = 0;
  for (const std::string& name : names_) {
    if (++shown > kMost) return text + ", ...";
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

std::string KnownHosts::key_of(const HostName& host) {
  return host.address ? host.address->to_string() : host.name;
}

void KnownHosts::add(std::string_view host) {
  // An address of IPv6 is written in brackets only where a port may follow.
  const bool is_bare_v6 = std::count(host.begin(), host.end(), ':') > 1 && !host.starts_with('[');
  const auto parsed = parse_host(is_bare_v6 ? "[" + std::string(host) + "]" : std::string(host));
  if (parsed) names_.insert(key_of(*parsed));
}

void KnownHosts::add(const ip::address& address) {
  // A client names an address without its zone (fe80::1%eth0).
  const ip::address known = plain(address);
  names_.insert(known.is_v6() ? ip::address_v6(known.to_v6().to_bytes()).to_string()
                              : known.to_string());
}

bool stands_for(std::string_view certified, const HostName& host) {
  const std::string name = lower_ascii(certified);
  if (host.address) {
    const auto parsed = parse_host(name.find(':') != std::string::npos ? "[" + name + "]" : name);
    return parsed && parsed->address == host.address;
  }
  if (!name.starts_with("*.")) return name == host.name;
  const std::size_t dot = host.name.find('.');
  return dot != std::string::npos && dot > 0 &&
         std::string_view(host.name).substr(dot) == std::string_view(name).substr(1);
}

}  // namespace districtd

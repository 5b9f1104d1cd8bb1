// Under which names clients may ask for this daemon.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>
#include <boost/asio/ip/address.hpp>

#include "daemon/http/host_name.h"

namespace districtd {

// A page of another host whose name its owner lets point here (DNS rebinding) asks under that name,
// which is not known; so nothing is answered to it.
class KnownHosts {
 public:
  KnownHosts() = default;

  // Names and addresses, without a port. What is neither is left out.
  explicit KnownHosts(const std::vector<std::string>& hosts);

  // [http] hosts where it names none: the addresses listened on, a wildcard meaning every address
  // of the machine, localhost, and the machine's names. The certificate's names are the server's to
  // add. Each `listen` is one that parse_listen_address() takes.
  static KnownHosts of_listeners(const std::vector<std::string>& listen,
                                 const std::vector<boost::asio::ip::address>& own_addresses,
                                 const std::vector<std::string>& own_names);

  bool knows(const HostName& host) const { return names_.contains(key_of(host)); }
  bool empty() const { return names_.empty(); }

  // For people, such as "10.1.2.3, localhost"; at most a few.
  std::string text() const;

 private:
  static std::string key_of(const HostName& host);
  void add(std::string_view host);
  void add(const boost::asio::ip::address& address);

  std::set<std::string> names_;  // an address as its standard text
};

// Whether a name of a certificate, such as "districtd.example.org", "*.example.org" or "10.1.2.3",
// stands for this host (RFC 6125 section 6.4: a star is one label, the first).
bool stands_for(std::string_view certified, const HostName& host);

}  // namespace districtd

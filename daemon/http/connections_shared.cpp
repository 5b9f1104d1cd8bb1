#include "daemon/http/connections_shared.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/digest.h"
#include "daemon/http/certificate.h"
#include "daemon/http/host_name.h"

namespace districtd {
namespace {

std::vector<HttpRoute> served_to(Audience audience, std::vector<HttpRoute> routes) {
  std::erase_if(routes, [&](const HttpRoute& route) { return !is_served(route.access, audience); });
  return routes;
}

std::uint64_t random_start() {
  std::random_device random;
  return (std::uint64_t{random()} << 32U) | random();
}

}  // namespace

ConnectionsShared::ConnectionsShared(HttpServerOptions given, HttpApi api,
                                     HttpServer::Observer given_observer,
                                     std::shared_ptr<ByteBudget> given_budget)
    : options(std::move(given)),
      routes(api.routes),
      routes_for_token_holders(served_to(Audience::token_holders, api.routes)),
      routes_for_bulletin_readers(served_to(Audience::bulletin_readers, api.routes)),
      authenticator(std::move(api.authenticator)),
      observer(std::move(given_observer)),
      budget(std::move(given_budget)),
      pieces(budget),
      last_request_id_(random_start()) {
  DISTRICT_CHECK(
      authenticator != nullptr ||
          std::none_of(api.routes.begin(), api.routes.end(),
                       [](const HttpRoute& route) { return needs_authenticator(route.access); }),
      "somebody knows the tokens that a route asks for");
}

bool ConnectionsShared::is_own_host(std::string_view host,
                                    const boost::asio::ip::address& local) const {
  const auto named = parse_host(host);
  if (!named) return false;
  if (options.hosts.knows(*named)) return true;
  // Programs of this machine go on as before. No page can have been reached under such a name but
  // one of this machine.
  if (is_loopback(local) && is_loopback(*named)) return true;
  // Whoever reached us under an address of this machine, or a name that our certificate vouches
  // for, is right. Where the configuration names the hosts, it names them all.
  if (!options.hosts_are_default) return false;
  if (named->address == plain(local)) return true;
  if (!options.certificate) return false;
  const auto& names = options.certificate->names();
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return stands_for(name, *named); });
}

std::string ConnectionsShared::new_request_id() {
  std::array<unsigned char, 6> bytes{};
  std::uint64_t rest = ++last_request_id_;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, rest >>= 8U) {
    *byte = static_cast<unsigned char>(rest & 0xFFU);
  }
  return to_hex(bytes);
}

}  // namespace districtd

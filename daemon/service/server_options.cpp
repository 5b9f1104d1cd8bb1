#include "daemon/service/server_options.h"

#include <string>
#include <utility>
#include <vector>

#include "base/ports/network.h"

namespace districtd {

HttpLimits server_limits(const HttpConfig& http) {
  HttpLimits limits;
  limits.max_body_bytes = http.max_body_bytes;
  limits.max_header_bytes = http.max_header_bytes;
  limits.max_connections = http.max_connections;
  limits.max_connections_per_client = http.max_connections_per_client;
  limits.request_timeout = http.request_timeout;
  limits.idle_timeout = http.idle_timeout;
  limits.answer_timeout = http.answer_timeout;
  limits.least_bytes_per_second = http.least_bytes_per_second;
  limits.memory_bytes = http.memory_bytes;
  return limits;
}

HttpServerOptions server_options(const HttpConfig& http,
                                 std::shared_ptr<ServerCertificate> certificate) {
  HttpServerOptions options;
  static_cast<HttpLimits&>(options) = server_limits(http);
  options.listen = http.listen;
  options.bulletin_listen = http.bulletin_listen;
  options.hosts = own_hosts(http);
  options.hosts_are_default = http.hosts.empty();
  if (http.tls) {
    options.tls_listen = http.tls->listen;
    options.certificate = std::move(certificate);
    options.tls_serves_all = http.tls->serves_all;
  }
  return options;
}

KnownHosts own_hosts(const HttpConfig& http) {
  if (!http.hosts.empty()) return KnownHosts(http.hosts);
  std::vector<std::string> listen = http.listen;
  listen.insert(listen.end(), http.bulletin_listen.begin(), http.bulletin_listen.end());
  if (http.tls) listen.insert(listen.end(), http.tls->listen.begin(), http.tls->listen.end());
  return KnownHosts::of_listeners(listen, own_addresses(), own_names());
}

PushLimits push_limits(const HttpConfig& http) {
  return {http.max_body_bytes, http.pushes_per_minute};
}

}  // namespace districtd

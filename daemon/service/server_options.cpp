#include "daemon/service/server_options.h"

#include <utility>

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
  if (http.tls) {
    options.tls_listen = http.tls->listen;
    options.certificate = std::move(certificate);
    options.tls_serves_all = http.tls->serves_all;
  }
  return options;
}

PushLimits push_limits(const HttpConfig& http) {
  return {http.max_body_bytes, http.pushes_per_minute};
}

}  // namespace districtd

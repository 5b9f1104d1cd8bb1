// What [http] and [http.tls] of the configuration mean for the server and for pushes. Pure.
#pragma once

#include <memory>

#include "collectors/http_push.h"
#include "daemon/config/http_config.h"
#include "daemon/http/server.h"

namespace districtd {

HttpLimits server_limits(const HttpConfig& http);

// `certificate` is that of [http.tls]; nullptr without.
HttpServerOptions server_options(const HttpConfig& http,
                                 std::shared_ptr<ServerCertificate> certificate);

PushLimits push_limits(const HttpConfig& http);

}  // namespace districtd

// What [http] of the configuration means for the server and for pushes. Pure, but for own_hosts().
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

// Under which names the daemon may be asked: those of [http] hosts; where it names none, the
// addresses listened on with what this machine is called now.
KnownHosts own_hosts(const HttpConfig& http);

PushLimits push_limits(const HttpConfig& http);

}  // namespace districtd

// What the operator and the monitoring ask for.
#pragma once

#include "daemon/api/routes.h"

namespace districtd {

// GET /metrics: the text format of Prometheus.
void show_metrics(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /-/healthy: 200 as long as the daemon answers at all.
void show_healthy(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /-/ready: 503 with the reasons while it is stopping or a thread is stuck.
void show_ready(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// POST /-/reload: reads the configuration and the targets again, all or nothing.
void reload_configuration(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

}  // namespace districtd

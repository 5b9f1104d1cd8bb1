#include "daemon/api/routes.h"

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "daemon/api/bulletin_routes.h"
#include "daemon/api/change_routes.h"
#include "daemon/api/narrative_route.h"
#include "daemon/api/operation_routes.h"
#include "daemon/api/submission_routes.h"
#include "daemon/api/target_routes.h"
#include "daemon/api/token_authenticator.h"

namespace districtd {

std::span<const ApiRoute> api_routes() {
  static constexpr std::array kRoutes = std::to_array<ApiRoute>({
      {"POST", "/api/v1/observations", Access::department, push_observations, RequestBody::taken,
       check_push},
      {"GET", "/api/v1/submissions/{id}", Access::read_own, show_submission},
      {"GET", "/api/v1/submissions", Access::read, list_waiting},
      {"POST", "/api/v1/submissions/{id}/confirm", Access::office, confirm_held},
      {"POST", "/api/v1/submissions/{id}/reject", Access::office, reject_held},
      {"GET", "/api/v1/targets", Access::read, list_targets},
      {"GET", "/api/v1/targets/{id}", Access::read, show_target},
      {"GET", "/api/v1/targets/{id}/narrative", Access::read, show_narrative},
      {"POST", "/api/v1/targets/{id}/narrative", Access::department, push_narrative,
       RequestBody::taken, check_push},
      {"GET", "/api/v1/targets/{id}/explanation", Access::read, explain_target},
      {"GET", "/api/v1/checks", Access::read, list_checks},
      {"GET", "/api/v1/departments", Access::read, list_departments},
      {"GET", "/api/v1/changes", Access::read, list_changes},
      {"GET", "/bulletins", Access::bulletins, redirect_to_bulletins},
      {"GET", "/bulletins/", Access::bulletins, list_bulletins},
      {"GET", "/bulletins/{id}", Access::bulletins, show_bulletin},
      {"POST", "/-/bulletins/{id}/resend", Access::operation, resend_bulletin},
      {"GET", "/metrics", Access::metrics, show_metrics},
      {"GET", "/-/healthy", Access::open, show_healthy},
      {"GET", "/-/ready", Access::open, show_ready},
      {"POST", "/-/reload", Access::operation, reload_configuration},
  });
  return kRoutes;
}

HttpApi http_api(const ApiParts& parts) {
  // Shared by the closures of all routes, which the server copies.
  const auto shared = std::make_shared<const ApiParts>(parts);
  HttpApi api;
  for (const ApiRoute& route : api_routes()) {
    HttpRoute bound{std::string(route.method), std::string(route.pattern), route.access,
                    [shared, handle = route.handle](HttpRequest request, HttpReply reply) {
                      handle(*shared, request, reply);
                    },
                    route.body};
    if (route.check_head != nullptr) {
      bound.check_head = [shared, check = route.check_head](const HttpRequest& request) {
        return check(*shared, request);
      };
    }
    api.routes.push_back(std::move(bound));
  }
  api.authenticator =
      std::make_unique<TokenAuthenticator>(parts.push, parts.metrics_access, parts.registry);
  return api;
}

}  // namespace districtd

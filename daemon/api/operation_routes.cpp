#include "daemon/api/operation_routes.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace districtd {

void show_metrics(const ApiParts& parts, HttpRequest&, HttpReply& reply) {
  HttpAnswer answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.pieces = parts.pipeline.render_metrics();
  answer.pieces.push_back(std::make_shared<const std::string>(parts.own_metrics()));
  reply(std::move(answer));
}

void show_healthy(const ApiParts&, HttpRequest&, HttpReply& reply) {
  reply(text_answer(200, "districtd is healthy.\n"));
}

void show_ready(const ApiParts& parts, HttpRequest&, HttpReply& reply) {
  const std::vector<std::string> reasons = parts.why_not_ready();
  if (reasons.empty()) return reply(text_answer(200, "districtd is ready.\n"));
  std::string text;
  for (const std::string& reason : reasons) text += reason + '\n';
  reply(text_answer(503, std::move(text)));
}

void reload_configuration(const ApiParts& parts, HttpRequest&, HttpReply& reply) {
  parts.reload(std::move(reply));
}

}  // namespace districtd

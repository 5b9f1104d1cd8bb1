#include "daemon/api/operation_routes.h"

#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>
#include <boost/asio/post.hpp>

#include "base/heartbeat.h"

namespace districtd {

namespace {

// Calls `reply` on the event loop with the answer, its pieces as one gzip member; as it is where
// there is no memory for that.
void reply_in_gzip(const ApiParts& parts, HttpAnswer answer, HttpReply reply) {
  boost::asio::post(
      parts.compressor, [&io = parts.io, gzip = parts.gzip, answer = std::move(answer),
                         reply = std::move(reply)]() mutable {
        const Busy busy("deflates /metrics");
        try {
          answer.pieces = gzip->compress(answer.pieces);
          answer.headers.emplace_back("Content-Encoding", "gzip");
        } catch (const std::bad_alloc&) {  // it goes out as it is
        }
        boost::asio::post(io, [answer = std::move(answer), reply = std::move(reply)]() mutable {
          reply(std::move(answer));
        });
      });
}

}  // namespace

void show_metrics(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  HttpAnswer answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.pieces = parts.pipeline.render_metrics();
  answer.pieces.push_back(std::make_shared<const std::string>(parts.own_metrics()));
  answer.headers.emplace_back("Vary", "Accept-Encoding");
  if (!request.accepts_gzip) return reply(std::move(answer));
  reply_in_gzip(parts, std::move(answer), std::move(reply));
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

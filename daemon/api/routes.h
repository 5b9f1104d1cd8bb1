// The list of routes: what there is, who may use it, and which function answers. docs/api.md
// describes each for departments and programs.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <prometheus/registry.h>

#include "collectors/http_push.h"
#include "daemon/api/turns.h"
#include "daemon/config/http_config.h"
#include "daemon/delivery/scheduler.h"
#include "daemon/exporter/gzip_pieces.h"
#include "daemon/http/route.h"
#include "daemon/pipeline/pipeline.h"

namespace districtd {

// What the routes translate for. All of it outlives the server.
struct ApiParts {
  boost::asio::io_context& io;
  boost::asio::thread_pool& workers;  // reads the store and renders long answers
  // Deflates /metrics: a thread that waits for no disk.
  boost::asio::thread_pool& compressor;
  Pipeline& pipeline;
  HttpPush& push;
  Store& store;
  BulletinScheduler& scheduler;
  const MetricsAccess& metrics_access;  // changes with a reload
  prometheus::Registry& registry;
  std::filesystem::path store_path;
  std::function<std::string()> own_metrics;  // the text of the daemon's own families
  // Why /-/ready answers 503, in sentences for the operator; empty: it is ready.
  std::function<std::vector<std::string>()> why_not_ready;
  std::function<void(HttpReply)> reload;                              // POST /-/reload
  std::shared_ptr<GzipPieces> gzip = std::make_shared<GzipPieces>();  // the compressor's
  // For answers from the board's now: one is made, the next is ready. Shared by all routes.
  std::shared_ptr<Turns> turns = std::make_shared<Turns>(2);
};

// One row of the list. Both functions are called on the event loop's thread, with a request that
// `access` lets in. `handle` may move from the request and the reply; the request has a body only
// where it is taken.
struct ApiRoute {
  std::string_view method;
  std::string_view pattern;  // see PathPattern
  Access access;
  void (*handle)(const ApiParts& parts, HttpRequest& request, HttpReply& reply);
  RequestBody body = RequestBody::ignored;
  // See HttpRoute::check_head; null where there is nothing to check.
  std::optional<HttpAnswer> (*check_head)(const ApiParts& parts,
                                          const HttpRequest& request) = nullptr;
};

std::span<const ApiRoute> api_routes();

// The routes of the list, bound to the parts that they translate for, and who knows the tokens.
HttpApi http_api(const ApiParts& parts);

}  // namespace districtd

// What each URL answers. docs/api.md describes them for departments and programs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>
#include <boost/asio/thread_pool.hpp>

#include "collectors/http_push.h"
#include "daemon/delivery/scheduler.h"
#include "daemon/http/server.h"
#include "daemon/pipeline/pipeline.h"

namespace districtd {

// What the routes translate for. All outlive the server.
struct ApiParts {
  boost::asio::io_context& io;
  boost::asio::thread_pool& workers;  // reads the store and renders long answers
  Pipeline& pipeline;
  HttpPush& push;
  Store& store;
  BulletinScheduler& scheduler;
  std::filesystem::path store_path;
  std::function<std::string()> own_metrics;  // the text of the daemon's own families
  std::function<bool()> is_ready;            // false while stopping
  std::function<void(HttpReply)> reload;     // POST /-/reload
};

std::vector<HttpRoute> api_routes(const ApiParts& parts);

}  // namespace districtd

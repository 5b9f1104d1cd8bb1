// Answers that a worker makes, because they read the store or are long.
#pragma once

#include <exception>
#include <utility>
#include <boost/asio/post.hpp>

#include "base/heartbeat.h"
#include "daemon/api/routes.h"
#include "daemon/log/logging.h"
#include "daemon/store/reader.h"

namespace districtd {

// Calls `work`, which returns an HttpAnswer, on a worker and gives its answer on the event loop. An
// exception of `work` is logged as store_read_failed and answered 503.
template <typename Work>
void answer_from_worker(const ApiParts& parts, HttpReply reply, Work work) {
  boost::asio::post(
      parts.workers, [&io = parts.io, reply = std::move(reply), work = std::move(work)]() mutable {
        const Busy busy("answers from the store");
        HttpAnswer answer;
        try {
          answer = work();
        } catch (const std::exception& e) {
          log_event(LogLevel::error, "store_read_failed", e.what());
          answer = error_answer(503, "unavailable", "数据库暂时无法读取，请稍后再试");
        }
        boost::asio::post(io, [reply = std::move(reply), answer = std::move(answer)]() mutable {
          reply(std::move(answer));
        });
      });
}

// The same; `work` is given a StoreReader.
template <typename Work>
void answer_from_store(const ApiParts& parts, HttpReply reply, Work work) {
  answer_from_worker(parts, std::move(reply), [path = parts.store_path, work = std::move(work)] {
    return work(StoreReader{path});
  });
}

}  // namespace districtd

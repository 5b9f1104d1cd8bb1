// Pull: a URL that a department publishes its figures at, fetched at an interval.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <boost/asio/io_context.hpp>

#include "collectors/submission.h"

namespace districtd {

struct HttpPullSource {
  std::string name;
  std::string department;
  std::string url;  // http:// or https://
  std::chrono::seconds every{3600};
  std::chrono::seconds timeout{30};     // of one fetch, redirects included
  std::uint64_t max_bytes = 64u << 20;  // of one answer
  friend bool operator==(const HttpPullSource&, const HttpPullSource&) = default;
};

// Fetches at once and then every interval: conditional (If-None-Match, If-Modified-Since), at most
// five redirects and never to another scheme, within the timeout and the size. An answer whose body
// equals the last one that the sink has taken or refused is not submitted again (until a restart);
// while it stays refused every fetch says so. A failure is retried with exponential backoff and
// full jitter, from 1 s up to the interval; a refusal waits for the interval. Both keep what was
// there before.
//
// Thread: the event loop's.
class HttpPull {
 public:
  // Called after each fetch: the source's name, "" or the kind of failure (connect, timeout,
  // status, redirect, size, media_type, tls, refused, unavailable), a sentence for the log, and how
  // long it took.
  using Observer = std::function<void(std::string_view name, std::string_view failure,
                                      std::string_view message, std::chrono::nanoseconds took)>;

  HttpPull(boost::asio::io_context& io, SubmissionSink& sink, HttpPullSource source,
           Observer observer);
  ~HttpPull();  // cancels a fetch in flight
  HttpPull(const HttpPull&) = delete;
  HttpPull& operator=(const HttpPull&) = delete;

  void start();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace districtd

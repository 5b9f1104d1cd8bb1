// Pull: a URL that a department publishes its figures at, fetched at an interval.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <boost/asio/io_context.hpp>

#include "base/ports/clock.h"
#include "collectors/pull/json_mapping.h"
#include "collectors/submission.h"

namespace districtd {

struct PullSource {
  std::string name;
  std::string department;
  std::string url;  // http:// or https://
  std::chrono::seconds every{3600};
  std::chrono::seconds timeout{30};     // of one fetch, redirects included
  std::uint64_t max_bytes = 64u << 20;  // of one answer
  // "Authorization: Bearer ..." or another header, as the credential's file says; "" for none.
  std::string credential_header;
  std::string credential;
  std::vector<std::string> redirect_hosts;  // as HttpFetch::redirect_hosts
  std::string ca_file;                      // PEM: a private authority
  std::optional<JsonMapping> json;          // of answers that are JSON of another shape
  friend bool operator==(const PullSource&, const PullSource&) = default;
};

// Fetches at once and then every interval: conditional (If-None-Match, If-Modified-Since), at most
// five redirects, never to another scheme and only to hosts that are allowed, within the timeout
// and the size. A failure is retried with exponential backoff and full jitter, from 1 s up to the
// interval, but not before the time that a Retry-After of the answer says; a refusal waits for the
// interval. Both keep what was there before. A submission's
// collector is "http_pull" and its name the source's `url` as configured, whatever it redirects to.
//
// Each body has a key, made of the source's name and the SHA-256 of the bytes that were fetched, so
// that the store knows it again, across restarts too: what was corrected since by another way is
// not taken back. While this runs, an answer whose body equals the last one that the sink decided
// on is not even submitted again. The exception is a body of which rows were refused. It is
// submitted again by the first fetch of each UTC day, after forget_refused() and after a restart:
// what lay in the future or was unknown may be right by then, and is added. Until a body without
// refusals is taken, an unchanged one is the failure "refused" at each fetch.
//
// Thread: the event loop's.
class PullLoop {
 public:
  // Called after each fetch: the source's name, "" or the kind of failure (connect, timeout,
  // status, redirect, size, media_type, tls, refused, unavailable), a sentence for the log, and how
  // long it took. The sentence is empty where there is nothing to log: no failure, or a refusal
  // that was said when its body was submitted.
  using Observer = std::function<void(std::string_view name, std::string_view failure,
                                      std::string_view message, std::chrono::nanoseconds took)>;

  using Now = std::function<Time()>;

  PullLoop(boost::asio::io_context& io, SubmissionSink& sink, PullSource source, Observer observer,
           Now now = districtd::now);
  ~PullLoop();  // cancels a fetch in flight
  PullLoop(const PullLoop&) = delete;
  PullLoop& operator=(const PullLoop&) = delete;

  void start();

  // Has the last body submitted again by the next fetch where rows of it were refused, because what
  // they were judged by has changed. Does nothing otherwise.
  void forget_refused();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace districtd

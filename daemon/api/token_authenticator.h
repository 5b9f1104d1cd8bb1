// The tokens and passwords of the configuration as the server's authenticator.
#pragma once

#include <string>
#include <string_view>

#include "collectors/http_push.h"
#include "daemon/api/access_metrics.h"
#include "daemon/config/http_config.h"
#include "daemon/http/access.h"
#include "daemon/http/failed_attempts.h"

namespace districtd {

// Thread: the event loop's, as HttpPush.
class TokenAuthenticator : public Authenticator {
 public:
  // All of it outlives this; `metrics` changes with a reload.
  TokenAuthenticator(const HttpPush& push, const MetricsAccess& metrics,
                     prometheus::Registry& registry)
      : push_(push), metrics_(metrics), counters_(registry) {}

  Result<Caller, HttpAnswer> caller_of(std::string_view authorization,
                                       const boost::asio::ip::address& peer) override;
  bool may_scrape(const boost::asio::ip::address& peer) const override;
  // 401 for whoever shows nothing that is known, and on routes for departments for every other role
  // too; else 403.
  HttpAnswer refusal(Access access, const Caller& caller,
                     std::string_view authorization) const override;
  void count(AccessOutcome outcome) override { counters_.count(outcome); }

 private:
  struct Known {
    Caller caller;
    std::string credential;  // its SHA-256; "" where nobody knows it
  };
  Known find(std::string_view authorization) const;

  const HttpPush& push_;
  const MetricsAccess& metrics_;
  AccessMetrics counters_;
  FailedAttempts failed_;
};

// What HttpPush answers, as the server sends it.
HttpAnswer to_http_answer(PushAnswer pushed);

}  // namespace districtd

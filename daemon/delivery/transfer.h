// Sending by SMTP (libcurl) and HTTP (base/http_client.h). Blocks: not on the event loop.
#pragma once

#include <stop_token>
#include <string>

#include "daemon/config/bulletin_config.h"

namespace districtd {

// What became of an attempt.
struct Transfer {
  enum class Result {
    sent,       // the other side said that it took it
    again,      // it certainly did not arrive; another attempt may
    refused,    // it was refused for good
    uncertain,  // no answer came to what was sent, all of a letter or a part of a request: it may
                // have arrived
    stopped,    // the daemon stops; it certainly did not arrive
  };
  Result result = Result::again;
  std::string detail;  // why not, one sentence in English
  std::string body;    // of an HTTP answer
};

// The password is read from its file at each call. `stop` ends a letter within a second or two.
Transfer send_mail(const SmtpServer& server, const std::string& from, const std::string& to,
                   const std::string& wire, std::stop_token stop);

// Posts JSON; `stop` ends that at once. Statuses 408, 425, 429 and 5xx are `again`, other ones but
// 2xx `refused`, redirects too. `detail` names the host of the URL alone: robots' URLs hold their
// keys. Of an answer the first 64 KiB are kept.
Transfer post_json(const std::string& url, const std::string& body, std::chrono::seconds timeout,
                   const std::stop_token& stop);

}  // namespace districtd

// Sending by SMTP (libcurl) and HTTP (base/http_client.h). Blocks: not on the event loop.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "daemon/config/bulletin_config.h"

namespace districtd {

// What became of an attempt. Only what surely did not arrive is `again`: a server that answers
// "error" may have taken the message before it failed, and so may a gateway that answers in its
// place.
struct Transfer {
  enum class Result {
    sent,       // the other side said that it took it
    again,      // it certainly did not arrive; another attempt may
    refused,    // it was refused for good
    uncertain,  // no answer came to what was sent, all of a letter or a part of a request, or one
                // that does not say: it may have arrived
    stopped,    // the daemon stops; it certainly did not arrive
  };
  Result result = Result::again;
  std::string detail;                  // why not, one sentence in English
  std::string body;                    // of an HTTP answer
  std::chrono::seconds not_before{0};  // of `again`: Retry-After in seconds; 0: none came
};

// The functions below throw only where nothing was sent.

// The password is read from its file at each call. `stop` ends a letter within a second or two.
// The last reply decides (RFC 5321, 4.2.1): 4yz is `again`, 5yz `refused`, as the server took
// nothing. But 421 after the final dot is about the connection and not the letter, and there no
// other reply, or none, says what became of it: `uncertain`.
Transfer send_mail(const SmtpServer& server, const std::string& from, const std::string& to,
                   const std::string& wire, std::stop_token stop);

// Posts JSON; `stop` ends that at once. 429 and 503 say that nothing was done (RFC 6585, 4; RFC
// 9110, 15.6.4), 425 too (RFC 8470, 5.2): `again`. 408 and other 5xx are `uncertain`. Other ones
// but 2xx are `refused`, redirects too. `detail` names the host of the URL alone: robots' URLs hold
// their keys. Of an answer the first 64 KiB are kept.
Transfer post_json(const std::string& url, const std::string& body, std::chrono::seconds timeout,
                   const std::stop_token& stop);

// The same to a webhook of this form: what a robot answers to it is judged too.
Transfer post_announcement(const std::string& url, Webhook::Form form, const std::string& body,
                           std::chrono::seconds timeout, const std::stop_token& stop);

}  // namespace districtd

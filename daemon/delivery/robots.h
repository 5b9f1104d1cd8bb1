// What a webhook is sent: the messages that the robots of WeCom and DingTalk take, or JSON.
// WeCom: developer.work.weixin.qq.com/document/path/91770; DingTalk:
// open.dingtalk.com/document/robots/custom-robot-access and /customize-robot-security-settings.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "daemon/config/bulletin_config.h"

namespace districtd {

struct Announcement {
  std::string title;
  std::string message;  // lines of text
  std::string link;     // of the page; "": none
  std::string summary;  // JSON
};

// WeCom and DingTalk: a markdown message with the link, cut to what they take (4096 and 20000
// bytes) at the end of a line. JSON: {"title","message","link","bulletin":{summary}}.
std::string announcement_body(Webhook::Form form, const Announcement& announcement);

// DingTalk's signature appended to the URL: timestamp in milliseconds, and
// base64(HMAC-SHA256(secret, timestamp "\n" secret)), escaped.
std::string signed_url(std::string url, std::string_view secret, Time at);

// What a robot says of a message. They answer HTTP 200 in any case, with an errcode; the sentence
// is
// "" where the message was taken.
struct RobotAnswer {
  enum class Kind {
    took,     // errcode 0, or a webhook of form json, whose answer is not read
    busy,     // the code that is documented for "too often": nothing was announced
    refused,  // a code that is documented as a refusal: nothing was announced, nor will be
    unclear,  // any other code, -1 ("busy") too, and what has none: it may have been announced
  };
  Kind kind = Kind::unclear;
  std::string sentence;
};
RobotAnswer read_robot_answer(Webhook::Form form, std::string_view answer);

}  // namespace districtd

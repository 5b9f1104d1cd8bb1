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

// "" where the robot took the message: they answer 200 with an errcode in any case.
std::string refusal_of(Webhook::Form form, std::string_view answer);

}  // namespace districtd

#include "daemon/delivery/robots.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <boost/json.hpp>

#include "base/base64.h"
#include "base/json_writer.h"
#include "base/percent_encoding.h"
#include "daemon/delivery/mail.h"

namespace districtd {
namespace {

namespace json = boost::json;

// Bytes of the content; below what is documented, for the link and the frame.
constexpr std::size_t kMostWecom = 4096;
constexpr std::size_t kMostDingtalk = 20'000;

std::string markdown(const Announcement& a, std::size_t most, std::string_view line_end) {
  const std::string link = a.link.empty() ? "" : "[查看全文](" + a.link + ")";
  std::string text = "**" + a.title + "**";
  std::string_view rest = a.message;
  // The message begins with the title, which stands there already; it may be marked late there.
  if (const std::size_t end = rest.find('\n');
      end != std::string_view::npos && a.title.starts_with(rest.substr(0, end))) {
    rest.remove_prefix(end + 1);
  }
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty()) continue;
    if (text.size() + line.size() + link.size() + 2 * line_end.size() + 3 > most) {
      text += std::string{line_end} + "…";
      break;
    }
    text += line_end;
    text += line;
  }
  if (!link.empty()) text += std::string{line_end} + link;
  return text;
}

// The codes with a meaning that is documented: WeCom's developer.work.weixin.qq.com/document/path/
// 90313, DingTalk's open.dingtalk.com/document/robots/custom-robot-access and the table of its
// alarms at help.aliyun.com.
struct CodesOfRobots {
  std::span<const std::int64_t> busy;
  std::span<const std::int64_t> refused;
};

CodesOfRobots codes_of(Webhook::Form form) {
  // 45009 too many calls, 45033 too many at once.
  static constexpr std::array<std::int64_t, 2> kWecomBusy = {45009, 45033};
  // 40008 type, 40058 parameter, 44004 empty, 45002 too long, 93000 no such address.
  static constexpr std::array<std::int64_t, 5> kWecomRefused = {40008, 40058, 44004, 45002, 93000};
  // Both are "sent too fast": 130101 for more than 20 a minute.
  static constexpr std::array<std::int64_t, 2> kDingtalkBusy = {130101, 410100};
  // 310000 keyword, signature or address; 300001, 300005, 400101 no such token; 400013 the group is
  // gone; 400102, 400106 no such robot; 40035, 43004, 400105 form; 430101 to 430104 contents.
  static constexpr std::array<std::int64_t, 14> kDingtalkRefused = {
      40035,  43004,  300001, 300005, 310000, 400013, 400101,
      400102, 400105, 400106, 430101, 430102, 430103, 430104};
  if (form == Webhook::Form::wecom) return {kWecomBusy, kWecomRefused};
  return {kDingtalkBusy, kDingtalkRefused};
}

RobotAnswer::Kind kind_of(Webhook::Form form, std::int64_t errcode) {
  const auto holds = [errcode](std::span<const std::int64_t> codes) {
    return std::find(codes.begin(), codes.end(), errcode) != codes.end();
  };
  const CodesOfRobots codes = codes_of(form);
  if (holds(codes.busy)) return RobotAnswer::Kind::busy;
  return holds(codes.refused) ? RobotAnswer::Kind::refused : RobotAnswer::Kind::unclear;
}

}  // namespace

std::string announcement_body(Webhook::Form form, const Announcement& a) {
  std::string out;
  JsonWriter json(out);
  switch (form) {
    case Webhook::Form::wecom:
      json.begin_object().member("msgtype", "markdown").key("markdown").begin_object();
      json.member("content", markdown(a, kMostWecom, "\n")).end_object().end_object();
      return out;
    case Webhook::Form::dingtalk:
      json.begin_object().member("msgtype", "markdown").key("markdown").begin_object();
      json.member("title", a.title).member("text", markdown(a, kMostDingtalk, "\n\n"));
      json.end_object().end_object();
      return out;
    case Webhook::Form::json:
      break;
  }
  json.begin_object()
      .member("title", a.title)
      .member("message", a.message)
      .member("link", a.link.empty() ? std::nullopt : std::optional{a.link});
  json.key("bulletin").literal(a.summary.empty() ? "null" : a.summary).end_object();
  return out;
}

std::string signed_url(std::string url, std::string_view secret, Time at) {
  const std::string timestamp = std::to_string(at.time_since_epoch().count());
  const std::string text = timestamp + "\n" + std::string{secret};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  const std::string signature =
      base64({reinterpret_cast<const char*>(digest.data()), std::size_t{length}});
  url += url.find('?') == std::string::npos ? '?' : '&';
  return url + "timestamp=" + timestamp +
         "&sign=" + percent_encoded(signature, [](char c) { return !is_unreserved(c); });
}

RobotAnswer read_robot_answer(Webhook::Form form, std::string_view answer) {
  using Kind = RobotAnswer::Kind;
  if (form == Webhook::Form::json) return {Kind::took, {}};
  json::error_code error;
  const json::value value = json::parse(answer, error);
  const auto* const object = error ? nullptr : value.if_object();
  const auto* const code = object != nullptr ? object->if_contains("errcode") : nullptr;
  if (code == nullptr || !code->is_int64()) {
    return {Kind::unclear, "the robot answered without an errcode"};
  }
  const std::int64_t errcode = code->get_int64();
  if (errcode == 0) return {Kind::took, {}};
  const auto* const message = object->if_contains("errmsg");
  std::string sentence = "the robot answered errcode " + std::to_string(errcode);
  if (message != nullptr && message->is_string()) {
    sentence += ": " + std::string{message->get_string()};
  }
  return {kind_of(form, errcode), std::move(sentence)};
}

}  // namespace districtd

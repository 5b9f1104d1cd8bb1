#include "daemon/delivery/robots.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdio>
#include <boost/json.hpp>

#include "base/base64.h"
#include "base/json_writer.h"
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

std::string url_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (is_plain) {
      out += c;
      continue;
    }
    std::array<char, 4> escape{};
    std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned char>(c));
    out += escape.data();
  }
  return out;
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
  return url + "timestamp=" + timestamp + "&sign=" + url_escaped(signature);
}

std::string refusal_of(Webhook::Form form, std::string_view answer) {
  if (form == Webhook::Form::json) return {};
  json::error_code error;
  const json::value value = json::parse(answer, error);
  const auto* const object = error ? nullptr : value.if_object();
  const auto* const code = object != nullptr ? object->if_contains("errcode") : nullptr;
  if (code == nullptr || !code->is_int64()) return "the robot answered without an errcode";
  if (code->get_int64() == 0) return {};
  const auto* const message = object->if_contains("errmsg");
  return "the robot answered errcode " + std::to_string(code->get_int64()) +
         (message != nullptr && message->is_string() ? ": " + std::string{message->get_string()}
                                                     : std::string{});
}

}  // namespace districtd

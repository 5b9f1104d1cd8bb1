#include "daemon/api/token_authenticator.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/ports/clock.h"
#include "base/text.h"
#include "daemon/http/host_name.h"

namespace districtd {

namespace {

Caller::Role role_of(TokenRole role) {
  switch (role) {
    case TokenRole::department:
      return Caller::Role::department;
    case TokenRole::office:
      return Caller::Role::office;
    case TokenRole::operation:
      return Caller::Role::operation;
    case TokenRole::reader:
      break;
  }
  return Caller::Role::reader;
}

// As people who are turned away call it.
std::string_view word_of(Caller::Role role) {
  switch (role) {
    case Caller::Role::department:
      return "部门";
    case Caller::Role::office:
      return "督查室";
    case Caller::Role::operation:
      return "运维";
    case Caller::Role::reader:
      return "查阅";
    case Caller::Role::scraper:
      return "采集指标";
    case Caller::Role::anyone:
      break;
  }
  return "无效";
}

// The password of "Basic base64(USER:PASSWORD)" (RFC 7617 section 2); "" where there is none. Whose
// it is does not matter.
std::string basic_password(std::string_view authorization) {
  authorization = trim_blanks(authorization);
  const auto space = authorization.find(' ');
  if (space == std::string_view::npos || lower_ascii(authorization.substr(0, space)) != "basic") {
    return {};
  }
  const auto pair = from_base64(trim_blanks(authorization.substr(space + 1)));
  const auto colon = pair ? pair->find(':') : std::string::npos;
  return colon == std::string::npos ? std::string() : pair->substr(colon + 1);
}

// What a route wants that the caller does not have.
std::string wanted(Access access) {
  switch (access) {
    case Access::office:
      return "确认、退回暂存的数据，应由督查室办理。";
    case Access::operation:
      return "用于这个地址，应出示督查室（office）或运维（operator）的令牌。";
    case Access::metrics:
      return "读取指标，应出示查阅（reader）、督查室（office）或运维（operator）的令牌，或采集指标"
             "的"
             "密码（[http] metrics_password_file）。";
    case Access::read_own:
      return "用于这个地址，应出示本部门、查阅（reader）、督查室（office）或运维（operator）的令牌"
             "。";
    case Access::open:
    case Access::read:
    case Access::bulletins:
    case Access::department:
      break;
  }
  return "用于这个地址，应出示查阅（reader）、督查室（office）或运维（operator）的令牌。";
}

HttpAnswer slowed(std::chrono::seconds wait) {
  HttpAnswer answer =
      error_answer(429, "too_many_failures",
                   "从这个网络地址出示无效令牌的次数太多，请在 " + std::to_string(wait.count()) +
                       " 秒之后再试；令牌是否有效，请向督查室核对。");
  answer.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return answer;
}

}  // namespace

TokenAuthenticator::Known TokenAuthenticator::find(std::string_view authorization) const {
  if (const PushToken* const token = push_.find_token(authorization)) {
    return {{role_of(token->role), token->department}, token->sha256};
  }
  const std::string& expected = metrics_.password_sha256;
  const std::string password = expected.empty() ? std::string() : basic_password(authorization);
  if (password.empty()) return {};
  const std::string hash = sha256_hex(password);
  if (hash.size() != expected.size() ||
      CRYPTO_memcmp(hash.data(), expected.data(), hash.size()) != 0) {
    return {};
  }
  return {{Caller::Role::scraper, {}}, expected};
}

// What is known is looked for in any case: an address that has to wait gets the same answer in the
// same time for the right token and for a wrong one, unless the right one was good there before.
Result<Caller, HttpAnswer> TokenAuthenticator::caller_of(std::string_view authorization,
                                                         const boost::asio::ip::address& peer) {
  const auto now = steady_now();
  const auto wait = failed_.wait(peer, now);
  Known known = find(authorization);
  if (known.credential.empty()) {
    if (wait) return slowed(*wait);
    failed_.count_failure(peer, now);
    return Caller{};
  }
  if (is_loopback(peer)) return std::move(known.caller);
  if (wait && !failed_.is_good_here(known.credential, peer)) return slowed(*wait);
  failed_.remember_good(known.credential, peer);
  return std::move(known.caller);
}

bool TokenAuthenticator::may_scrape(const boost::asio::ip::address& peer) const {
  return std::any_of(metrics_.from.begin(), metrics_.from.end(),
                     [&](const AddressRange& range) { return range.contains(peer); });
}

HttpAnswer TokenAuthenticator::refusal(Access access, const Caller& caller,
                                       std::string_view authorization) const {
  if (caller.role != Caller::Role::anyone && access != Access::department) {
    return error_answer(403, "forbidden",
                        std::string(word_of(caller.role)) + "的令牌不能" + wanted(access));
  }
  auto refused = push_.refuse_stranger(authorization);
  DISTRICT_CHECK(refused.has_value(), "whoever is no department has no department's token");
  HttpAnswer answer = to_http_answer(std::move(*refused));
  if (access == Access::department) return answer;
  const bool shows_nothing = authorization.empty();
  answer.body = error_answer(401, "unauthorized",
                             (shows_nothing ? "请求没有令牌，不能" : "令牌无效或已停用，不能") +
                                 wanted(access) + "请求头为“Authorization: Bearer 令牌”。")
                    .body;
  if (access == Access::metrics && !metrics_.password_sha256.empty()) {
    for (auto& [name, value] : answer.headers) {
      if (name == "WWW-Authenticate") value += ", Basic realm=\"districtd metrics\"";
    }
  }
  return answer;
}

HttpAnswer to_http_answer(PushAnswer pushed) {
  HttpAnswer answer;
  answer.status = pushed.status;
  answer.body = std::move(pushed.body);
  answer.headers = std::move(pushed.headers);
  return answer;
}

}  // namespace districtd

#include "daemon/http/access.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.h"
#include "base/text.h"
#include "daemon/http/host_name.h"

namespace districtd {
namespace {

using Role = Caller::Role;

bool is_reading(Access access) {
  return access == Access::read || access == Access::read_own || access == Access::bulletins ||
         access == Access::metrics;
}

bool reads_everything(Role role) {
  return role == Role::reader || role == Role::office || role == Role::operation;
}

bool lets_in(Access access, Role role) {
  switch (access) {
    case Access::open:
      break;
    case Access::read:
    case Access::bulletins:
      return reads_everything(role);
    case Access::read_own:
      return reads_everything(role) || role == Role::department;
    case Access::metrics:
      return reads_everything(role) || role == Role::scraper;
    case Access::department:
      return role == Role::department;
    case Access::office:
      return role == Role::office;
    case Access::operation:
      return role == Role::office || role == Role::operation;
  }
  return true;
}

AccessOutcome outcome_of(Role role) {
  switch (role) {
    case Role::anyone:
      break;
    case Role::department:
      return AccessOutcome::department;
    case Role::office:
      return AccessOutcome::office;
    case Role::operation:
      return AccessOutcome::operation;
    case Role::reader:
      return AccessOutcome::reader;
    case Role::scraper:
      return AccessOutcome::scraper;
  }
  return AccessOutcome::unknown_credential;
}

// "https://Desk.example.org:443" -> "desk.example.org"; the scheme's own port is left out.
std::string authority_of(std::string_view text, std::string_view port_of_scheme) {
  std::string authority = lower_ascii(text);
  if (!port_of_scheme.empty() && authority.ends_with(port_of_scheme)) {
    authority.resize(authority.size() - port_of_scheme.size());
  }
  return authority;
}

// RFC 6454 section 6.1: scheme, host and port, or "null". Behind a proxy that speaks TLS the scheme
// is another one than ours, so it is not compared.
bool is_of_own_page(std::string_view origin, std::string_view host) {
  const std::size_t at = origin.find("://");
  if (at == std::string_view::npos) return false;
  const std::string scheme = lower_ascii(origin.substr(0, at));
  const std::string_view port = scheme == "https" ? ":443" : scheme == "http" ? ":80" : "";
  return authority_of(origin.substr(at + 3), port) == authority_of(host, port);
}

bool comes_from_a_foreign_page(const AccessRequest& request) {
  const RequestSource& source = request.source;
  if (!source.origin.empty() && !is_of_own_page(source.origin, source.host)) return true;
  // A link in a letter or on a dashboard leads here from another site; following it shows the page
  // to a person and to nobody else.
  const bool reads = request.method == "GET" || request.method == "HEAD";
  return source.is_cross_site && !(source.is_navigation && reads);
}

// How whoever shows nothing may read here; nullopt: not at all.
std::optional<AccessOutcome> admitted_without_credential(Access access, const Entrance& entrance,
                                                         const AccessRequest& request,
                                                         const Authenticator& authenticator) {
  if (!is_reading(access) || !request.host_is_known || comes_from_a_foreign_page(request)) {
    return std::nullopt;
  }
  if (entrance.audience == Audience::everybody && reads_locally(entrance, request.source)) {
    return AccessOutcome::local;
  }
  // A proxy has its own address and asks for anybody.
  if (access == Access::metrics && !request.source.was_passed_on &&
      authenticator.may_scrape(request.peer)) {
    return AccessOutcome::address;
  }
  return std::nullopt;
}

// The name as it may stand in an answer.
std::string shown(std::string_view host) {
  constexpr std::size_t kLongest = 100;
  std::string text(host.substr(0, kLongest));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

}  // namespace

bool is_of_a_proxy(std::string_view field_name) {
  // In the order of how common they are: proxies, then those that sign people in before a service
  // (Grafana's auth proxy, Apache and nginx, oauth2-proxy, Authelia, authentik, Google, Cloudflare,
  // Azure, AWS, Tailscale, Pomerium).
  static constexpr std::array<std::string_view, 20> kBeginnings = {
      "forwarded",    "x-forwarded",     "x-real-ip",        "via",
      "x-original-",  "x-client-ip",     "x-webauth-",       "remote-",
      "x-remote-",    "x-auth-",         "x-authenticated-", "x-authentik-",
      "x-user",       "x-goog-",         "cf-access-",       "x-ms-client-principal",
      "x-amzn-oidc-", "tailscale-user-", "x-pomerium-",      "x-email"};
  if (field_name.empty()) return false;
  const char first = static_cast<char>(field_name.front() | 0x20);
  if (first != 'x' && first != 'f' && first != 'v' && first != 'r' && first != 'c' &&
      first != 't') {
    return false;
  }
  std::string name = lower_ascii(field_name);
  std::replace(name.begin(), name.end(), '_', '-');
  return std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](std::string_view beginning) {
    return beginning == "via" ? name == beginning : name.starts_with(beginning);
  });
}

bool is_served(Access access, Audience audience) {
  switch (audience) {
    case Audience::everybody:
      break;
    case Audience::token_holders:
      return needs_authenticator(access);
    case Audience::bulletin_readers:
      return access == Access::bulletins;
  }
  return true;
}

bool needs_authenticator(Access access) { return access != Access::open; }

bool reads_locally(const Entrance& entrance, const RequestSource& source) {
  if (!entrance.is_loopback || source.was_passed_on) return false;
  const auto host = parse_host(source.host);
  return host && is_loopback(*host);
}

std::optional<HttpAnswer> refuse_source(const AccessRequest& request,
                                        Authenticator* authenticator) {
  const auto count = [&](AccessOutcome outcome) {
    if (authenticator != nullptr) authenticator->count(outcome);
  };
  if (!request.host_is_known) {
    count(AccessOutcome::unknown_host);
    return error_answer(
        421, "unknown_host",
        "请求的 Host“" + shown(request.source.host) +
            "”不是本服务的名称。请改用本服务的地址访问（" + request.hosts.text() +
            "），或由管理员在配置 [http] hosts 中写上这个名称（所写的取代默认的，本机用的 "
            "localhost、127.0.0.1 也要写上）。");
  }
  if (comes_from_a_foreign_page(request)) {
    count(AccessOutcome::foreign_page);
    return error_answer(403, "foreign_page",
                        "请求来自其他网站的网页（Origin 或 Sec-Fetch-Site），不予受理。请直接访问"
                        "本服务，或由程序带令牌调用。");
  }
  return std::nullopt;
}

Result<Caller, HttpAnswer> admit(Access access, const Entrance& entrance,
                                 const AccessRequest& request, Authenticator* authenticator) {
  DISTRICT_CHECK(is_served(access, entrance.audience), "the listener has the route");
  if (access == Access::open || entrance.audience == Audience::bulletin_readers) {
    if (auto refused = refuse_source(request, authenticator)) return *std::move(refused);
    if (authenticator != nullptr) authenticator->count(AccessOutcome::open);
    return Caller{};
  }
  DISTRICT_CHECK(authenticator != nullptr, "somebody knows the tokens that a route asks for");
  if (const auto uncredited =
          admitted_without_credential(access, entrance, request, *authenticator)) {
    authenticator->count(*uncredited);
    return Caller{*uncredited == AccessOutcome::address ? Role::scraper : Role::anyone, {}};
  }
  if (request.authorization.empty()) {
    authenticator->count(AccessOutcome::no_credential);
    return authenticator->refusal(access, {}, {});
  }
  Result<Caller, HttpAnswer> caller = authenticator->caller_of(request.authorization, request.peer);
  if (!caller) {
    authenticator->count(AccessOutcome::too_many_failures);
    return caller;
  }
  if (lets_in(access, caller->role)) {
    authenticator->count(outcome_of(caller->role));
    return caller;
  }
  authenticator->count(caller->role == Role::anyone ? AccessOutcome::unknown_credential
                                                    : AccessOutcome::role);
  return authenticator->refusal(access, *caller, request.authorization);
}

}  // namespace districtd

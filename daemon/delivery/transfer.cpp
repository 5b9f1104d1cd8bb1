#include "daemon/delivery/transfer.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include "base/base64.h"
#include "base/curl_handle.h"
#include "base/http_address.h"
#include "base/http_client.h"
#include "base/ports/files.h"
#include "daemon/delivery/robots.h"

namespace districtd {
namespace {

constexpr std::uint64_t kMostBody = 64U << 10;  // of an answer
constexpr std::chrono::seconds kLongestConnect{30};
constexpr long kClosingChannel = 421;  // of SMTP, RFC 5321, 4.2.3: in reply to anything

// What libcurl's callbacks share during one letter.
struct Letter {
  std::string_view rest;  // to be sent
  std::stop_token stop;
  bool is_all_sent = false;
};

std::size_t read_letter(char* buffer, std::size_t size, std::size_t count, void* pointer) {
  Letter& letter = *static_cast<Letter*>(pointer);
  const std::size_t given = std::min(size * count, letter.rest.size());
  std::memcpy(buffer, letter.rest.data(), given);
  letter.rest.remove_prefix(given);
  if (letter.rest.empty()) letter.is_all_sent = true;
  return given;
}

std::size_t ignore_body(char* /*data*/, std::size_t size, std::size_t count, void* /*unused*/) {
  return size * count;
}

int is_to_stop(void* pointer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Letter*>(pointer)->stop.stop_requested() ? 1 : 0;
}

std::string first_line_of(const std::filesystem::path& file, std::string& failure) {
  auto line = read_first_line(file);
  if (line) return *std::move(line);
  failure = file.string() + " cannot be read; expected the password alone";
  return {};
}

// Closing says QUIT and waits for the answer of a server that has just been seen not to answer.
void hang_up(CURL* curl) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
      socket != CURL_SOCKET_BAD) {
    ::shutdown(socket, SHUT_RDWR);
  }
}

Transfer ended(Transfer::Result result, std::string detail) {
  return {result, std::move(detail), {}};
}

Transfer judge_smtp(const CurlHandle& curl, const Letter& letter, CURLcode code) {
  if (code == CURLE_OK) return ended(Transfer::Result::sent, {});
  const long reply = curl.number(CURLINFO_RESPONSE_CODE);
  const std::string detail =
      curl.reason(code) + (reply > 0 ? " (last reply " + std::to_string(reply) + ")" : "");
  if (letter.is_all_sent && (reply < 400 || reply > 599 || reply == kClosingChannel)) {
    return ended(
        Transfer::Result::uncertain,
        "the whole message was sent and no answer came that says what became of it: " + detail);
  }
  const bool is_refusal = reply >= 500 && reply <= 599 && code != CURLE_LOGIN_DENIED;
  if (is_refusal) return ended(Transfer::Result::refused, detail);
  const bool is_stopped = reply < 400 && letter.stop.stop_requested();
  if (is_stopped) return ended(Transfer::Result::stopped, "districtd stops");
  return ended(Transfer::Result::again, detail);
}

void prepare_connection(CurlHandle& curl, Letter& letter, const SmtpServer& server,
                        const std::string& from) {
  const bool is_tls = server.security == SmtpServer::Security::tls;
  // The path is the name that EHLO says: the sender's domain.
  curl.set(CURLOPT_URL, (is_tls ? "smtps://" : "smtp://") + server.host + ":" +
                            std::to_string(server.port) + "/" + from.substr(from.rfind('@') + 1));
  curl.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl.set(CURLOPT_TIMEOUT, server.timeout.count());
  curl.set(CURLOPT_CONNECTTIMEOUT, std::min(server.timeout, kLongestConnect).count());
  curl.set(CURLOPT_WRITEFUNCTION, ignore_body);
  curl.set(CURLOPT_NOPROGRESS, 0);
  curl.set(CURLOPT_XFERINFOFUNCTION, is_to_stop);
  curl.set(CURLOPT_XFERINFODATA, &letter);
  if (server.security != SmtpServer::Security::none) curl.set(CURLOPT_USE_SSL, CURLUSESSL_ALL);
  if (!server.ca_file.empty()) curl.set(CURLOPT_CAINFO, server.ca_file.string());
}

// A user and a password before the host, as a header: the client takes none in an address.
std::optional<std::string> move_user_into_header(std::string& url) {
  url = percent_encode_foreign_bytes(url);
  const auto parsed = boost::urls::parse_uri(url);  // a view of it
  if (!parsed || !parsed->has_userinfo()) return std::nullopt;
  const std::string user = parsed->user() + ":" + parsed->password();
  boost::urls::url without(*parsed);
  without.remove_userinfo();
  url = without.buffer();
  return "Basic " + base64(user);
}

Transfer judge_failure(const FetchFailure& failure, const std::stop_token& stop) {
  if (failure.kind == FetchFailure::Kind::redirect) {  // an answer, and none that took it
    return ended(Transfer::Result::refused, failure.message);
  }
  if (failure.may_have_arrived) {
    return ended(Transfer::Result::uncertain,
                 "the request was sent and no answer came: " + failure.message);
  }
  if (stop.stop_requested()) return ended(Transfer::Result::stopped, "districtd stops");
  return ended(Transfer::Result::again, failure.message);
}

Transfer::Result result_of(unsigned status) {
  if (status >= 200 && status < 300) return Transfer::Result::sent;
  if (status == 425 || status == 429 || status == 503) return Transfer::Result::again;
  if (status == 408 || status >= 500) return Transfer::Result::uncertain;
  return Transfer::Result::refused;
}

// Its form in seconds; a date is as much as none.
std::chrono::seconds retry_after(const FetchAnswer& answer) {
  constexpr std::int64_t kMost = std::chrono::seconds{std::chrono::hours{24}}.count();
  const std::string_view text = answer.header("Retry-After");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return {};
  return std::chrono::seconds{std::min(seconds, kMost)};
}

Transfer judge_answer(FetchAnswer answer) {
  const Transfer::Result result = result_of(answer.status);
  std::string detail;
  if (result != Transfer::Result::sent) detail = "HTTP status " + std::to_string(answer.status);
  if (result == Transfer::Result::uncertain) detail += ", which does not say what became of it";
  const auto wait =
      result == Transfer::Result::again ? retry_after(answer) : std::chrono::seconds{};
  return {result, std::move(detail), std::move(answer.body), wait};
}

// Of something that was sent, or may have been: a want of memory here must not send it again.
template <typename Judge>
Transfer judge_what_was_sent(Judge judge) {
  try {
    return judge();
  } catch (const std::exception& error) {
    return ended(Transfer::Result::uncertain, error.what());
  }
}

}  // namespace

Transfer send_mail(const SmtpServer& server, const std::string& from, const std::string& to,
                   const std::string& wire, std::stop_token stop) {
  CurlHandle curl;
  Letter letter{wire, std::move(stop)};
  prepare_connection(curl, letter, server, from);
  if (!server.user.empty()) {
    std::string failure;
    const std::string password = first_line_of(server.password_file, failure);
    if (!failure.empty()) return ended(Transfer::Result::again, failure);
    curl.set(CURLOPT_USERNAME, server.user);
    curl.set(CURLOPT_PASSWORD, password);
  }
  CurlLines recipients;
  recipients.add("<" + to + ">");
  curl.set(CURLOPT_MAIL_FROM, "<" + from + ">");
  curl.set(CURLOPT_MAIL_RCPT, recipients.get());
  curl.set(CURLOPT_UPLOAD, 1);
  curl.set(CURLOPT_READFUNCTION, read_letter);
  curl.set(CURLOPT_READDATA, &letter);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) hang_up(curl.get());
  return judge_what_was_sent([&] { return judge_smtp(curl, letter, code); });
}

Transfer post_json(const std::string& url, const std::string& body, std::chrono::seconds timeout,
                   const std::stop_token& stop) {
  HttpFetch post;
  post.method = "POST";
  post.url = url;
  post.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"Accept", "*/*"}};
  if (auto user = move_user_into_header(post.url)) {
    post.headers.emplace_back("Authorization", *std::move(user));
  }
  post.body = body;
  post.timeout = timeout;
  post.max_bytes = kMostBody;
  post.cuts_large_answer = true;
  post.is_url_secret = true;  // a robot's token is part of its address
  return judge_what_was_sent([&] {
    FetchResult result = fetch_and_wait(std::move(post), stop);
    const auto* const failure = std::get_if<FetchFailure>(&result);
    return failure != nullptr ? judge_failure(*failure, stop)
                              : judge_answer(std::get<FetchAnswer>(std::move(result)));
  });
}

Transfer post_announcement(const std::string& url, Webhook::Form form, const std::string& body,
                           std::chrono::seconds timeout, const std::stop_token& stop) {
  Transfer transfer = post_json(url, body, timeout, stop);
  if (transfer.result != Transfer::Result::sent) return transfer;
  return judge_what_was_sent([&]() -> Transfer {
    RobotAnswer answer = read_robot_answer(form, transfer.body);
    switch (answer.kind) {
      case RobotAnswer::Kind::took:
        return std::move(transfer);
      case RobotAnswer::Kind::busy:
        return ended(Transfer::Result::again, std::move(answer.sentence));
      case RobotAnswer::Kind::refused:
        return ended(Transfer::Result::refused, std::move(answer.sentence));
      case RobotAnswer::Kind::unclear:
        break;
    }
    return ended(Transfer::Result::uncertain, std::move(answer.sentence));
  });
}

}  // namespace districtd

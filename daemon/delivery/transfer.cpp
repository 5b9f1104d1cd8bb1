#include "daemon/delivery/transfer.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
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

namespace districtd {
namespace {

constexpr std::uint64_t kMostBody = 64U << 10;  // of an answer
constexpr std::chrono::seconds kLongestConnect{30};

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

// The SMTP server's last word decides, where it is one about the message.
Transfer judge_smtp(const CurlHandle& curl, const Letter& letter, CURLcode code) {
  if (code == CURLE_OK) return {Transfer::Result::sent, {}, {}};
  const long reply = curl.number(CURLINFO_RESPONSE_CODE);
  const std::string detail =
      curl.reason(code) + (reply > 0 ? " (last reply " + std::to_string(reply) + ")" : "");
  if (reply >= 500 && code != CURLE_LOGIN_DENIED) return {Transfer::Result::refused, detail, {}};
  if (reply >= 400) return {Transfer::Result::again, detail, {}};
  if (letter.is_all_sent) {
    return {Transfer::Result::uncertain,
            "the whole message was sent and no answer came: " + detail,
            {}};
  }
  if (letter.stop.stop_requested()) return {Transfer::Result::stopped, "districtd stops", {}};
  return {Transfer::Result::again, detail, {}};
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
    return {Transfer::Result::refused, failure.message, {}};
  }
  if (failure.may_have_arrived) {
    return {Transfer::Result::uncertain,
            "the request was sent and no answer came: " + failure.message,
            {}};
  }
  if (stop.stop_requested()) return {Transfer::Result::stopped, "districtd stops", {}};
  return {Transfer::Result::again, failure.message, {}};
}

Transfer judge_answer(FetchAnswer answer) {
  const unsigned status = answer.status;
  if (status >= 200 && status < 300) return {Transfer::Result::sent, {}, std::move(answer.body)};
  const bool is_passing = status == 408 || status == 425 || status == 429 || status >= 500;
  return {is_passing ? Transfer::Result::again : Transfer::Result::refused,
          "HTTP status " + std::to_string(status), std::move(answer.body)};
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
    if (!failure.empty()) return {Transfer::Result::again, failure, {}};
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
  return judge_smtp(curl, letter, code);
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
  FetchResult result = fetch_and_wait(std::move(post), stop);
  const auto* const failure = std::get_if<FetchFailure>(&result);
  return failure != nullptr ? judge_failure(*failure, stop)
                            : judge_answer(std::get<FetchAnswer>(std::move(result)));
}

}  // namespace districtd

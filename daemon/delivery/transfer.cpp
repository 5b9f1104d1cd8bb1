#include "daemon/delivery/transfer.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace districtd {
namespace {

constexpr std::size_t kMostBody = 64U << 10;  // of an answer

struct Call {
  std::string_view rest;  // to be sent
  std::string body;
  std::stop_token stop;
  bool is_all_sent = false;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* call_pointer) {
  Call& call = *static_cast<Call*>(call_pointer);
  const std::size_t given = std::min(size * count, call.rest.size());
  std::memcpy(buffer, call.rest.data(), given);
  call.rest.remove_prefix(given);
  if (call.rest.empty()) call.is_all_sent = true;
  return given;
}

std::size_t take(char* data, std::size_t size, std::size_t count, void* call_pointer) {
  Call& call = *static_cast<Call*>(call_pointer);
  const std::size_t room = kMostBody - std::min(kMostBody, call.body.size());
  call.body.append(data, std::min(size * count, room));
  return size * count;
}

int watch(void* call_pointer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Call*>(call_pointer)->stop.stop_requested() ? 1 : 0;
}

struct Easy {
  Easy() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    handle.reset(curl_easy_init());
  }
  struct Close {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  std::unique_ptr<CURL, Close> handle;
  std::array<char, CURL_ERROR_SIZE> error{};
};

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void prepare(Easy& easy, Call& call, const std::string& url, const char* protocols,
             std::chrono::seconds timeout) {
  CURL* const curl = easy.handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // what was configured is what is talked to
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, easy.error.data());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                   static_cast<long>(std::min(timeout, std::chrono::seconds{30}).count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &call);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &call);
}

std::string what(const Easy& easy, CURLcode code) {
  return easy.error[0] != '\0' ? easy.error.data() : curl_easy_strerror(code);
}

std::string first_line_of(const std::filesystem::path& file, std::string& failure) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!in || !std::getline(in, line)) {
    failure = file.string() + " cannot be read; expected the password alone";
    return {};
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return line;
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
Transfer judge_smtp(const Easy& easy, const Call& call, CURLcode code, long reply) {
  if (code == CURLE_OK) return {Transfer::Result::sent, {}, {}};
  const std::string detail =
      what(easy, code) + (reply > 0 ? " (last reply " + std::to_string(reply) + ")" : "");
  if (reply >= 500 && code != CURLE_LOGIN_DENIED) return {Transfer::Result::refused, detail, {}};
  if (reply >= 400) return {Transfer::Result::again, detail, {}};
  if (call.is_all_sent) {
    return {Transfer::Result::uncertain,
            "the whole message was sent and no answer came: " + detail,
            {}};
  }
  if (call.stop.stop_requested()) return {Transfer::Result::stopped, "districtd stops", {}};
  return {Transfer::Result::again, detail, {}};
}

Transfer judge_http(const Easy& easy, Call& call, CURLcode code, long status, long sent) {
  if (code != CURLE_OK) {
    const bool may_have_arrived = sent > 0;
    if (may_have_arrived) {
      return {Transfer::Result::uncertain,
              "the request was sent and no answer came: " + what(easy, code),
              {}};
    }
    if (call.stop.stop_requested()) return {Transfer::Result::stopped, "districtd stops", {}};
    return {Transfer::Result::again, what(easy, code), {}};
  }
  if (status >= 200 && status < 300) {
    return {Transfer::Result::sent, {}, std::move(call.body)};
  }
  const bool is_passing = status == 408 || status == 425 || status == 429 || status >= 500;
  return {is_passing ? Transfer::Result::again : Transfer::Result::refused,
          "HTTP status " + std::to_string(status), std::move(call.body)};
}

}  // namespace

Transfer send_mail(const SmtpServer& server, const std::string& from, const std::string& to,
                   const std::string& wire, std::stop_token stop) {
  Easy easy;
  Call call{wire, {}, std::move(stop), false};
  const bool is_tls = server.security == SmtpServer::Security::tls;
  // The path is the name that EHLO says: the sender's domain.
  const std::string url = (is_tls ? "smtps://" : "smtp://") + server.host + ":" +
                          std::to_string(server.port) + "/" + from.substr(from.rfind('@') + 1);
  prepare(easy, call, url, "smtp,smtps", server.timeout);
  CURL* const curl = easy.handle.get();
  if (server.security != SmtpServer::Security::none) {
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
  if (!server.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.user.empty()) {
    std::string failure;
    const std::string password = first_line_of(server.password_file, failure);
    if (!failure.empty()) return {Transfer::Result::again, failure, {}};
    curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
  }
  const List recipients{curl_slist_append(nullptr, ("<" + to + ">").c_str())};
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + from + ">").c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(curl, CURLOPT_READDATA, &call);
  const CURLcode code = curl_easy_perform(curl);
  long reply = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
  if (code != CURLE_OK) hang_up(curl);
  return judge_smtp(easy, call, code, reply);
}

Transfer post_json(const std::string& url, const std::string& body, std::chrono::seconds timeout,
                   std::stop_token stop) {
  Easy easy;
  Call call{{}, {}, std::move(stop), false};
  prepare(easy, call, url, "http,https", timeout);
  CURL* const curl = easy.handle.get();
  const List headers{curl_slist_append(nullptr, "Content-Type: application/json; charset=utf-8")};
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  long sent = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
  return judge_http(easy, call, code, status, sent);
}

}  // namespace districtd

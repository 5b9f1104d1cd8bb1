#include "base/http_exchange.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace districtd {

using Kind = FetchFailure::Kind;

namespace {

constexpr unsigned kMostInterimAnswers = 8;
constexpr std::size_t kMostHeaderBytes = 16u << 10;

// SSL_CERT_FILE and SSL_CERT_DIR, else where OpenSSL was built to look.
CURLcode trust_system(CURL* /*handle*/, void* tls_context, void* /*unused*/) {
  return SSL_CTX_set_default_verify_paths(static_cast<SSL_CTX*>(tls_context)) == 1
             ? CURLE_OK
             : CURLE_SSL_CERTPROBLEM;
}

// As libcurl wants it: "Name;" is a header without a value, "Name:" none at all.
std::string header_line(const std::string& name, const std::string& value) {
  return trim_blanks(value).empty() ? name + ";" : name + ": " + value;
}

std::optional<std::uint64_t> content_length(std::string_view header_line) {
  const auto colon = header_line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  if (lower_ascii(header_line.substr(0, colon)) != "content-length") return std::nullopt;
  const std::string_view digits = trim(header_line.substr(colon + 1));
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), length);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return length;
}

bool is_about_tls(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
      return true;
    default:
      return false;
  }
}

}  // namespace

HttpExchange::HttpExchange(const boost::asio::any_io_executor& executor, const HttpFetch& what,
                           HttpAddress address, std::function<void(FetchResult)> done)
    : what_(what),
      address_(std::move(address)),
      done_(std::move(done)),
      transfer_(std::make_shared<CurlTransfer>(executor, handle_,
                                               [this](CURLcode code) { finished(code); })) {
  prepare_request();
  prepare_trust();
  handle_.set(CURLOPT_WRITEFUNCTION, on_body);
  handle_.set(CURLOPT_WRITEDATA, this);
  handle_.set(CURLOPT_HEADERFUNCTION, on_header);
  handle_.set(CURLOPT_HEADERDATA, this);
}

HttpExchange::~HttpExchange() { transfer_->end(); }

void HttpExchange::start() { transfer_->start(); }

void HttpExchange::prepare_request() {
  handle_.set(CURLOPT_URL, address_.text());
  handle_.set(CURLOPT_PROTOCOLS_STR, "http,https");
  handle_.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
  handle_.set(CURLOPT_REQUEST_TARGET, address_.target());  // libcurl would tidy it
  handle_.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  handle_.set(CURLOPT_HTTP_CONTENT_DECODING, 0);
  handle_.set(CURLOPT_FORBID_REUSE, 1);
  handle_.set(CURLOPT_USERAGENT, "districtd");
  // Whoever fetches has a deadline of its own for everything; libcurl's for the connection is 300
  // s.
  handle_.set(CURLOPT_CONNECTTIMEOUT_MS, std::max(what_.timeout.count(), std::int64_t{1}));
  if (what_.method != "GET" || !what_.body.empty()) {
    handle_.set(CURLOPT_POST, 1);
    handle_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what_.body.size()));
    handle_.set(CURLOPT_POSTFIELDS, what_.body.data());  // not copied
    handle_.set(CURLOPT_CUSTOMREQUEST, what_.method);
  }
  // What libcurl would add by itself is left out, unless it is asked for below.
  for (const char* name : {"Accept", "Content-Type", "Expect"}) {
    const bool is_given = std::any_of(
        what_.headers.begin(), what_.headers.end(),
        [&](const auto& header) { return lower_ascii(header.first) == lower_ascii(name); });
    if (!is_given) header_lines_.add(std::string(name) + ":");
  }
  header_lines_.add("Connection: close");
  for (const auto& [name, value] : what_.headers) header_lines_.add(header_line(name, value));
  handle_.set(CURLOPT_HTTPHEADER, header_lines_.get());
}

void HttpExchange::prepare_trust() {
  if (!address_.is_https()) return;
  handle_.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  handle_.set(CURLOPT_SSL_OPTIONS, CURLSSLOPT_NO_PARTIALCHAIN);  // only authorities are trusted
  handle_.set(CURLOPT_CAPATH, nullptr);
  if (what_.ca_file.empty()) {
    handle_.set(CURLOPT_CAINFO, nullptr);
    handle_.set(CURLOPT_SSL_CTX_FUNCTION, trust_system);
  } else {
    handle_.set(CURLOPT_CAINFO, what_.ca_file);
  }
}

std::size_t HttpExchange::on_body(char* data, std::size_t size, std::size_t count, void* exchange) {
  auto& self = *static_cast<HttpExchange*>(exchange);
  return self.keeps_body({data, size * count}) ? size * count : 0;
}

std::size_t HttpExchange::on_header(char* data, std::size_t size, std::size_t count,
                                    void* exchange) {
  auto& self = *static_cast<HttpExchange*>(exchange);
  return self.keeps_header({data, size * count}) ? size * count : 0;
}

// Whether to read on.
bool HttpExchange::keeps_body(std::string_view part) {
  const bool is_too_large =
      part.size() > what_.max_bytes - body_.size() || announced_.value_or(0) > what_.max_bytes;
  if (is_too_large && !what_.cuts_large_answer) {
    end_ = End::large_body;
    return false;
  }
  try {
    body_ += part.substr(0, what_.max_bytes - body_.size());
  } catch (const std::bad_alloc&) {
    return false;
  }
  if (announced_ == body_.size() && is_sending()) end_ = End::early_answer;
  return end_ == End::of_transfer;
}

// Whether to read on. Before the first byte of a body its header is complete, with an empty line.
bool HttpExchange::keeps_header(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    ++heads_;
    header_bytes_ = 0;
    announced_.reset();
  }
  header_bytes_ += line.size();
  if (header_bytes_ > kMostHeaderBytes) end_ = End::large_header;
  if (heads_ > kMostInterimAnswers + 1) end_ = End::interim_answers;
  if (const auto length = content_length(line)) announced_ = length;
  const bool is_last = line == "\r\n" || line == "\n";
  if (is_last && handle_.number(CURLINFO_RESPONSE_CODE) >= 200 && announced_ == 0u &&
      is_sending()) {
    end_ = End::early_answer;
  }
  return end_ == End::of_transfer;
}

// libcurl goes on sending to a server that has already answered with success and reads no more.
bool HttpExchange::is_sending() const {
  curl_off_t sent = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
  return static_cast<std::uint64_t>(sent) < what_.body.size();
}

void HttpExchange::finished(CURLcode code) {
  const bool is_whole = code == CURLE_OK || end_ == End::early_answer;
  FetchResult result = is_whole ? FetchResult(answer()) : FetchResult(failure(code));
  std::exchange(done_, nullptr)(std::move(result));
}

FetchAnswer HttpExchange::answer() {
  FetchAnswer answer;
  answer.status = static_cast<unsigned>(handle_.number(CURLINFO_RESPONSE_CODE));
  curl_header* field = nullptr;
  while ((field = curl_easy_nextheader(handle_.get(), CURLH_HEADER, -1, field)) != nullptr) {
    answer.headers.emplace_back(field->name, field->value);
  }
  answer.body = std::move(body_);
  answer.url = address_.text();
  return answer;
}

std::string HttpExchange::shown_address() const {
  return what_.is_url_secret ? address_.where() : address_.text();
}

FetchFailure HttpExchange::failure(CURLcode code) const {
  const auto failed = [this](Kind kind, const std::string& message) {
    return FetchFailure{kind, message, may_have_arrived()};
  };
  const auto no_answer = [&](const std::string& why) {
    return failed(Kind::connect, "no answer from " + shown_address() + ": " + why);
  };
  if (end_ == End::large_body) {
    return failed(Kind::size, "the answer of " + shown_address() + " is larger than " +
                                  std::to_string(what_.max_bytes) + " bytes");
  }
  if (end_ == End::large_header) {
    return no_answer("its header is larger than " + std::to_string(kMostHeaderBytes) + " bytes");
  }
  if (end_ == End::interim_answers) return no_answer("it sends interim answers only");
  const std::string reason = handle_.reason(code);
  if (code == CURLE_SSL_CACERT_BADFILE && !what_.ca_file.empty()) {
    return failed(Kind::tls, "no trustworthy TLS with " + address_.where() +
                                 ": no certificate authority can be read from " + what_.ca_file);
  }
  if (is_about_tls(code)) {
    return failed(Kind::tls, "no trustworthy TLS with " + address_.where() + ": " + reason);
  }
  if (code == CURLE_COULDNT_RESOLVE_HOST) {
    const bool is_known = reason.starts_with("Could not resolve host");
    return failed(Kind::connect,
                  "cannot find the host " + address_.host() + ": " +
                      (is_known ? "no such name, or no name server that answers" : reason));
  }
  if (code == CURLE_COULDNT_CONNECT) {
    const long error = handle_.number(CURLINFO_OS_ERRNO);
    return failed(
        Kind::connect,
        "cannot connect to " + address_.where() + ": " +
            (error != 0 ? std::generic_category().message(static_cast<int>(error)) : reason));
  }
  if (code == CURLE_OPERATION_TIMEDOUT) return failed(Kind::timeout, reason);
  if (code == CURLE_GOT_NOTHING) return no_answer("it closed the connection");
  if (code == CURLE_PARTIAL_FILE) return no_answer("the answer breaks off");
  return no_answer(reason);
}

}  // namespace districtd

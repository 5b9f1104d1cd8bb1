#include "collectors/http_push.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/base64.h"
#include "base/digest.h"
#include "base/heartbeat.h"
#include "base/media_type.h"
#include "base/ports/clock.h"
#include "base/text.h"
#include "base/toml_table.h"
#include "collectors/push/form_data.h"
#include "collectors/receipt_json.h"

namespace districtd {

namespace asio = boost::asio;

namespace {

// What a push holds between its body and its answer, besides what the server counts: its rows and
// its receipt. With short rows that are all refused 5.4 times its size in all was measured, with
// good ones 3.4.
constexpr std::size_t kTimesRead = 5;
constexpr std::size_t kBytesOfAPush = 4U << 10;

// The token of "Bearer TOKEN" (RFC 6750 section 2.1; the scheme in any case, RFC 9110
// section 11.1);
// "" where there is none.
std::string_view bearer_token(std::string_view authorization) {
  authorization = trim_blanks(authorization);
  const auto space = authorization.find(' ');
  if (space == std::string_view::npos || lower_ascii(authorization.substr(0, space)) != "bearer") {
    return {};
  }
  return trim_blanks(authorization.substr(space + 1));
}

PushAnswer refusal(unsigned status, std::string_view code, std::string_view message) {
  return {status, error_json(code, message) + "\n", {}};
}

PushAnswer unavailable(std::string_view reason) {
  PushAnswer answer = refusal(503, "unavailable", reason);
  answer.headers.emplace_back("Retry-After", "5");
  return answer;
}

PushAnswer unauthorized(std::string_view authorization) {
  PushAnswer answer =
      authorization.empty()
          ? refusal(401, "unauthorized", "请求没有令牌，应带请求头“Authorization: Bearer 令牌”。")
          : refusal(401, "unauthorized",
                    "令牌无效或已停用，应为督查室发放给本部门的令牌，格式为“Bearer 令牌”。");
  answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

// Types that say what cannot be figures. Of all others, of those that say nothing and of those that
// are wrong the bytes decide, as in the inbox: clients send application/octet-stream,
// application/vnd.ms-excel, text/plain, application/x-www-form-urlencoded or nothing for the same
// file.
bool is_of_something_else(std::string_view type) {
  constexpr std::array<std::string_view, 5> kTypes = {
      "text/html", "application/xhtml+xml", "application/pdf", "application/xml", "text/xml"};
  constexpr std::array<std::string_view, 5> kKinds = {"image/", "audio/", "video/", "font/",
                                                      "message/"};
  const bool is_other_multipart = type.starts_with("multipart/") && type != "multipart/form-data";
  return is_other_multipart || std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end() ||
         std::any_of(kKinds.begin(), kKinds.end(),
                     [&](std::string_view kind) { return type.starts_with(kind); });
}

// Why this media type is not taken, or nullopt.
std::optional<PushAnswer> media_type_refusal(std::string_view content_type) {
  constexpr std::string_view kCode = "unsupported_media_type";
  const MediaType media = parse_media_type(content_type);
  if (is_of_something_else(media.type)) {
    return refusal(415, kCode,
                   "不支持数据格式“" + media.type +
                       "”；应为 CSV、JSON、xlsx，或带一个文件的表单（multipart/form-data）。");
  }
  if (media.type == "multipart/form-data" && form_boundary(content_type).empty()) {
    return refusal(415, kCode, "表单（multipart/form-data）的 Content-Type 里没有 boundary。");
  }
  // Intake finds out from the bytes in which of them they really are. What HTTP libraries say
  // unasked (ISO-8859-1) says nothing.
  constexpr std::array<std::string_view, 18> kCharsets = {
      "",       "utf-8",    "utf8",       "gbk",       "gb2312", "gb18030",
      "utf-16", "utf-16le", "utf-16be",   "cp936",     "ms936",  "windows-936",
      "x-gbk",  "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "binary"};
  if (std::find(kCharsets.begin(), kCharsets.end(), media.charset) == kCharsets.end()) {
    return refusal(
        415, kCode,
        "不支持字符编码“" + media.charset + "”，应为 UTF-8、GB18030（GBK、GB2312）或 UTF-16。");
  }
  return std::nullopt;
}

std::optional<PushAnswer> key_refusal(std::string_view key) {
  constexpr std::size_t kMostBytes = 255;
  if (key.size() <= kMostBytes) return std::nullopt;
  return refusal(400, "bad_idempotency_key",
                 "Idempotency-Key 有 " + std::to_string(key.size()) + " 字节，应不超过 " +
                     std::to_string(kMostBytes) + " 字节。");
}

std::optional<PushAnswer> gzip_refusal(Unpacked::Fault fault, std::size_t most) {
  switch (fault) {
    case Unpacked::Fault::too_large:
      return refusal(413, "too_large",
                     "正文解压后超过 " + std::to_string(most) + " 字节，请拆成几次报送。");
    case Unpacked::Fault::damaged:
      return refusal(400, "bad_gzip", "正文不是完整的 gzip，请重新压缩后报送。");
    case Unpacked::Fault::no_memory:
      return unavailable("服务器内存不足，数据未保存，请稍后重新报送");
    case Unpacked::Fault::none:
      break;
  }
  return std::nullopt;
}

PushAnswer answer_of(const SubmissionResult& result, bool is_dry_run) {
  const auto receipt = [&] {
    return (is_dry_run ? dry_run_to_json(result) : to_json(result.receipt)) + "\n";
  };
  switch (result.outcome) {
    case Outcome::taken:
      return {200, receipt(), {}};
    case Outcome::refused:
      return {422, receipt(), {}};
    case Outcome::unreadable:
      return {400, receipt(), {}};
    case Outcome::conflict:
      return refusal(422, "idempotency_key_reused",
                     "这个 Idempotency-Key 已用于内容不同的报送；每次报送应使用新的键。");
    case Outcome::unavailable:
      break;
  }
  return unavailable(result.reason);
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Reads the [[token]] of one file after the other.
class TokenTables {
 public:
  explicit TokenTables(const CollectorTables& tables) : tables_(tables) {}

  void read(TomlTable& root) {
    for (TomlTable& table : root.tables("token")) {
      PushToken token;
      const auto role = table.word("role", {"department", "office", "operator", "reader"});
      token.role = static_cast<TokenRole>(role.value_or(0));
      if (token.role == TokenRole::department) token.department = tables_.department(table);
      token.sha256 = table.text("sha256", true).value_or("");
      if (!token.sha256.empty() && !is_sha256(token.sha256)) {
        table.add_finding("sha256",
                          "'sha256' in [[token]] is not 64 lower-case hex digits; "
                          "`districtd token new` prints them");
      } else if (!token.sha256.empty() && !hashes_.insert(token.sha256).second) {
        table.add_finding("sha256",
                          "two [[token]] have this 'sha256'; each token belongs to one entry");
      }
      table.finish();
      config_->tokens.push_back(std::move(token));
    }
  }

  void read_file(const std::filesystem::path& file) {
    auto parsed = read_toml(file);
    if (!parsed) {
      tables_.findings.push_back(std::move(parsed.error()));
      return;
    }
    const std::string name = file.string();
    TomlTable root{*parsed, "the token file", {name, &tables_.findings}};
    read(root);
    root.finish();
  }

  std::shared_ptr<const HttpPushConfig> config() const { return config_; }

 private:
  const CollectorTables& tables_;
  std::shared_ptr<HttpPushConfig> config_ = std::make_shared<HttpPushConfig>();
  std::set<std::string> hashes_;
};

CollectorConfigs read(const CollectorTables& tables) {
  TokenTables tokens(tables);
  tokens.read(tables.root);
  for (const std::filesystem::path& file : tables.token_files) tokens.read_file(file);
  return {tokens.config()};
}

}  // namespace

constinit const CollectorKind kHttpPush = {"http_push", "", read};

bool HttpPushConfig::is_same(const CollectorConfig& other) const {
  const auto* const push = dynamic_cast<const HttpPushConfig*>(&other);
  return push != nullptr && push->tokens == tokens;
}

std::unique_ptr<Collector> HttpPushConfig::make(const CollectorContext& /*context*/) const {
  return nullptr;
}

std::string_view to_string(TokenRole role) {
  switch (role) {
    case TokenRole::department:
      return "department";
    case TokenRole::office:
      return "office";
    case TokenRole::operation:
      return "operator";
    case TokenRole::reader:
      break;
  }
  return "reader";
}

HttpPush::HttpPush(asio::io_context& io, asio::thread_pool& unpacker, SubmissionSink& sink,
                   std::vector<PushToken> tokens, std::shared_ptr<ByteBudget> budget)
    : io_(io),
      unpacker_(unpacker),
      sink_(sink),
      tokens_(std::move(tokens)),
      budget_(std::move(budget)),
      self_(std::make_shared<HttpPush*>(this)) {}

const PushToken* HttpPush::find_token(std::string_view authorization) const {
  const std::string_view token = bearer_token(authorization);
  if (token.empty()) return nullptr;
  const std::string hash = sha256_hex(token);
  const PushToken* found = nullptr;
  for (const PushToken& known : tokens_) {
    if (known.sha256.size() == hash.size() &&
        CRYPTO_memcmp(known.sha256.data(), hash.data(), hash.size()) == 0) {
      found = &known;
    }
  }
  return found;
}

std::string HttpPush::authenticate(std::string_view authorization) const {
  const PushToken* const token = find_token(authorization);
  return token != nullptr ? token->department : std::string();
}

bool HttpPush::is_office(std::string_view authorization) const {
  const PushToken* const token = find_token(authorization);
  return token != nullptr && token->role == TokenRole::office;
}

std::optional<PushAnswer> HttpPush::refuse_stranger(std::string_view authorization) const {
  if (!authenticate(authorization).empty()) return std::nullopt;
  return unauthorized(authorization);
}

std::optional<PushAnswer> HttpPush::turn_away(const PushHead& head) {
  const PushToken* const token = find_token(head.authorization);
  if (token == nullptr || token->role != TokenRole::department)
    return unauthorized(head.authorization);
  if (const auto wait = rate_.count_push(token->sha256, steady_now())) {
    PushAnswer answer =
        refusal(429, "too_many_requests",
                "报送太频繁，请在 " + std::to_string(wait->count()) + " 秒之后再报送。");
    answer.headers.emplace_back("Retry-After", std::to_string(wait->count()));
    return answer;
  }
  if (auto refused = media_type_refusal(head.content_type)) return refused;
  return key_refusal(head.idempotency_key);
}

void HttpPush::handle(PushRequest request, Done done) {
  const PushToken* const token = find_token(request.authorization);
  if (token == nullptr || token->role != TokenRole::department)
    return done(unauthorized(request.authorization));
  Submission submission;
  submission.department = token->department;
  submission.collector = kHttpPush.name;
  submission.media_type = parse_media_type(request.content_type).type;
  submission.name = std::move(request.peer);
  submission.body = std::move(request.body);
  submission.request = std::move(request.id);
  submission.programme = std::move(request.programme);
  submission.is_dry_run = request.is_dry_run;
  if (!request.idempotency_key.empty()) submission.key = token->sha256 + request.idempotency_key;
  std::string boundary = form_boundary(request.content_type);
  if (request.content_encoding == "gzip") {
    return unpack(std::move(submission), std::move(boundary), std::move(done));
  }
  submit(std::move(submission), boundary, std::move(done));
}

// The pool gets values and gives values back; neither it nor the event loop needs this any more.
void HttpPush::unpack(Submission submission, std::string boundary, Done done) {
  asio::post(unpacker_,
             [submission = std::move(submission), boundary = std::move(boundary),
              done = std::move(done), most = limits_.max_body_bytes, self = std::weak_ptr(self_),
              guard = asio::make_work_guard(io_)]() mutable {
               const Busy busy("unpacks a body");
               Unpacked unpacked = gunzip(submission.body, most);
               submission.body = std::move(unpacked.body);
               asio::post(guard.get_executor(),
                          [submission = std::move(submission), boundary = std::move(boundary),
                           done = std::move(done), fault = unpacked.fault, most, self]() mutable {
                            const auto push = self.lock();
                            if (!push) return;
                            if (auto refused = gzip_refusal(fault, most))
                              return done(std::move(*refused));
                            (*push)->submit(std::move(submission), boundary, std::move(done));
                          });
             });
}

// What it holds is counted until the sink has answered, also where the client has long been told
// that the answer takes too long.
void HttpPush::submit(Submission submission, const std::string& boundary, Done done) {
  if (!boundary.empty()) {
    const auto file = file_of_form(submission.body, boundary);
    if (!file) return done(refusal(400, "bad_form", file.error()));
    const auto begin = static_cast<std::size_t>(file->content.data() - submission.body.data());
    submission.media_type = file->media_type;
    submission.body.resize(begin + file->content.size());
    submission.body.erase(0, begin);
  }
  // Shared because a std::function has to be copyable; only one copy is called.
  auto held = std::make_shared<ByteBudget::Share>(budget_);
  // Pushes that wait for a disk leave room for answers: /metrics is read just then.
  const std::size_t left = budget_->limit() / 8;
  if (!held->resize(kBytesOfAPush + kTimesRead * submission.body.size(), left)) {
    return done(unavailable("服务器正忙，等待处理的报送已占满内存，数据未保存，请稍后重新报送"));
  }
  const bool is_dry_run = submission.is_dry_run;
  sink_.submit(std::move(submission),
               [done = std::move(done), held = std::move(held), is_dry_run](
                   const SubmissionResult& result) { done(answer_of(result, is_dry_run)); });
}

void HttpPush::set_tokens(std::vector<PushToken> tokens) { tokens_ = std::move(tokens); }

void HttpPush::set_limits(PushLimits limits) {
  limits_ = limits;
  rate_.set_limit(limits.per_minute);
}

std::string new_token() {
  std::array<unsigned char, 32> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system gives no random bytes for a token");
  }
  std::string token = base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  OPENSSL_cleanse(bytes.data(), bytes.size());
  while (token.ends_with('=')) token.pop_back();
  std::replace(token.begin(), token.end(), '+', '-');
  std::replace(token.begin(), token.end(), '/', '_');
  return token;
}

}  // namespace districtd

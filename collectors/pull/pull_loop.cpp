#include "collectors/pull/pull_loop.h"

#include <algorithm>
#include <cctype>
#include <exception>
#include <random>
#include <utility>
#include <variant>
#include <boost/asio/post.hpp>

#include "base/backoff.h"
#include "base/digest.h"
#include "base/http_client.h"
#include "base/media_type.h"
#include "base/ports/clock.h"
#include "base/ports/timer.h"
#include "base/shortage.h"
#include "collectors/pull/retry_after.h"

namespace districtd {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr unsigned kMostRedirects = 5;

std::string_view kind_of(FetchFailure::Kind kind) {
  switch (kind) {
    case FetchFailure::Kind::connect:
      return "connect";
    case FetchFailure::Kind::tls:
      return "tls";
    case FetchFailure::Kind::timeout:
      return "timeout";
    case FetchFailure::Kind::redirect:
      return "redirect";
    case FetchFailure::Kind::size:
      return "size";
  }
  return "connect";
}

// A page instead of figures: the portal's log-in or error page, mostly.
bool is_markup(std::string_view media_type, std::string_view body) {
  if (media_type == "text/html" || media_type == "application/xhtml+xml") return true;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '<';
}

// What the server says where it says it, else the path's ending; many a server labels CSV as
// text/plain or as Excel's.
std::string submission_type(const FetchAnswer& answer) {
  const std::string said = parse_media_type(answer.header("Content-Type")).type;
  if (said == kCsv || said == kJson || said == kXlsx) return said;
  return media_type_by_ending(std::string_view(answer.url).substr(0, answer.url.find('?')));
}

bool has_refusals(const SubmissionResult& result) {
  return result.outcome != Outcome::taken || result.receipt.rejected > 0;
}

std::string why_refused(const SubmissionResult& result) {
  const Receipt& receipt = result.receipt;
  std::string why = "the answer has no row that could be taken";
  if (result.outcome == Outcome::unreadable) {
    why = "the answer cannot be read";
  } else if (receipt.rejected > 0) {
    why = std::to_string(receipt.rejected) + " of " + std::to_string(receipt.rows) +
          " rows of the answer were refused";
  }
  why += " (submission " + receipt.submission + ")";
  if (!receipt.errors.empty()) why += ": " + receipt.errors.front().message;
  return why;
}

}  // namespace

// Owned by PullLoop alone; handlers hold it weakly.
class PullLoop::Impl : public std::enable_shared_from_this<PullLoop::Impl> {
 public:
  Impl(asio::io_context& io, SubmissionSink& sink, PullSource source, Observer observer, Now now)
      : sink_(sink),
        source_(std::move(source)),
        observer_(std::move(observer)),
        now_(std::move(now)),
        client_(io.get_executor()),
        timer_(io),
        random_(std::random_device{}()) {
    source_.every = std::max(source_.every, std::chrono::seconds{1});
  }

  void start() { wait(std::chrono::milliseconds{0}); }

  void forget_refused() {
    ++reloads_;
    if (has_refused_) forget();
  }

 private:
  void wait(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (!error && self) self->fetch();
    });
  }

  void fetch() {
    started_ = steady_now();
    if (has_refused_ && today() != submitted_on_) forget();
    HttpFetch what;
    what.url = source_.url;
    what.timeout = source_.timeout;
    what.max_bytes = source_.max_bytes;
    what.max_redirects = kMostRedirects;
    what.redirect_hosts = source_.redirect_hosts;
    what.ca_file = source_.ca_file;
    what.headers = {
        {"Accept", "text/csv, application/json;q=0.9, " + std::string(kXlsx) + ";q=0.9, */*;q=0.5"},
        {"Accept-Encoding", "identity"}};
    if (!etag_.empty()) what.headers.emplace_back("If-None-Match", etag_);
    if (!last_modified_.empty()) what.headers.emplace_back("If-Modified-Since", last_modified_);
    if (!source_.credential_header.empty()) {
      what.headers.emplace_back(source_.credential_header, source_.credential);
      what.secret_header = source_.credential_header;
    }
    is_conditional_ = !etag_.empty() || !last_modified_.empty();
    client_.fetch(std::move(what), [weak = weak_from_this()](FetchResult result) {
      if (const auto self = weak.lock()) self->fetched(std::move(result));
    });
  }

  // A want of memory for the answer says nothing of the answer.
  void fetched(FetchResult result) {
    try {
      judge(std::move(result));
    } catch (const std::exception& e) {
      if (!is_shortage(e)) throw;
      failed("unavailable", "the answer of " + source_.url + " could not be read: " + e.what());
    }
  }

  void judge(FetchResult result) {
    if (const auto* failure = std::get_if<FetchFailure>(&result)) {
      return failed(kind_of(failure->kind), failure->message);
    }
    auto& answer = std::get<FetchAnswer>(result);
    if (answer.status == 304 && is_conditional_) {
      // Forgotten while it was asked for: it takes a question without a condition.
      return settled_.empty() ? fetch() : nothing_new();
    }
    if (answer.status != 200) {
      // 429 and 503 say when, and nobody is helped by asking before.
      const auto later = retry_after(answer.header("Retry-After"), now_());
      return failed("status",
                    answer.url + " answers with status " + std::to_string(answer.status) +
                        "; 200 was expected",
                    later.value_or(std::chrono::seconds{0}));
    }
    const auto encoding = answer.header("Content-Encoding");
    if (!encoding.empty() && encoding != "identity") {
      return failed("media_type", answer.url + " answers in the encoding '" +
                                      std::string(encoding) + "', which was not asked for");
    }
    const auto content_type = answer.header("Content-Type");
    if (is_markup(parse_media_type(content_type).type, answer.body)) {
      return failed("media_type",
                    answer.url + " answers with a page (" +
                        (content_type.empty() ? "HTML or XML" : std::string(content_type)) +
                        "); CSV, JSON or xlsx was expected");
    }
    const std::string sha256 = sha256_hex(answer.body);
    if (sha256 == settled_) {
      remember(answer);
      return nothing_new();
    }
    submit(std::move(answer), sha256);
  }

  void submit(FetchAnswer answer, const std::string& sha256) {
    if (source_.json && submission_type(answer) == kJson) {
      auto mapped = mapped_json(answer.body, *source_.json);
      if (!mapped) {
        return failed("media_type", answer.url + " answers with JSON that has no array at '" +
                                        source_.json->rows + "', where its rows were expected");
      }
      answer.body = std::move(*mapped);
    }
    submitted_on_ = today();
    Submission submission{source_.department,      "http_pull",
                          submission_type(answer), source_.url,
                          std::move(answer.body),  source_.name + ' ' + sha256};
    submission.series = source_.name;
    sink_.submit(std::move(submission),
                 [weak = weak_from_this(), answer = std::move(answer), sha256,
                  reloads = reloads_](const SubmissionResult& result) {
                   if (const auto self = weak.lock())
                     self->decided(answer, sha256, reloads, result);
                 });
  }

  void decided(const FetchAnswer& answer, const std::string& sha256, unsigned reloads,
               const SubmissionResult& result) {
    if (result.outcome == Outcome::unavailable) return failed("unavailable", result.reason);
    settled_ = sha256;
    remember(answer);
    const bool is_refused = has_refused_ = has_refusals(result);
    // It may have been judged by what was there before the reload.
    if (is_refused && reloads != reloads_) forget();
    settle(is_refused, is_refused ? why_refused(result) : std::string());
  }

  // Only of what has been settled: a fetch whose rows were not kept has to bring them again.
  void remember(const FetchAnswer& answer) {
    etag_ = answer.header("ETag");
    last_modified_ = answer.header("Last-Modified");
  }

  void forget() {
    settled_.clear();
    etag_.clear();
    last_modified_.clear();
    has_refused_ = false;
  }

  void nothing_new() { settle(has_refused_, ""); }

  // The next fetch is due when the interval is over, also after a refusal.
  void settle(bool is_refused, const std::string& message) {
    failures_ = 0;
    const auto next = started_ + source_.every;
    wait(std::max(std::chrono::ceil<std::chrono::milliseconds>(next - steady_now()),
                  std::chrono::milliseconds{0}));
    observe(is_refused ? "refused" : "", message);
  }

  void failed(std::string_view failure, const std::string& message,
              std::chrono::seconds at_least = {}) {
    const auto jittered = with_full_jitter(backoff(++failures_, source_.every), random_);
    wait(std::max<std::chrono::milliseconds>(jittered, at_least));
    observe(failure, message);
  }

  std::chrono::sys_days today() const { return std::chrono::floor<std::chrono::days>(now_()); }

  // Last, because the observer may destroy this.
  void observe(std::string_view failure, const std::string& message) {
    if (observer_) observer_(source_.name, failure, message, steady_now() - started_);
  }

  SubmissionSink& sink_;
  PullSource source_;
  const Observer observer_;
  const Now now_;
  HttpClient client_;
  Timer timer_;
  std::mt19937 random_;
  steady_clock::time_point started_;
  unsigned failures_ = 0;               // in a row
  unsigned reloads_ = 0;                // how often forget_refused() was called
  bool is_conditional_ = false;         // what the fetch under way asks
  std::string settled_;                 // SHA-256, hex: the last body that the sink has decided on
  bool has_refused_ = false;            // rows of that body, or all of it
  std::chrono::sys_days submitted_on_;  // UTC: that body
  std::string etag_;                    // of that body
  std::string last_modified_;           // likewise
};

PullLoop::PullLoop(asio::io_context& io, SubmissionSink& sink, PullSource source, Observer observer,
                   Now now)
    : impl_(std::make_shared<Impl>(io, sink, std::move(source), std::move(observer),
                                   std::move(now))) {}

PullLoop::~PullLoop() = default;

void PullLoop::start() { impl_->start(); }

void PullLoop::forget_refused() { impl_->forget_refused(); }

}  // namespace districtd

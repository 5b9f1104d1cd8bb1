#include "base/http_client.h"

#include <exception>
#include <utility>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/http_address.h"
#include "base/http_exchange.h"
#include "base/ports/timer.h"
#include "base/text.h"

namespace districtd {

namespace asio = boost::asio;
using Kind = FetchFailure::Kind;

namespace {

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

std::string_view FetchAnswer::header(std::string_view name) const {
  const std::string wanted = lower_ascii(name);
  for (const auto& [key, value] : headers) {
    if (lower_ascii(key) == wanted) return value;
  }
  return {};
}

// The exchanges of one fetch, one after another: redirects are followed here and not by libcurl, so
// that it is seen here where secrets go.
class FetchUnderWay : public std::enable_shared_from_this<FetchUnderWay> {
 public:
  FetchUnderWay(asio::any_io_executor executor, HttpFetch what,
                std::function<void(FetchResult)> done)
      : executor_(std::move(executor)),
        deadline_(executor_),
        what_(std::move(what)),
        done_(std::move(done)) {}

  void start() {
    if (!done_) return;
    deadline_.expires_after(what_.timeout);
    deadline_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (error || !self) return;
      self->give_up("within " + std::to_string(self->what_.timeout.count()) + " ms");
    });
    auto address = HttpAddress::parse(what_.url);
    if (!address) return finish(unusable(address.error()));
    ask(*std::move(address));
  }

  // `when`: "before it was to stop".
  void give_up(std::string_view when) {
    const bool may_have_arrived = exchange_ && exchange_->may_have_arrived();
    finish(FetchFailure{Kind::timeout,
                        "no whole answer from " + shown_address() + " " + std::string(when),
                        may_have_arrived});
  }

  void cancel() {
    done_ = nullptr;
    deadline_.cancel();
    exchange_.reset();
  }

 private:
  void finish(FetchResult result) {
    const auto done = std::exchange(done_, nullptr);
    cancel();
    if (done) done(std::move(result));
  }

  std::string shown_address() const {
    if (!what_.is_url_secret) return what_.url;
    return address_ ? address_->where() : "the address";
  }

  FetchFailure unusable(const HttpAddressFault& fault) const {
    const bool is_shown = !what_.is_url_secret && !fault.shown.empty();
    return {Kind::connect,
            "cannot use the URL" + (is_shown ? " " + fault.shown : "") + ": " + fault.why};
  }

  void ask(HttpAddress address) {
    try {
      address_ = std::make_unique<HttpAddress>(address);
      exchange_ = std::make_unique<HttpExchange>(
          executor_, what_, std::move(address),
          [this](FetchResult result) { answered(std::move(result)); });
      exchange_->start();
    } catch (const std::exception& error) {  // no memory, no descriptors
      finish(
          FetchFailure{Kind::connect, "no answer from " + shown_address() + ": " + error.what()});
    }
  }

  void answered(FetchResult result) {
    const auto* const answer = std::get_if<FetchAnswer>(&result);
    if (answer == nullptr || !is_redirect(answer->status)) return finish(std::move(result));
    auto next = next_address(*answer);
    if (!next) return finish(std::move(next).error());
    if (!next->has_host_and_port_of(*address_)) {
      std::erase_if(what_.headers, [this](const auto& header) { return is_secret(header.first); });
    }
    ++redirects_;
    ask(*std::move(next));
  }

  bool is_secret(const std::string& header) const {
    const std::string name = lower_ascii(header);
    return name == "authorization" || name == "cookie" || name == lower_ascii(what_.secret_header);
  }

  bool may_lead_to(const HttpAddress& next) const {
    if (!what_.redirect_hosts) return true;
    const auto first = HttpAddress::parse(what_.url);
    if (first && next.has_host_and_port_of(*first)) return true;
    const std::string host = lower_ascii(next.host());
    const std::string where = lower_ascii(next.where());
    return std::any_of(what_.redirect_hosts->begin(), what_.redirect_hosts->end(),
                       [&](const std::string& allowed) {
                         const std::string name = lower_ascii(allowed);
                         return name == host || name == where;
                       });
  }

  Result<HttpAddress, FetchFailure> next_address(const FetchAnswer& answer) const {
    const std::string location(answer.header("Location"));
    const auto refused = [&](const std::string& why) {
      const std::string from = what_.is_url_secret ? address_->where() : address_->text();
      const std::string to = what_.is_url_secret ? "another address" : "'" + location + "'";
      return FetchFailure{Kind::redirect, from + " redirects to " + to + ", " + why, true};
    };
    if (what_.method != "GET") return refused("which is not followed when something is sent");
    if (redirects_ >= what_.max_redirects) {
      return refused("after " + std::to_string(redirects_) + " redirects that were followed");
    }
    auto next = address_->resolve(location);
    if (!next) return refused("which cannot be used: " + next.error().why);
    if (next->is_https() != address_->is_https()) return refused("which is another scheme");
    if (!may_lead_to(*next)) {
      return refused(
          "which is another host; where that one is right, redirect_hosts has to name '" +
          (what_.is_url_secret ? "it" : next->where()) + "'");
    }
    return *std::move(next);
  }

  asio::any_io_executor executor_;
  Timer deadline_;
  HttpFetch what_;                         // without its secrets once they stayed behind
  std::function<void(FetchResult)> done_;  // empty once called or cancelled
  unsigned redirects_ = 0;
  std::unique_ptr<HttpAddress> address_;  // that is asked
  std::unique_ptr<HttpExchange> exchange_;
};

HttpClient::HttpClient(asio::any_io_executor executor) : executor_(std::move(executor)) {}

HttpClient::~HttpClient() { cancel(); }

void HttpClient::fetch(HttpFetch what, std::function<void(FetchResult)> done) {
  cancel();
  under_way_ = std::make_shared<FetchUnderWay>(executor_, std::move(what), std::move(done));
  asio::post(executor_, [under_way = under_way_] { under_way->start(); });
}

void HttpClient::cancel() {
  if (under_way_) under_way_->cancel();
  under_way_.reset();
}

FetchResult fetch_and_wait(HttpFetch what, std::stop_token stop) {
  asio::io_context io;
  FetchResult result = FetchFailure{};
  const auto under_way =
      std::make_shared<FetchUnderWay>(io.get_executor(), std::move(what), [&](FetchResult fetched) {
        result = std::move(fetched);
        io.stop();
      });
  asio::post(io, [&] { under_way->start(); });
  const std::stop_callback stopping(std::move(stop), [&] {
    asio::post(io, [&] { under_way->give_up("before it was told to stop"); });
  });
  io.run();
  return result;
}

}  // namespace districtd

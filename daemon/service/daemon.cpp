#include "daemon/service/daemon.h"

#include <sys/time.h>
#include <unistd.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <ostream>
#include <string>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/json_writer.h"
#include "collectors/receipt_json.h"
#include "daemon/api/request_log.h"
#include "daemon/api/routes.h"
#include "daemon/config/configuration.h"
#include "daemon/delivery/scheduler.h"
#include "daemon/http/server.h"
#include "daemon/log/logging.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/service/proved.h"
#include "daemon/service/start_readings.h"
#include "daemon/service/systemd.h"

namespace districtd {

namespace {

namespace asio = boost::asio;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// systemd kills at 10 s (TimeoutStopSec); people expect 5.
constexpr auto kLongestStop = 4500ms;
constexpr suseconds_t kLastResort = 4'800'000;  // microseconds
constexpr auto kDateInterval = 5s;
constexpr auto kDrainPoll = 10ms;
constexpr std::chrono::days kCertificateNotice{14};  // as of the alert DistrictdCertificateExpires

// A name look-up under way cannot be cancelled and would hold up the end of the event loop. What
// was acknowledged is on disk at any moment, so leaving without ceremony loses nothing.
void leave_at_the_latest() {
  std::signal(SIGALRM, [](int) { _exit(0); });
  const itimerval once{{0, 0}, {kLastResort / 1'000'000, kLastResort % 1'000'000}};
  setitimer(ITIMER_REAL, &once, nullptr);
}

// People read the log's times; it is the district's clock that they live by. Before any thread.
void keep_the_time_of(const std::string& time_zone) {
  setenv("TZ", time_zone.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  tzset();
}

class Daemon {
 public:
  Daemon(std::filesystem::path file, Proved proved, StartReadings& readings)
      : file_(std::move(file)),
        configuration_(std::move(proved.loaded.configuration)),
        store_(configuration_.store_path),
        decoder_(1),
        workers_(1),
        pipeline_(io_, decoder_, store_, metrics_, std::move(proved.loaded.catalogue),
                  readings.take(configuration_.store_path, clock()), clock()),
        scheduler_(store_, configuration_.store_path, metrics_, clock()),
        push_(io_, decoder_, pipeline_, configuration_.tokens),
        server_(io_, server_options(proved.certificate), api_routes(parts()),
                [this](const HttpServed& served) { on_served(served); }),
        certificate_(keep(proved.certificate)),
        signals_(io_, SIGTERM, SIGINT, SIGHUP),
        date_timer_(io_),
        watchdog_timer_(io_),
        idle_timer_(io_),
        stop_timer_(io_) {}

  ~Daemon() {
    decoder_.join();
    workers_.join();
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  void run() {
    pipeline_.set_rules({configuration_.mappings, configuration_.hold});
    pipeline_.show_months(configuration_.shows_months);
    push_.set_limits(push_limits());
    pipeline_.start();
    scheduler_.adopt(configuration_.bulletins, configuration_.district_name,
                     pipeline_.board().shared_catalogue());
    scheduler_.start();
    metrics_.set_ready(true);
    start_collectors();
    server_.start();
    if (certificate_) certificate_->start();
    await_signal();
    watch_the_date();
    feed_the_watchdog();
    show_alerting();
    metrics_.set_reload(true);
    notify_ready(summary());
    log_event(LogLevel::info, "started", summary(),
              {{"version", json_text(DISTRICTD_VERSION)}, {"store", json_text(store_path())}});
    show_certificate();
    io_.run();
    // A second signal, while the store is closed, must not end it in the middle.
    signals_.clear();
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, SIG_IGN);
    log_event(LogLevel::info, "stopped", "Stopped; everything that was accepted is on disk");
  }

 private:
  struct Pull {
    HttpPullSource source;
    std::unique_ptr<HttpPull> collector;
  };

  HttpServerOptions server_options(std::shared_ptr<ServerCertificate> certificate) const {
    HttpServerOptions options;
    static_cast<HttpLimits&>(options) = server_limits();
    options.listen = configuration_.http.listen;
    if (const auto& tls = configuration_.http.tls) {
      options.tls_listen = tls->listen;
      options.certificate = std::move(certificate);
      options.tls_serves_all = tls->serves_all;
    }
    return options;
  }

  HttpLimits server_limits() const {
    const HttpConfig& http = configuration_.http;
    HttpLimits limits;
    limits.max_body_bytes = http.max_body_bytes;
    limits.max_header_bytes = http.max_header_bytes;
    limits.max_connections = http.max_connections;
    limits.request_timeout = http.request_timeout;
    limits.idle_timeout = http.idle_timeout;
    return limits;
  }

  PushLimits push_limits() const {
    return {configuration_.http.max_body_bytes, configuration_.http.pushes_per_minute};
  }

  void on_served(const HttpServed& served) {
    metrics_.observe_request(served.pattern, served.status, served.took);
    request_log_.add(served, RequestLog::Clock::now());
  }

  std::unique_ptr<CertificateKeeper> keep(std::shared_ptr<ServerCertificate> certificate) {
    if (!certificate) return nullptr;
    return std::make_unique<CertificateKeeper>(
        io_, std::move(certificate),
        [this](std::shared_ptr<ServerCertificate> renewed) {
          server_.set_certificate(std::move(renewed));
          log_event(LogLevel::info, "certificate_reloaded",
                    "The files of [http.tls] were renewed; connections get the new certificate "
                    "from now on");
          show_certificate();
        },
        [](const std::string& why) {
          log_event(LogLevel::warn, "certificate_not_reloaded",
                    "The files of [http.tls] have changed and cannot be used, so the certificate "
                    "of before stays: " +
                        why);
        });
  }

  void show_certificate() {
    if (!certificate_) return;
    const auto until = certificate_->certificate()->not_after();
    metrics_.set_certificate_expiry(until);
    if (until - std::chrono::system_clock::now() > kCertificateNotice) return;
    log_event(LogLevel::warn, "certificate_expires",
              "The certificate of [http.tls] is valid only until " + clock().text_of(Time{until}) +
                  "; renew it, districtd takes the new files by itself",
              {{"file", json_text(certificate_->certificate()->files().certificate.string())}});
  }

  DistrictClock clock() const { return DistrictClock{configuration_.time_zone}; }

  ApiParts parts() {
    return {io_,
            workers_,
            pipeline_,
            push_,
            store_,
            metrics_,
            scheduler_,
            configuration_.store_path,
            [this] { return !is_stopping_; },
            [this](HttpReply reply) { reload(std::move(reply)); }};
  }

  std::string store_path() const { return configuration_.store_path.string(); }

  std::string summary() const {
    std::string text = configuration_.district_name + ": " +
                       std::to_string(pipeline_.board().catalogue().targets().size()) +
                       " targets, listening on";
    for (const std::string& address : configuration_.http.listen) text += " " + address;
    if (const auto& tls = configuration_.http.tls) {
      for (const std::string& address : tls->listen) text += " https://" + address;
    }
    return text;
  }

  void show_alerting() {
    const auto& alerting = configuration_.alerting;
    metrics_.set_escalate_after(alerting ? std::optional{alerting->escalate_after} : std::nullopt);
  }

  void start_collectors() {
    start_drops();
    start_pulls();
  }

  // What a reload leaves as it was goes on: a file or page in flight keeps its receipt.
  void start_drops() {
    std::vector<std::string> departments;
    for (const Department& department : pipeline_.board().catalogue().departments()) {
      departments.push_back(department.id);
    }
    if (departments == drop_departments_ && configuration_.csv_drops == drop_options_) return;
    drops_.clear();
    for (const CsvDropOptions& options : configuration_.csv_drops) {
      drops_.push_back(std::make_unique<CsvDrop>(
          io_, pipeline_, options, departments,
          [](std::string_view level, std::string_view event, std::string_view message) {
            log_event(level == "error"  ? LogLevel::error
                      : level == "info" ? LogLevel::info
                                        : LogLevel::warn,
                      event, message);
          }));
      drops_.back()->start();
    }
    drop_departments_ = std::move(departments);
    drop_options_ = configuration_.csv_drops;
  }

  void start_pulls() {
    std::vector<Pull> before = std::move(pulls_);
    pulls_.clear();
    for (const HttpPullSource& source : configuration_.http_pulls) {
      const auto same = std::find_if(before.begin(), before.end(), [&](const Pull& pull) {
        return pull.collector != nullptr && pull.source == source;
      });
      if (same != before.end()) {
        same->collector->forget_refused();
        pulls_.push_back(std::move(*same));
        continue;
      }
      pulls_.push_back(
          {source,
           std::make_unique<HttpPull>(
               io_, pipeline_, source, last_taken(source),
               [this](std::string_view name, std::string_view failure, std::string_view message,
                      std::chrono::nanoseconds took) { on_pull(name, failure, message, took); })});
      pulls_.back().collector->start();
    }
    for (const Pull& pull : before) {
      if (!is_pulled(pull.source.name)) metrics_.forget_pull(pull.source.name);
    }
  }

  bool is_pulled(std::string_view name) const {
    return std::any_of(pulls_.begin(), pulls_.end(),
                       [&](const Pull& pull) { return pull.source.name == name; });
  }

  // So that a restart does not take the same page again and with it back a later correction.
  std::string last_taken(const HttpPullSource& source) const {
    return StoreReader{configuration_.store_path}.last_sha256("http_pull", source.department,
                                                              source.url);
  }

  void on_pull(std::string_view name, std::string_view failure, std::string_view message,
               std::chrono::nanoseconds took) {
    metrics_.observe_pull(name, failure, took);
    if (message.empty()) return;  // good, or a refusal that was said before
    log_event(LogLevel::warn, "pull_failed", message,
              {{"source", json_text(name)}, {"reason", json_text(failure)}});
  }

  void await_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        notify_reloading();
        reload([this](const HttpAnswer&) { notify_ready(summary()); });
      } else {
        stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
      }
      await_signal();
    });
  }

  void watch_the_date() {
    if (is_stopping_) return;
    pipeline_.look_at_the_date();
    date_timer_.expires_after(kDateInterval);
    date_timer_.async_wait([this](boost::system::error_code error) {
      if (!error) watch_the_date();
    });
  }

  void feed_the_watchdog() {
    const auto interval = watchdog_interval();
    if (!interval) return;
    notify_alive();
    watchdog_timer_.expires_after(*interval);
    watchdog_timer_.async_wait([this](boost::system::error_code error) {
      if (!error) feed_the_watchdog();
    });
  }

  // Reads on a worker, so that a catalogue of a province does not hold up the scrapes; one reload
  // after the other, for there is one worker.
  void reload(HttpReply reply) {
    asio::post(workers_, [this, reply = std::move(reply)]() mutable {
      auto proved = std::make_shared<Result<Proved, Findings>>(load_proved(file_));
      asio::post(io_, [this, proved, reply = std::move(reply)] {
        reply(*proved ? adopt(*std::move(*proved)) : refuse_reload(proved->error()));
      });
    });
  }

  // All or nothing: what can fail is tried before anything is changed.
  HttpAnswer adopt(Proved proved) {
    Loaded& next = proved.loaded;
    if (const Findings fixed = what_needs_a_restart(next.configuration); !fixed.empty()) {
      return refuse_reload(fixed);
    }
    try {
      configure_logging(next.configuration.log);
    } catch (const spdlog::spdlog_ex& e) {
      return refuse_reload({{file_.string(), 0, 0, std::string{"[log] "} + e.what()}});
    }
    configuration_ = std::move(next.configuration);
    pipeline_.set_rules({configuration_.mappings, configuration_.hold});
    pipeline_.show_months(configuration_.shows_months);
    pipeline_.adopt(std::move(next.catalogue));
    scheduler_.adopt(configuration_.bulletins, configuration_.district_name,
                     pipeline_.board().shared_catalogue());
    push_.set_tokens(configuration_.tokens);
    push_.set_limits(push_limits());
    server_.set_limits(server_limits());
    if (certificate_) {
      certificate_->replace(proved.certificate);
      server_.set_certificate(std::move(proved.certificate));
      show_certificate();
    }
    if (!is_stopping_) start_collectors();
    show_alerting();
    metrics_.set_reload(true);
    log_event(LogLevel::info, "reloaded", summary());
    HttpAnswer answer;
    answer.body = "{\"reloaded\":true,\"targets\":" +
                  std::to_string(pipeline_.board().catalogue().targets().size()) + "}\n";
    return answer;
  }

  Findings what_needs_a_restart(const Configuration& next) const {
    Findings findings;
    const auto needs = [&](std::string_view key) {
      findings.push_back({file_.string(), 0, 0,
                          std::string{key} + " cannot change in a reload; restart districtd, or "
                                             "put the old value back"});
    };
    if (next.time_zone != configuration_.time_zone) needs("[district] time_zone");
    if (next.store_path != configuration_.store_path) needs("[store] path");
    if (next.http.listen != configuration_.http.listen) needs("[http] listen");
    const auto& tls = next.http.tls;
    const auto& tls_before = configuration_.http.tls;
    if (tls.has_value() != tls_before.has_value()) {
      needs("whether there is [http.tls]");
    } else if (tls && tls->listen != tls_before->listen) {
      needs("[http.tls] listen");
    } else if (tls && tls->serves_all != tls_before->serves_all) {
      needs("[http.tls] serves");
    }
    return findings;
  }

  HttpAnswer refuse_reload(const Findings& findings) {
    metrics_.set_reload(false);
    std::string all;
    for (const Finding& finding : findings) {
      log_event(LogLevel::error, "reload_refused", to_string(finding),
                {{"file", json_text(finding.file)},
                 {"line", std::to_string(finding.line)},
                 {"column", std::to_string(finding.column)}});
      all += (all.empty() ? "" : "; ") + to_string(finding);
    }
    HttpAnswer answer;
    answer.status = 422;
    answer.body = error_json("reload_refused", "the old configuration stays in force: " + all);
    return answer;
  }

  void stop(std::string_view why) {
    if (is_stopping_) return;
    is_stopping_ = true;
    metrics_.set_ready(false);
    leave_at_the_latest();
    notify_stopping();
    log_event(LogLevel::info, "stopping", std::string{why} + ": finishing what was accepted");
    drops_.clear();
    pulls_.clear();
    date_timer_.cancel();
    watchdog_timer_.cancel();
    if (certificate_) certificate_->stop();
    server_.drain([this] { stop_when_idle(); });
    stop_timer_.expires_after(kLongestStop);
    stop_timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      log_event(LogLevel::warn, "stop_cut_short", "Requests were still open after 4.5 s",
                {{"in_flight", std::to_string(pipeline_.in_flight())}});
      io_.stop();
    });
  }

  // Files from the inbox may still be on their way through the pipeline.
  void stop_when_idle() {
    if (pipeline_.in_flight() == 0) {
      stop_timer_.cancel();
      io_.stop();
      return;
    }
    idle_timer_.expires_after(kDrainPoll);
    idle_timer_.async_wait([this](boost::system::error_code error) {
      if (!error) stop_when_idle();
    });
  }

  std::filesystem::path file_;
  Configuration configuration_;
  asio::io_context io_{1};
  DaemonMetrics metrics_;
  Store store_;
  asio::thread_pool decoder_;
  asio::thread_pool workers_;
  Pipeline pipeline_;
  BulletinScheduler scheduler_;
  HttpPush push_;
  RequestLog request_log_;
  HttpServer server_;
  std::unique_ptr<CertificateKeeper> certificate_;  // of [http.tls]; nullptr without
  std::vector<std::unique_ptr<CsvDrop>> drops_;
  std::vector<std::string> drop_departments_;  // with which drops_ were made
  std::vector<CsvDropOptions> drop_options_;
  std::vector<Pull> pulls_;
  asio::signal_set signals_;
  asio::steady_timer date_timer_;
  asio::steady_timer watchdog_timer_;
  asio::steady_timer idle_timer_;
  asio::steady_timer stop_timer_;
  bool is_stopping_ = false;
};

}  // namespace

int run_daemon(const std::filesystem::path& config, std::ostream& err) {
  StartReadings readings;
  auto proved = load_proved(config, [&](const Configuration& configuration) {
    keep_the_time_of(configuration.time_zone);
    readings.begin(configuration.store_path, DistrictClock{configuration.time_zone});
  });
  if (!proved) {
    print_findings(proved.error(), err);
    err << "districtd does not start with a configuration that has findings\n";
    return 1;
  }
  try {
    configure_logging(proved->loaded.configuration.log);
  } catch (const spdlog::spdlog_ex& e) {
    // There is no log yet that this could go to.
    err << config.string() << ": [log] " << e.what() << '\n';
    return 1;
  }
  try {
    // A client that is gone, a full pipe: errors of the call, not the end of the daemon.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    Daemon daemon{config, *std::move(proved), readings};
    daemon.run();
  } catch (const std::exception& e) {
    log_event(LogLevel::error, "start_failed", e.what());
    return 1;
  }
  return 0;
}

}  // namespace districtd

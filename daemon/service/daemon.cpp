#include "daemon/service/daemon.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <prometheus/registry.h>

#include "base/byte_budget.h"
#include "base/heartbeat.h"
#include "base/json_writer.h"
#include "base/ports/clock.h"
#include "daemon/api/request_log.h"
#include "daemon/api/request_metrics.h"
#include "daemon/api/routes.h"
#include "daemon/config/configuration.h"
#include "daemon/delivery/scheduler.h"
#include "daemon/exporter/own_metrics.h"
#include "daemon/http/server.h"
#include "daemon/log/log_metrics.h"
#include "daemon/log/logging.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/service/checked_configuration.h"
#include "daemon/service/clock_anchor_file.h"
#include "daemon/service/clock_watch.h"
#include "daemon/service/collectors.h"
#include "daemon/service/control_commands.h"
#include "daemon/service/control_socket.h"
#include "daemon/service/credible_clock.h"
#include "daemon/service/descriptors.h"
#include "daemon/service/earlier_targets.h"
#include "daemon/service/holiday_metrics.h"
#include "daemon/service/load_metrics.h"
#include "daemon/service/reload.h"
#include "daemon/service/repeated_task.h"
#include "daemon/service/served_certificate.h"
#include "daemon/service/server_options.h"
#include "daemon/service/service_metrics.h"
#include "daemon/service/settled_programmes.h"
#include "daemon/service/shutdown.h"
#include "daemon/service/signals.h"
#include "daemon/service/start_readings.h"
#include "daemon/service/store_watch.h"
#include "daemon/service/systemd.h"
#include "daemon/service/thread_watch.h"
#include "daemon/store/store_check.h"
#include "daemon/store/store_metrics.h"

namespace districtd {

namespace {

namespace asio = boost::asio;
using std::chrono_literals::operator""s;

constexpr auto kDateInterval = 5s;
// Of a decoder or a worker; the largest workbooks and the longest answers take less.
constexpr auto kLongestWork = 60s;

// People read the log's times; it is the district's clock that they live by. Before any thread.
void keep_the_time_of(const std::string& time_zone) {
  setenv("TZ", time_zone.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  tzset();
}

// By default glibc learns from each large block that is freed to keep the next ones on the heap,
// where a crowd's bodies and answers leave holes that are never given back to the system. Before
// any thread.
void give_large_blocks_back() {
  constexpr int kLargeBlock = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  mallopt(M_TRIM_THRESHOLD, 8 * kLargeBlock);
}

class Daemon {
 public:
  Daemon(const std::filesystem::path& file, CheckedConfiguration checked, StartReadings& readings)
      : file_(file),
        configuration_(std::move(checked.loaded.configuration)),
        store_(
            configuration_.store_path, [this] { return clock_.known(); },
            claims_by(checked.loaded.catalogue.catalogue)),
        clock_watch_(start_clock(checked.loaded.catalogue.catalogue)),
        store_check_(configuration_.store_path),
        decoder_(1),
        workers_(1),
        compressor_(1),
        open_at_start_(leave_out_settled_at_start(checked.loaded.catalogue)),
        pipeline_(io_, decoder_, store_, registry_, std::move(checked.loaded.catalogue),
                  readings.finish(configuration_.store_path, clock(), open_at_start_), clock()),
        scheduler_(store_, configuration_.store_path, registry_, clock()),
        push_(io_, decoder_, pipeline_, configuration_.tokens, budget_),
        server_(
            io_, fitting_options(checked.certificate), http_api(parts()),
            [this](const HttpServed& served) { on_served(served); }, budget_),
        certificate_(serve(std::move(checked.certificate))),
        collectors_({io_, pipeline_, registry_, report_to_log()}),
        reload_(
            io_, workers_, file, configuration_, metrics_,
            [this](CheckedConfiguration next) { return prepare(std::move(next)); },
            [this] { return completion_of_reload(); }),
        shutdown_(
            io_, [this](std::function<void()> done) { server_.drain(std::move(done)); },
            [this] { return pipeline_.in_flight() + collectors_.at_work(); }),
        signals_(
            io_, [this] { reload_for_systemd(); }, [this](std::string_view name) { stop(name); }),
        control_(io_,
                 [this](ControlRequest request, ControlSocket::Reply reply) {
                   serve_control(std::move(request), std::move(reply));
                 }),
        date_(io_,
              [this] {
                look_at_clock();
                say_what_is_missing();
                pipeline_.answer_overdue();
                store_watch_.look(store_.statistics(), store_check_.status());
              }),
        watchdog_(io_, [] { notify_alive(); }),
        thread_watch_timer_(io_, [this] { thread_watch_.look(); }) {
    asio::post(decoder_, [] { watch_this_thread("decoder", kLongestWork); });
    asio::post(workers_, [] { watch_this_thread("worker", kLongestWork); });
    asio::post(compressor_, [] { watch_this_thread("compressor", kLongestWork); });
  }

  // Their work uses the parts below; what they post to the event loop is not run any more.
  ~Daemon() {
    decoder_.join();
    workers_.join();
    compressor_.join();
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  void run() {
    register_build_info(registry_);
    apply_configuration();
    clock_watch_.look();
    pipeline_.start();
    adopt_bulletins();
    scheduler_.start();
    collectors_.adopt(
        collectors_.prepare(configuration_.collectors, departments(pipeline_.board().catalogue())));
    server_.start();
    signals_.start();
    control_.start(control_names(configuration_.store_path));
    date_.start(kDateInterval);
    thread_watch_timer_.start(ThreadWatch::kInterval);
    if (const auto interval = watchdog_interval()) watchdog_.start(*interval);
    metrics_.set_reload(true);
    notify_ready(summary());
    log_event(LogLevel::info, "started", summary(),
              {{"version", json_text(DISTRICTD_VERSION)},
               {"store", json_text(configuration_.store_path.string())}});
    if (certificate_) certificate_->start();
    io_.run();
    signals_.ignore();
    log_event(LogLevel::info, "stopped", "Stopped; everything that was accepted is on disk");
  }

 private:
  DistrictClock clock() {
    return DistrictClock{configuration_.time_zone, [this] { return clock_.known(); }};
  }

  // Once the store says what it has, and before anything is judged by date.
  ClockWatch start_clock(const Catalogue& catalogue) {
    vouch_for_clock();
    const auto newest = store_.newest_time_at_start();
    clock_.start(newest ? bounds_of_records(*newest) : bounds_of(catalogue),
                 read_clock_anchor(clock_anchor_file(configuration_.store_path)));
    return {clock_, store_, clock(), [this](ClockAnchor anchor) { keep_clock_anchor(anchor); }};
  }

  void keep_clock_anchor(ClockAnchor anchor) {
    asio::post(workers_, [anchor, file = clock_anchor_file(configuration_.store_path)] {
      const Busy busy("keeps where the clock stands");
      try {
        write_clock_anchor(file, anchor);
      } catch (const std::exception& error) {
        log_event(LogLevel::warn, "clock_not_kept",
                  "A restart will not know whether the clock was set meanwhile: " +
                      std::string{error.what()});
      }
    });
  }

  static ClockBounds bounds_of(const Catalogue& catalogue) {
    if (catalogue.targets().empty()) return {Time{}, Time{}, Time::max()};
    Date first = catalogue.targets().front().start;
    Date last = first;
    for (const Target& target : catalogue.targets()) {
      first = std::min(first, target.start);
      last = std::max(last, target.deadline);
    }
    return bounds_of_catalogue(first, last);
  }

  void vouch_for_clock() {
    const auto correct_on = configuration_.clock_correct_on;
    clock_.vouch(correct_on ? std::optional{vouched_from(*correct_on, clock())} : std::nullopt);
  }

  void look_at_clock() {
    clock_watch_.look();
    pipeline_.advance_to_today();
  }

  std::unique_ptr<ServedCertificate> serve(std::shared_ptr<ServerCertificate> certificate) {
    if (!certificate) return nullptr;
    return std::make_unique<ServedCertificate>(io_, registry_, clock(), std::move(certificate),
                                               [this](std::shared_ptr<ServerCertificate> renewed) {
                                                 server_.set_certificate(std::move(renewed));
                                               });
  }

  HttpLimits fitting_limits() const {
    const HttpConfig& http = configuration_.http;
    HttpLimits limits = server_limits(http);
    const std::size_t listeners =
        http.listen.size() + (http.tls ? http.tls->listen.size() : 0) + http.bulletin_listen.size();
    if (fit_to_descriptors(limits, listeners, descriptors_)) {
      log_event(LogLevel::warn, "few_descriptors",
                "The process may open " + std::to_string(descriptors_) +
                    " files, too few for max_connections = " +
                    std::to_string(http.max_connections) + " at " + std::to_string(listeners) +
                    " addresses; it takes " + std::to_string(limits.max_connections) +
                    " at each. Raise LimitNOFILE= of the unit, or lower [http] max_connections",
                {{"descriptors", std::to_string(descriptors_)},
                 {"max_connections", std::to_string(limits.max_connections)}});
    }
    return limits;
  }

  HttpServerOptions fitting_options(std::shared_ptr<ServerCertificate> certificate) const {
    HttpServerOptions options = server_options(configuration_.http, std::move(certificate));
    static_cast<HttpLimits&>(options) = fitting_limits();
    return options;
  }

  ApiParts parts() {
    return {io_,
            workers_,
            compressor_,
            pipeline_,
            push_,
            store_,
            scheduler_,
            configuration_.http.metrics,
            registry_,
            configuration_.store_path,
            [this] { return own_metrics(); },
            [this] { return why_not_ready(); },
            [this](HttpReply reply) { reload_for_http(std::move(reply)); }};
  }

  void on_served(const HttpServed& served) {
    request_metrics_.observe(served);
    request_log_.add(served, steady_now());
  }

  std::vector<std::string> why_not_ready() const {
    std::vector<std::string> reasons = stuck_threads(watched_threads());
    if (shutdown_.has_begun()) reasons.emplace_back("districtd is stopping.");
    if (std::string why = clock_watch_.why_not_ready(); !why.empty()) {
      reasons.push_back("districtd is not ready: " + std::move(why) + ".");
    }
    return reasons;
  }

  std::string own_metrics() {
    metrics_.set_ready(why_not_ready().empty());
    auto families = store_metrics(store_.statistics());
    for (auto& family : store_check_metrics(store_check_.status())) {
      families.push_back(std::move(family));
    }
    families.push_back(exposition_series(pipeline_.series()));
    for (auto& family : log_metrics(log_statistics())) families.push_back(std::move(family));
    for (auto& family : clock_watch_.metrics()) families.push_back(std::move(family));
    for (auto& family : load_metrics(server_.load())) families.push_back(std::move(family));
    const Board& board = pipeline_.board();
    for (auto& family :
         holiday_metrics_.families(configuration_, board.shared_catalogue(), board.today())) {
      families.push_back(std::move(family));
    }
    for (auto& family : thread_watch_.metrics(watched_threads())) {
      families.push_back(std::move(family));
    }
    return own_metrics_text(registry_, std::move(families));
  }

  std::size_t targets() const { return pipeline_.board().catalogue().targets().size(); }

  std::string summary() const {
    std::string text =
        configuration_.district_name + ": " + std::to_string(targets()) + " targets, listening on";
    for (const std::string& address : configuration_.http.listen) text += " " + address;
    if (const auto& tls = configuration_.http.tls) {
      for (const std::string& address : tls->listen) text += " https://" + address;
    }
    for (const std::string& address : configuration_.http.bulletin_listen) {
      text += " http://" + address + "/bulletins/";
    }
    return text;
  }

  static std::vector<std::string> departments(const Catalogue& catalogue) {
    std::vector<std::string> ids;
    for (const Department& department : catalogue.departments()) ids.push_back(department.id);
    return ids;
  }

  // What the parts read of the configuration, at the start and at each reload.
  void apply_configuration() {
    vouch_for_clock();
    pipeline_.set_rules({configuration_.mappings, configuration_.hold, configuration_.explain});
    pipeline_.show_months(configuration_.shows_months);
    store_.set_limits({configuration_.refusals_per_day, configuration_.keep_receipts,
                       [clock = clock()](Time time) { return clock.date_at(time); }});
    push_.set_limits(push_limits(configuration_.http));
    const auto& alerting = configuration_.alerting;
    metrics_.set_escalate_after(alerting ? std::optional{alerting->escalate_after} : std::nullopt);
  }

  // Once the board has the catalogue of the configuration.
  void adopt_bulletins() {
    scheduler_.adopt(configuration_.bulletins, configuration_.district_name,
                     pipeline_.board().shared_catalogue());
  }

  // Ids of the programmes that are left. Of a clock that is not believed nothing is settled.
  std::vector<std::string> leave_out_settled_at_start(LoadedCatalogue& loaded) {
    const StoreReader store(configuration_.store_path);
    if (clock_.known().is_credible()) {
      leave_out_settled(loaded, stored_programmes(store), clock().today());
      log_missing_programmes(loaded.catalogue, clock().today());
    }
    std::vector<std::string> open;
    for (const Programme& programme : loaded.catalogue.programmes()) open.push_back(programme.id);
    return open;
  }

  // What a worker does of a reload beyond reading the files.
  Reload::Complete completion_of_reload() {
    return [path = configuration_.store_path, clock = clock(),
            is_credible = clock_.known().is_credible(),
            in_force = pipeline_.board().shared_catalogue()](CheckedConfiguration& next) {
      if (!is_credible) return;
      leave_out_settled(next.loaded.catalogue, known_programmes(*in_force), clock.today());
      next.reopened = reopened_programmes(*in_force, next.loaded.catalogue, path, clock);
    };
  }

  // A reload: what can fail comes before the first change.
  Result<Reload::PutInForce, Findings> prepare(CheckedConfiguration next) {
    if (auto dropped = dropped_programmes(file_, pipeline_.board().catalogue(),
                                          next.loaded.catalogue, pipeline_.board().today());
        !dropped.empty()) {
      return dropped;
    }
    struct Next {
      CheckedConfiguration configuration;
      CollectorsToRun collectors;
    };
    // Shared because a function has to be copyable; only what is returned holds it.
    auto prepared = std::make_shared<Next>(Next{std::move(next), {}});
    const Loaded& loaded = prepared->configuration.loaded;
    if (!shutdown_.has_begun()) {
      prepared->collectors = collectors_.prepare(loaded.configuration.collectors,
                                                 departments(loaded.catalogue.catalogue));
    }
    return Reload::PutInForce{[this, prepared] {
      adopt(std::move(prepared->configuration), std::move(prepared->collectors));
    }};
  }

  void adopt(CheckedConfiguration next, CollectorsToRun collectors) {
    configuration_ = std::move(next.loaded.configuration);
    apply_configuration();
    pipeline_.adopt(std::move(next.loaded.catalogue), std::move(next.reopened));
    adopt_bulletins();
    push_.set_tokens(configuration_.tokens);
    server_.set_limits(fitting_limits());
    server_.set_hosts(own_hosts(configuration_.http), configuration_.http.hosts.empty());
    if (certificate_) certificate_->replace(std::move(next.certificate));
    if (!shutdown_.has_begun()) collectors_.adopt(std::move(collectors));
    log_event(LogLevel::info, "reloaded", summary());
  }

  void reload_for_systemd() {
    notify_reloading();
    reload_.begin([this](const Findings&) { notify_ready(summary()); });
  }

  void reload_for_http(HttpReply reply) {
    reload_.begin([this, reply = std::move(reply)](const Findings& refused) {
      reply(reload_answer(refused, targets()));
    });
  }

  // Of a reload systemd is told nothing but the new status: it waits for the command that asked.
  void serve_control(ControlRequest request, ControlSocket::Reply reply) {
    if (request.command == ControlRequest::Command::resend) {
      return resend_for_control(io_, workers_, scheduler_, std::move(request), std::move(reply));
    }
    reload_.begin([this, reply = std::move(reply)](const Findings& refused) {
      notify_ready(summary());
      reply(reload_reply(refused, targets()));
    });
  }

  void stop(std::string_view why) {
    if (shutdown_.has_begun()) return;
    exit_at_the_latest();
    notify_stopping();
    log_event(LogLevel::info, "stopping", std::string{why} + ": finishing what was accepted");
    control_.stop();
    collectors_.stop();
    date_.stop();
    watchdog_.stop();
    thread_watch_timer_.stop();
    if (certificate_) certificate_->stop();
    shutdown_.begin();
  }

  const std::filesystem::path file_;
  Configuration configuration_;
  const std::size_t descriptors_ = raise_descriptor_limit();
  asio::io_context io_{1};
  prometheus::Registry registry_;
  ServiceMetrics metrics_{registry_};
  HolidayMetrics holiday_metrics_;
  RequestMetrics request_metrics_{registry_};
  CredibleClock clock_;
  Store store_;
  ClockWatch clock_watch_;
  StoreCheck store_check_;
  StoreWatch store_watch_;
  asio::thread_pool decoder_;
  asio::thread_pool workers_;
  asio::thread_pool compressor_;
  const std::vector<std::string> open_at_start_;  // ids of programmes
  Pipeline pipeline_;
  BulletinScheduler scheduler_;
  // Shared by the server, the pushes, and what waits in the store when both are gone.
  std::shared_ptr<ByteBudget> budget_ =
      std::make_shared<ByteBudget>(configuration_.http.memory_bytes);
  HttpPush push_;
  RequestLog request_log_;
  HttpServer server_;
  std::unique_ptr<ServedCertificate> certificate_;  // of [http.tls]; nullptr without
  Collectors collectors_;
  Reload reload_;
  Shutdown shutdown_;
  Signals signals_;
  ControlSocket control_;
  RepeatedTask date_;
  RepeatedTask watchdog_;
  ThreadWatch thread_watch_;
  RepeatedTask thread_watch_timer_;
};

}  // namespace

int run_daemon(const std::filesystem::path& config, std::ostream& err) {
  give_large_blocks_back();
  StartReadings readings;
  auto loaded = load_checked_configuration(config, [&](const Configuration& configuration) {
    keep_the_time_of(configuration.time_zone);
    readings.begin(configuration.store_path, DistrictClock{configuration.time_zone});
  });
  if (!loaded) {
    print_findings(loaded.error(), err);
    err << "districtd does not start with a configuration that has findings\n";
    return 1;
  }
  CheckedConfiguration& checked = *loaded;
  try {
    configure_logging(checked.loaded.configuration.log);
  } catch (const spdlog::spdlog_ex& e) {
    // There is no log yet that this could go to.
    err << config.string() << ": [log] " << e.what() << '\n';
    return 1;
  }
  try {
    // A client that is gone, a full pipe: errors of the call, not the end of the daemon.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    Daemon daemon{config, std::move(checked), readings};
    daemon.run();
  } catch (const std::exception& e) {
    log_event(LogLevel::error, "start_failed", e.what());
    return 1;
  }
  return 0;
}

}  // namespace districtd

#include "daemon/exporter/daemon_metrics.h"

#include <iterator>
#include <utility>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "daemon/exporter/clock_metrics.h"
#include "daemon/exporter/process_metrics.h"

namespace districtd {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::MetricFamily;
using prometheus::MetricType;

// From a cached answer to a large file on a slow disk.
const Histogram::BucketBoundaries kRequestBuckets = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

double now() { return seconds(std::chrono::system_clock::now().time_since_epoch()); }

std::vector<MetricFamily> store_metrics(const StoreStatistics& store) {
  const auto counter = [](const char* name, const char* help, double value) {
    return single_metric(name, help, MetricType::Counter, value);
  };
  const auto gauge = [](const char* name, const char* help, double value) {
    return single_metric(name, help, MetricType::Gauge, value);
  };
  std::vector<MetricFamily> families = {
      counter("districtd_store_commits_total", "Transactions committed, each with an fsync.",
              static_cast<double>(store.commits)),
      counter("districtd_store_commit_failures_total",
              "Transactions that failed and were rolled back whole.",
              static_cast<double>(store.failed_commits)),
      counter("districtd_store_commit_seconds_total", "Time spent in committing, in seconds.",
              store.commit_seconds),
      counter("districtd_store_submissions_total", "Submissions appended since the start.",
              static_cast<double>(store.submissions)),
      counter("districtd_store_observations_total", "Observations appended since the start.",
              static_cast<double>(store.observations)),
      gauge("districtd_store_queue_length", "Submissions that wait to be committed.",
            static_cast<double>(store.queued)),
      gauge("districtd_store_bytes", "Size of the database file and its write-ahead log in bytes.",
            static_cast<double>(store.bytes)),
      gauge("districtd_store_failing", "1 where the last commit failed, else 0.",
            store.failing ? 1 : 0),
  };
  if (store.filesystem_bytes > 0) {
    families.push_back(gauge("districtd_store_available_bytes",
                             "Free bytes for the daemon on the file system of the database.",
                             static_cast<double>(store.available_bytes)));
    families.push_back(gauge("districtd_store_filesystem_bytes",
                             "Size of the file system of the database in bytes.",
                             static_cast<double>(store.filesystem_bytes)));
  }
  MetricFamily rows;
  rows.name = "districtd_rows_waiting";
  rows.help = "Rows that are held and not yet decided by the supervision office.";
  rows.type = MetricType::Gauge;
  MetricFamily since;
  since.name = "districtd_rows_waiting_since_timestamp_seconds";
  since.help = "When the first of the rows that wait was received, in seconds since the epoch.";
  since.type = MetricType::Gauge;
  for (const RowsToConfirm& one : store.waiting) {
    prometheus::ClientMetric metric;
    metric.label = {{"department", one.department}};
    metric.gauge.value = static_cast<double>(one.rows);
    rows.metric.push_back(metric);
    if (!one.since) continue;
    metric.gauge.value = seconds(one.since->time_since_epoch());
    since.metric.push_back(std::move(metric));
  }
  for (MetricFamily* family : {&rows, &since}) {
    if (!family->metric.empty()) families.push_back(std::move(*family));
  }
  return families;
}

}  // namespace

class DaemonMetrics::Impl {
 public:
  Impl() {
    BuildGauge()
        .Name("districtd_build_info")
        .Help("The version of the running daemon. Always 1.")
        .Register(registry)
        .Add({{"version", DISTRICTD_VERSION}})
        .Set(1);
  }

  prometheus::Registry registry;
  Family<Counter>& submissions = BuildCounter()
                                     .Name("districtd_submissions_total")
                                     .Help("Files and requests received, by what became of them.")
                                     .Register(registry);
  Family<Counter>& rows = BuildCounter()
                              .Name("districtd_rows_total")
                              .Help("Rows received, by what became of them.")
                              .Register(registry);
  Family<Counter>& refusals =
      BuildCounter()
          .Name("districtd_refusals_total")
          .Help("Reasons given for refusing rows and whole submissions, by the receipts' codes.")
          .Register(registry);
  Family<Counter>& flagged =
      BuildCounter()
          .Name("districtd_rows_flagged_total")
          .Help("Rows that were read but are implausible, by what is odd about them.")
          .Register(registry);
  Family<Histogram>& requests =
      BuildHistogram()
          .Name("districtd_http_request_duration_seconds")
          .Help("Time from a whole request to its answer, by route and status code.")
          .Register(registry);
  Family<Gauge>& pull_success = BuildGauge()
                                    .Name("districtd_pull_success")
                                    .Help("1 where the last pull of the source worked, else 0.")
                                    .Register(registry);
  Family<Gauge>& pull_duration = BuildGauge()
                                     .Name("districtd_pull_duration_seconds")
                                     .Help("How long the last pull of the source took.")
                                     .Register(registry);
  Family<Gauge>& pull_last_success =
      BuildGauge()
          .Name("districtd_pull_last_success_timestamp_seconds")
          .Help("When a pull of the source last worked, in seconds since the epoch.")
          .Register(registry);
  Family<Counter>& pull_failures = BuildCounter()
                                       .Name("districtd_pull_failures_total")
                                       .Help("Pulls of the source that failed, by reason.")
                                       .Register(registry);
  Family<Counter>& bulletins = BuildCounter()
                                   .Name("districtd_bulletins_total")
                                   .Help("Occasions of bulletins, by what became of them.")
                                   .Register(registry);
  Family<Counter>& deliveries = BuildCounter()
                                    .Name("districtd_bulletin_deliveries_total")
                                    .Help("Attempts to deliver a bulletin, by what became of them.")
                                    .Register(registry);
  Family<Gauge>& bulletin_success =
      BuildGauge()
          .Name("districtd_bulletin_last_success_timestamp_seconds")
          .Help("When the bulletin was last made, in seconds since the epoch.")
          .Register(registry);
  Family<Gauge>& bulletin_failing =
      BuildGauge()
          .Name("districtd_bulletin_failing")
          .Help("1 while the last bulletin could not be made, or did not surely arrive everywhere.")
          .Register(registry);
  Family<Gauge>& reload_successful =
      BuildGauge()
          .Name("districtd_config_last_reload_successful")
          .Help("1 where the last load of the configuration worked, else 0.")
          .Register(registry);
  Family<Gauge>& reload_success_time =
      BuildGauge()
          .Name("districtd_config_last_reload_success_timestamp_seconds")
          .Help("When the configuration was last loaded well, in seconds since the epoch.")
          .Register(registry);
  Family<Gauge>& ready = BuildGauge()
                             .Name("districtd_ready")
                             .Help("1 where /-/ready answers that the daemon is ready, else 0.")
                             .Register(registry);
  Family<Gauge>& escalate_after =
      BuildGauge()
          .Name("districtd_alerting_escalate_after_seconds")
          .Help("After how long an alert of a department goes to the supervision office.")
          .Register(registry);
  Family<Gauge>& certificate_expiry =
      BuildGauge()
          .Name("districtd_http_certificate_expiry_timestamp_seconds")
          .Help("Until when the certificate of [http.tls] is valid, in seconds since the epoch.")
          .Register(registry);
};

DaemonMetrics::DaemonMetrics() : impl_(std::make_unique<Impl>()) {}
DaemonMetrics::~DaemonMetrics() = default;

void DaemonMetrics::count(const Submission& submission, const SubmissionResult& result) {
  count(submission.collector, submission.department, result);
}

void DaemonMetrics::count(std::string_view collector, std::string_view department,
                          const SubmissionResult& result) {
  const bool is_conflict = result.outcome == Outcome::conflict;
  const bool is_answered_again = result.is_repeat && !is_conflict;
  const std::string_view word = is_answered_again ? "repeated" : to_string(result.outcome);
  prometheus::Labels labels = {{"collector", std::string(collector)},
                               {"department", std::string(department)},
                               {"result", std::string(word)}};
  impl_->submissions.Add(labels).Increment();
  // What became of the rows of a repeat was counted then.
  if (result.outcome == Outcome::unavailable || is_conflict || is_answered_again) return;

  const auto add_rows = [&](const char* what, std::int64_t rows) {
    labels["result"] = what;
    impl_->rows.Add(labels).Increment(static_cast<double>(rows));
  };
  add_rows("accepted", result.receipt.accepted);
  add_rows("corrected", result.receipt.corrected);
  add_rows("unchanged", result.receipt.unchanged);
  add_rows("rejected", result.receipt.rejected);

  for (const RowError& error : result.receipt.errors) {
    impl_->refusals.Add({{"department", std::string(department)}, {"reason", error.code}})
        .Increment();
  }
  if (result.receipt.held > 0) add_rows("held", result.receipt.held);
  if (result.receipt.empty > 0) add_rows("empty", result.receipt.empty);
  for (const RowFlag& flag : result.receipt.flags) {
    impl_->flagged.Add({{"department", std::string(department)}, {"flag", flag.flag}}).Increment();
  }
}

void DaemonMetrics::observe_request(std::string_view handler, unsigned status,
                                    std::chrono::nanoseconds took) {
  impl_->requests
      .Add({{"handler", std::string(handler)}, {"code", std::to_string(status)}}, kRequestBuckets)
      .Observe(seconds(took));
}

void DaemonMetrics::observe_pull(std::string_view name, std::string_view failure_reason,
                                 std::chrono::nanoseconds took) {
  const prometheus::Labels labels = {{"name", std::string(name)}};
  const bool success = failure_reason.empty();
  impl_->pull_success.Add(labels).Set(success ? 1 : 0);
  impl_->pull_duration.Add(labels).Set(seconds(took));
  if (success) {
    impl_->pull_last_success.Add(labels).Set(now());
  } else {
    impl_->pull_failures.Add({{"name", std::string(name)}, {"reason", std::string(failure_reason)}})
        .Increment();
  }
}

void DaemonMetrics::forget_pull(std::string_view name) {
  const std::string source(name);
  const prometheus::Labels labels = {{"name", source}};
  for (Family<Gauge>* family :
       {&impl_->pull_success, &impl_->pull_duration, &impl_->pull_last_success}) {
    if (family->Has(labels)) family->Remove(&family->Add(labels));
  }
  for (const MetricFamily& family : impl_->pull_failures.Collect()) {
    for (const auto& metric : family.metric) {
      prometheus::Labels of_it;
      for (const auto& label : metric.label) of_it.emplace(label.name, label.value);
      if (of_it.at("name") == source) {
        impl_->pull_failures.Remove(&impl_->pull_failures.Add(of_it));
      }
    }
  }
}

void DaemonMetrics::set_ready(bool ready) { impl_->ready.Add({}).Set(ready ? 1 : 0); }

void DaemonMetrics::set_escalate_after(std::optional<std::chrono::seconds> time) {
  if (time) {
    impl_->escalate_after.Add({}).Set(static_cast<double>(time->count()));
  } else if (impl_->escalate_after.Has({})) {
    impl_->escalate_after.Remove(&impl_->escalate_after.Add({}));
  }
}

void DaemonMetrics::set_certificate_expiry(std::chrono::sys_seconds until) {
  impl_->certificate_expiry.Add({}).Set(static_cast<double>(until.time_since_epoch().count()));
}

void DaemonMetrics::count_bulletin(std::string_view kind, std::string_view result) {
  impl_->bulletins.Add({{"kind", std::string(kind)}, {"result", std::string(result)}}).Increment();
}

void DaemonMetrics::count_delivery(std::string_view kind, std::string_view channel,
                                   std::string_view result) {
  impl_->deliveries
      .Add({{"kind", std::string(kind)},
            {"channel", std::string(channel)},
            {"result", std::string(result)}})
      .Increment();
}

void DaemonMetrics::set_bulletin_success(std::string_view bulletin, Time at) {
  impl_->bulletin_success.Add({{"bulletin", std::string(bulletin)}})
      .Set(seconds(at.time_since_epoch()));
}

void DaemonMetrics::set_bulletin_failing(std::string_view bulletin, std::string_view stage,
                                         bool is_failing) {
  impl_->bulletin_failing.Add({{"bulletin", std::string(bulletin)}, {"stage", std::string(stage)}})
      .Set(is_failing ? 1 : 0);
}

void DaemonMetrics::set_reload(bool successful) {
  impl_->reload_successful.Add({}).Set(successful ? 1 : 0);
  if (successful) impl_->reload_success_time.Add({}).Set(now());
}

std::string DaemonMetrics::serialise(const StoreStatistics& store, std::size_t series) const {
  auto families = impl_->registry.Collect();
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  const auto take = [&](std::vector<MetricFamily> more) {
    families.insert(families.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  };
  take(store_metrics(store));
  families.push_back(single_metric("districtd_exposition_series",
                                   "Series of targets and departments in the last exposition.",
                                   MetricType::Gauge, static_cast<double>(series)));
  take(clock_metrics());
  take(process_metrics());
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace districtd

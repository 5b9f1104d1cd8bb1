#include "daemon/store/store_metrics.h"

#include <utility>

#include "base/metric_family.h"

namespace districtd {

using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

MetricFamily counter(const char* name, const char* help, double value) {
  return single_metric(name, help, MetricType::Counter, value);
}

MetricFamily gauge(const char* name, const char* help, double value) {
  return single_metric(name, help, MetricType::Gauge, value);
}

// Those of the rows that wait which have a series.
std::vector<MetricFamily> waiting_metrics(const StoreStatistics& store) {
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
    metric.gauge.value = seconds_since_1970(*one.since);
    since.metric.push_back(std::move(metric));
  }
  std::vector<MetricFamily> families;
  for (MetricFamily* family : {&rows, &since}) {
    if (!family->metric.empty()) families.push_back(std::move(*family));
  }
  return families;
}

}  // namespace

std::vector<MetricFamily> store_metrics(const StoreStatistics& store) {
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
      counter("districtd_store_receipts_forgotten_total",
              "Old receipts whose long texts were let go, since the start.",
              static_cast<double>(store.forgotten_receipts)),
      gauge("districtd_store_queue_length", "Submissions that wait to be committed.",
            static_cast<double>(store.queued)),
      gauge("districtd_store_bytes", "Size of the database file and its write-ahead log in bytes.",
            static_cast<double>(store.bytes)),
      gauge("districtd_store_failing", "1 where the last commit failed, else 0.",
            store.failing ? 1 : 0),
      gauge("districtd_store_writing_seconds",
            "For how long the writer has been at its present group, in seconds; 0 while it waits.",
            store.writing_seconds),
      gauge("districtd_store_moved",
            "1 where the database or its write-ahead log was moved or replaced, else 0.",
            store.moved.empty() ? 0 : 1),
  };
  if (store.filesystem_bytes > 0) {
    families.push_back(gauge("districtd_store_available_bytes",
                             "Free bytes for the daemon on the file system of the database.",
                             static_cast<double>(store.available_bytes)));
    families.push_back(gauge("districtd_store_filesystem_bytes",
                             "Size of the file system of the database in bytes.",
                             static_cast<double>(store.filesystem_bytes)));
  }
  for (MetricFamily& family : waiting_metrics(store)) families.push_back(std::move(family));
  return families;
}

}  // namespace districtd

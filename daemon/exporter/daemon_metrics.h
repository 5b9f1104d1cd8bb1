// The daemon's own metrics, kept and serialised by prometheus-cpp. docs/metrics.md lists them.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/submission.h"
#include "daemon/store/statistics.h"

namespace districtd {

// Thread-safe, as prometheus-cpp's families are.
class DaemonMetrics {
 public:
  DaemonMetrics();
  ~DaemonMetrics();

  // districtd_submissions_total{collector,department,result} with result taken, refused,
  // unreadable, unavailable, repeated or conflict, and districtd_rows_total{...} with result
  // accepted, corrected, unchanged or rejected, also held or empty where there are any;
  // districtd_refusals_total{department,reason} with the code of each error that the receipt lists;
  // districtd_rows_flagged_total{department, flag}.
  void count(const Submission& submission, const SubmissionResult& result);
  void count(std::string_view collector, std::string_view department,
             const SubmissionResult& result);

  // districtd_http_request_duration_seconds{handler,code}: handler is a route pattern, never a
  // path.
  void observe_request(std::string_view handler, unsigned status, std::chrono::nanoseconds took);

  // districtd_pull_*{name}: districtd_pull_success 0|1, districtd_pull_duration_seconds,
  // districtd_pull_last_success_timestamp_seconds, districtd_pull_failures_total{name,reason}.
  void observe_pull(std::string_view name, std::string_view failure_reason /* "" is success */,
                    std::chrono::nanoseconds took);

  // The source is no longer in the configuration: it has no series any more.
  void forget_pull(std::string_view name);

  // districtd_bulletins_total{kind,result} with result made, unchanged, skipped, failed or
  // format_failed.
  void count_bulletin(std::string_view kind, std::string_view result);
  // districtd_bulletin_deliveries_total{kind,channel,result} with result sent, retried, failed
  // or uncertain.
  void count_delivery(std::string_view kind, std::string_view channel, std::string_view result);
  // districtd_bulletin_last_success_timestamp_seconds{bulletin}.
  void set_bulletin_success(std::string_view bulletin, Time at);
  // districtd_bulletin_failing{bulletin,stage}: 1 while the last one could not be made (stage
  // making) or did not surely arrive everywhere (stage delivery).
  void set_bulletin_failing(std::string_view bulletin, std::string_view stage, bool is_failing);

  // districtd_config_last_reload_successful, ..._success_timestamp_seconds.
  void set_reload(bool successful);

  // districtd_ready 0|1: what /-/ready answers.
  void set_ready(bool ready);

  // districtd_alerting_escalate_after_seconds, of [alerting]; nullopt: absent.
  void set_escalate_after(std::optional<std::chrono::seconds> time);

  // districtd_http_certificate_expiry_timestamp_seconds, of [http.tls]; absent without.
  void set_certificate_expiry(std::chrono::sys_seconds until);

  // Everything above, districtd_build_info{version}, process_* (CPU, resident memory, open and
  // maximal file descriptors, start time), the clock, districtd_store_* and districtd_rows_waiting*
  // {department} from `store`, and districtd_exposition_series, as text.
  std::string serialise(const StoreStatistics& store, std::size_t series) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace districtd

// Carries bulletins to their recipients, never twice.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/thread_annotations.h"
#include "daemon/config/bulletin_config.h"
#include "daemon/config/district_clock.h"
#include "daemon/delivery/bulletin_metrics.h"
#include "daemon/store/bulletin_records.h"
#include "daemon/store/store.h"

namespace districtd {

// Waits until the records are on disk; throws std::runtime_error where they could not be kept.
void keep(Store& store, BulletinRecords records);

// Each attempt is recorded before it begins and its outcome after it ended. What certainly did not
// arrive is tried again, later each time. Between the moment in which a server takes a message and
// the record of that lies a gap which nobody can close: what was under way there when the daemon
// died, or got no answer, is `uncertain` and is not sent again by itself. A person can.
//
// Threads: one of its own, which blocks as long as servers take. Public functions may be called
// from any thread. The references outlive it.
class Courier {
 public:
  Courier(Store& store, std::filesystem::path store_path, BulletinMetrics& metrics,
          DistrictClock clock);
  ~Courier();  // ends a transfer under way within seconds
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void adopt(std::shared_ptr<const BulletinConfig> config);  // shared with the press
  // Takes up what is recorded as pending; what was under way when the daemon died is uncertain.
  void start();

  // Deliveries that are recorded as pending.
  void take(std::vector<DeliveryRecord> deliveries);

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    DeliveryRecord record;
    Clock::time_point not_before;
  };
  struct Outcome {
    std::string state;  // sent, pending (again), failed, uncertain
    std::string detail;
  };

  void run(const std::stop_token& stop);
  void resume();
  void attempt(Waiting waiting, const std::stop_token& stop);
  Outcome deliver(const DeliveryRecord& record, const BulletinConfig& config,
                  const std::stop_token& stop) const;
  Outcome mail(const DeliveryRecord& record, const OccasionRecord& occasion,
               const BulletinConfig& config, const std::stop_token& stop) const;
  Outcome announce(const DeliveryRecord& record, const OccasionRecord& occasion,
                   const BulletinConfig& config, const std::stop_token& stop) const;
  std::string_view kind_of(const std::string& name);
  void conclude(const DeliveryRecord& record, const OccasionRecord* occasion);

  Store& store_;
  const std::filesystem::path store_path_;
  BulletinMetrics& metrics_;
  const DistrictClock clock_;

  Mutex mutex_;
  std::condition_variable_any wake_;
  std::shared_ptr<const BulletinConfig> config_ GUARDED_BY(mutex_);
  std::vector<Waiting> waiting_ GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace districtd

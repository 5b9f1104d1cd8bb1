// The office that writes bulletins on schedule and sees to it that they are delivered.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/thread_annotations.h"
#include "daemon/bulletins/edition.h"
#include "daemon/config/configuration.h"
#include "daemon/delivery/courier.h"
#include "daemon/delivery/due.h"
#include "daemon/exporter/daemon_metrics.h"
#include "daemon/store/store.h"

namespace districtd {

// Templates that are none. Empty where no bulletin is configured.
Findings prove_templates(const BulletinConfig& config);

// For `check`: the templates, and that the directory can be written. A daemon starts without the
// latter, which may pass; it has other work. Creates nothing.
Findings prove_bulletins(const std::filesystem::path& file, const BulletinConfig& config);

// One sentence for each format that an entry wants and whose converter is missing.
std::vector<std::string> missing_converters(const BulletinConfig& config);

// Looks at the clock every few seconds. An occasion that has come is judged as of its own date and
// time, however late it is; of several that were missed only the newest is made up for. What became
// of each is recorded, so that none is made twice across restarts and jumps of the clock; one that
// fails is tried again, later each time, until the next one comes.
//
// Threads: the press (this one's), which reads the store, renders and waits for converters, and the
// courier. Public functions may be called from any thread. The references outlive it.
class BulletinScheduler {
 public:
  BulletinScheduler(Store& store, std::filesystem::path store_path, DaemonMetrics& metrics,
                    DistrictClock clock);
  ~BulletinScheduler();
  BulletinScheduler(const BulletinScheduler&) = delete;
  BulletinScheduler& operator=(const BulletinScheduler&) = delete;

  // At the start and at each reload; the configuration was proved. The catalogue is shared with the
  // board: it is what the store's texts are read beside, and its working days are the schedule's.
  void adopt(const BulletinConfig& config, const std::string& district,
             std::shared_ptr<const Catalogue> catalogue);
  void start();

  // Looks at the clock now.
  void look();

  // Queues another copy for each recipient of the bulletin that has not got it; for all of them, or
  // for one alone. Reads the store: not on the event loop.
  struct Resent {
    bool is_known = false;                // there is such a bulletin
    std::vector<std::string> recipients;  // to whom it goes now
    std::size_t had_it = 0;               // who were left out, having got it or being about to
  };
  Resent resend(const std::string& id, const std::string& recipient, bool everyone);

  std::filesystem::path directory() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Setup;
  struct Known {
    std::map<Time, bool> occasions;  // dealt with
    Time failed_at{};                // the occasion that failed last
    int failures = 0;
    Clock::time_point not_before{};
  };

  void run(const std::stop_token& stop);
  std::shared_ptr<const Setup> setup() const;
  Known& known(const std::string& name);
  void look_at(const Setup& setup, const BulletinEntry& entry, const std::stop_token& stop);
  void skip(const BulletinEntry& entry, const std::vector<DueOccasion>& missed, Known& known);
  void make(const Setup& setup, const BulletinEntry& entry, const DueOccasion& due, Known& known,
            const std::stop_token& stop);
  void record_failure(const BulletinEntry& entry, const DueOccasion& due, Known& known,
                      const std::string& why);

  Store& store_;
  const std::filesystem::path store_path_;
  DaemonMetrics& metrics_;
  const DistrictClock clock_;
  std::map<std::string, Known> known_;  // the press's

  mutable Mutex mutex_;
  std::condition_variable_any wake_;
  std::shared_ptr<const Setup> setup_ GUARDED_BY(mutex_);
  bool must_look_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> said_missing_ GUARDED_BY(mutex_);

  Courier courier_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace districtd

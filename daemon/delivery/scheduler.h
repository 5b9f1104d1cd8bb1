// Writes bulletins on schedule, and hands them to the courier to be delivered.
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
#include "daemon/delivery/bulletin_metrics.h"
#include "daemon/delivery/courier.h"
#include "daemon/delivery/due.h"
#include "daemon/store/store.h"

namespace districtd {

// What is wrong with the templates; nothing where no bulletin is configured.
Findings check_templates(const BulletinConfig& config);

// For the command `check`: what is wrong with the templates, and why the directory cannot be
// written. The daemon starts all the same where it cannot: that may pass, and it has other work.
// Creates nothing. `file` is the configuration's, the place of findings.
Findings check_bulletins(const std::filesystem::path& file, const BulletinConfig& config);

// One sentence for each format that an entry wants and whose converter is missing.
std::vector<std::string> missing_converters(const BulletinConfig& config);

// Looks every few seconds which occasions have come. An occasion is judged as of its own date and
// time, however late it is. Of several that were missed only the newest is made; the others are
// skipped. What became of each is recorded in the store, so that none is made twice, also where the
// daemon was restarted or the clock has jumped. While the clock is not credible nothing is due. One
// that fails is tried again, later each time, until the next one comes.
//
// Threads: it has one, the bulletin thread, which reads the store, renders and waits for
// converters; its courier has another, which delivers. Public functions may be called from any
// thread. The references outlive it.
class BulletinScheduler {
 public:
  BulletinScheduler(Store& store, std::filesystem::path store_path, prometheus::Registry& registry,
                    DistrictClock clock);
  ~BulletinScheduler();
  BulletinScheduler(const BulletinScheduler&) = delete;
  BulletinScheduler& operator=(const BulletinScheduler&) = delete;

  // To be called at the start and at each reload, with a configuration that was checked. The
  // catalogue is shared with the board. Its working days are the schedule's; figures are read with
  // it and, of another day, with the store's texts of then.
  void adopt(const BulletinConfig& config, const std::string& district,
             std::shared_ptr<const Catalogue> catalogue);
  // Reads from the store what is pending, and waits for its disk: before the event loop runs.
  void start();

  // Sends the bulletin `id` once more to each recipient that has not got it and is not about to;
  // with `everyone` also to those that have got it. Where `recipient` is not "", only to those
  // whose name has it as a part. Reads the store and waits for its disk: not on the event loop.
  struct Resent {
    bool is_known = false;                // there is such a bulletin
    std::vector<std::string> recipients;  // to whom it goes now
    std::size_t had_it = 0;               // who were left out, having got it or being about to
  };
  Resent resend(const std::string& id, const std::string& recipient, bool everyone);

  std::filesystem::path directory() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct InForce;  // what the newest adopt() said
  // Of one entry of the configuration, by its name.
  struct EntryHistory {
    std::map<Time, bool> occasions;  // that were made, unchanged or skipped, by when they were due
    Time failed_at{};                // the occasion that failed last
    int failures = 0;
    Clock::time_point not_before{};
  };

  void run(const std::stop_token& stop);
  void check_soon();
  std::shared_ptr<const InForce> in_force() const;
  EntryHistory& history_of(const std::string& name);
  void make_what_is_due(const InForce& now_in_force, const BulletinEntry& entry,
                        const std::stop_token& stop);
  void skip(const BulletinEntry& entry, const std::vector<DueOccasion>& missed,
            EntryHistory& history);
  void make(const InForce& now_in_force, const BulletinEntry& entry, const DueOccasion& due,
            EntryHistory& history, const std::stop_token& stop);
  void leave_out(const BulletinEntry& entry, const DueOccasion& due, const Edition& edition,
                 EntryHistory& history);
  void record_made(const BulletinEntry& entry, const DueOccasion& due, const Edition& edition,
                   Time now, const std::vector<DeliveryRecord>& deliveries);
  void report_made(const BulletinEntry& entry, const DueOccasion& due, const Edition& edition,
                   Time now, std::size_t recipients);
  void record_failure(const BulletinEntry& entry, const DueOccasion& due, EntryHistory& history,
                      const std::string& why);

  Store& store_;
  const std::filesystem::path store_path_;
  BulletinMetrics metrics_;  // the courier counts with it too
  const DistrictClock clock_;
  std::map<std::string, EntryHistory> histories_;  // the bulletin thread's

  mutable Mutex mutex_;
  std::condition_variable_any wake_;
  std::shared_ptr<const InForce> in_force_ GUARDED_BY(mutex_);
  bool must_check_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> said_missing_ GUARDED_BY(mutex_);

  Courier courier_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace districtd

// Looks for damage in the database while the daemon runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <prometheus/metric_family.h>

#include "base/ports/clock.h"
#include "base/thread_annotations.h"
#include "base/time.h"

struct sqlite3;

namespace districtd {

// Runs PRAGMA quick_check on a connection of its own: at once, and then every `interval`. It finds
// pages and records that are not as SQLite writes them, which is how flipped bits and torn pages
// mostly show; a digit that became another digit it cannot find.
//
// Threads: one of its own, at the lowest priority for processor and disk. Public functions may be
// called from any thread. The destructor breaks off a check that is under way.
class StoreCheck {
 public:
  struct Status {
    std::optional<bool> is_good;           // of the last check that came to an end; empty: none did
    std::optional<Time> last_success;      // when the last good one ended
    std::chrono::duration<double> took{};  // the last one that came to an end
    std::string finding;                   // where it is not good: what SQLite says; English
  };

  explicit StoreCheck(std::filesystem::path path,
                      std::chrono::seconds interval = std::chrono::hours{24},
                      std::function<Time()> clock = now);
  ~StoreCheck();
  StoreCheck(const StoreCheck&) = delete;
  StoreCheck& operator=(const StoreCheck&) = delete;

  Status status() const;

 private:
  void run();
  // What is wrong, "" where nothing is; nullopt where that could not be found out.
  std::optional<std::string> check();
  bool begin_checking(sqlite3* connection);
  void end_checking();

  const std::filesystem::path path_;
  const std::chrono::seconds interval_;
  const std::function<Time()> clock_;
  mutable Mutex mutex_;
  std::condition_variable_any wake_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  sqlite3* checking_ GUARDED_BY(mutex_) = nullptr;  // what a check is under way on
  Status status_ GUARDED_BY(mutex_);
  std::thread thread_;  // last: it uses all of the above
};

// districtd_store_check_ok and districtd_store_check_duration_seconds once a check came to an end;
// districtd_store_check_last_success_timestamp_seconds once one was good.
std::vector<prometheus::MetricFamily> store_check_metrics(const StoreCheck::Status& status);

}  // namespace districtd

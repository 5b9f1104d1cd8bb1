// Carries bulletins to their recipients, never twice.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/thread_annotations.h"
#include "daemon/config/bulletin_config.h"
#include "daemon/config/district_clock.h"
#include "daemon/delivery/attempt.h"
#include "daemon/delivery/bulletin_metrics.h"
#include "daemon/store/reader.h"
#include "daemon/store/records.h"
#include "daemon/store/store.h"

namespace districtd {

// Waits until the records are on disk; throws std::runtime_error where they could not be kept.
void keep(Store& store, BulletinRecords records);

// Each attempt is recorded before it begins, and its outcome after it ended. What certainly did not
// arrive is tried again, later each time. A server may take a message and the daemon may die before
// that is recorded; nobody can close this gap. What was under way when the daemon died, got no
// answer, or got one that does not say what became of it, is therefore `uncertain` and is not sent
// again by itself. A person can send it again.
//
// Letters and webhooks go out side by side, at most kMostLetters and kMostWebhooks at once, to one
// recipient one after another: whoever does not answer holds up nobody else, and a mail server that
// hangs no webhook. Each attempt ends by the timeout of [smtp] or of its [[webhook]].
//
// Threads: one for each delivery that may be under way, which block as long as servers take and,
// once started, alone read the store. Public functions may be called from any thread. The
// references outlive it.
class Courier {
 public:
  static constexpr std::size_t kMostLetters = 4;
  static constexpr std::size_t kMostWebhooks = 8;

  Courier(Store& store, std::filesystem::path store_path, BulletinMetrics& metrics,
          DistrictClock clock);
  ~Courier();  // ends the transfers under way within seconds
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // From the next attempt on. Shared with the scheduler of bulletins. To be called before start().
  void adopt(std::shared_ptr<const BulletinConfig> config);
  // Takes up what is recorded as pending; what was under way when the daemon died is uncertain.
  // Reads the store before it returns: what is recorded later is taken up by enqueue() alone, so
  // that nothing is taken up twice. To be called before anybody records a delivery.
  void start();

  // Adds deliveries that are recorded as pending.
  void enqueue(std::vector<DeliveryRecord> deliveries);

 private:
  using Clock = std::chrono::steady_clock;
  struct Queued {
    DeliveryRecord record;
    Clock::time_point not_before;
  };
  using Recipient = std::pair<DeliveryChannel, std::string>;

  void run(const std::stop_token& stop);
  void resume();
  bool is_free(const DeliveryRecord& record) const REQUIRES(mutex_);
  void attempt(Queued queued, const std::stop_token& stop);
  bool record_end(const DeliveryRecord& record, const std::stop_token& stop);
  void enqueue(DeliveryRecord record, Clock::duration wait);
  Attempted deliver(const DeliveryRecord& record, const BulletinConfig& config,
                    const std::stop_token& stop);
  std::string_view kind_of(const std::string& name);
  void report(const DeliveryRecord& record);
  void show_whether_all_arrived(const OccasionRecord& occasion);

  // Asks the store by the reader that is kept open; where it fails, the next question opens a new
  // one. `ask` takes a const StoreReader&; one asks at a time. Throws StoreError.
  template <typename Ask>
  auto ask_store(Ask ask);

  Store& store_;
  const std::filesystem::path store_path_;
  BulletinMetrics& metrics_;
  const DistrictClock clock_;

  Mutex reader_mutex_;
  std::optional<StoreReader> reader_ GUARDED_BY(reader_mutex_);

  Mutex mutex_;
  std::condition_variable_any wake_;
  std::shared_ptr<const BulletinConfig> config_ GUARDED_BY(mutex_);
  std::vector<Queued> queue_ GUARDED_BY(mutex_);
  std::set<Recipient> under_way_ GUARDED_BY(mutex_);
  std::uint64_t changes_ GUARDED_BY(mutex_) = 0;  // of queue_ and under_way_, since the start
  std::vector<std::jthread> threads_;             // last: they use all of the above
};

}  // namespace districtd

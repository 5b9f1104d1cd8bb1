#include "daemon/store/store.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <iterator>
#include <new>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <variant>

#include "base/heartbeat.h"
#include "base/ports/clock.h"
#include "base/ports/timer.h"
#include "base/thread_annotations.h"
#include "daemon/store/database_path.h"
#include "daemon/store/delivery_keys.h"
#include "daemon/store/failure.h"
#include "daemon/store/held_rows.h"
#include "daemon/store/lock_file.h"
#include "daemon/store/open_files.h"
#include "daemon/store/queue.h"
#include "daemon/store/unsaved.h"
#include "daemon/store/writer.h"

namespace districtd {
namespace {

// A group ends after this many rows, so that small submissions wait for at most one large one, and
// a large one that does not fit the disk fails alone.
constexpr std::size_t kRowsOfAGroup = 20'000;
// The WAL is copied into the database when this many pages (of 4 KiB) wait and nothing else does,
constexpr std::size_t kPagesWhenIdle = 1'000;
// or when this many wait in any case.
constexpr std::size_t kPagesAtMost = 8'000;
// How soon a judgement or a catalogue that could not be kept is tried again where no submission
// comes.
constexpr std::chrono::seconds kRetryUnsaved{5};
// How long the end of a delivery waits for a group that it can be committed with.
constexpr std::chrono::seconds kCloseWithin{1};
// Old receipts are looked for this often, and forgotten a few at a time with a breath between.
constexpr std::chrono::hours kForgetEvery{1};
constexpr std::chrono::milliseconds kForgetBreath{20};
constexpr std::uint64_t kForgetAtOnce = 100;
// A commit or a checkpoint that takes longer means that the disk does not answer.
constexpr std::chrono::seconds kAnswersWithin{10};

}  // namespace

class Store::Impl {
 public:
  Impl(const std::filesystem::path& path, const std::function<KnownTime()>& clock,
       const ProgrammeClaims& claims)
      : path_(prepare_database_path(path)),
        lock_file_(path_, clock().time),
        clock_(clock),
        writer_(path_, clock, claims),
        newest_at_start_(writer_.newest_time()),
        judged_(writer_.load_judged()),
        held_(writer_.load_held_rows()),
        files_(path_) {
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    {
      const MutexLock lock(mutex_);
      is_stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void enqueue(Queued queued) {
    try {
      const MutexLock lock(mutex_);
      queue_.push_back(std::move(queued));
    } catch (const std::bad_alloc& error) {
      return refuse(queued, unavailable_sentence(error));  // which it still is
    }
    wake_.notify_one();
  }

  void set_limits(StoreLimits limits) {
    {
      const MutexLock lock(mutex_);
      forget_at_ = limits.keep_receipts ? std::optional{steady_now()} : std::nullopt;
      next_limits_ = std::move(limits);
    }
    wake_.notify_one();
  }

  void close_delivery(const Sha256& key) {
    {
      const MutexLock lock(mutex_);
      if (unsaved_.empty()) retry_unsaved_at_ = steady_now() + kCloseWithin;
      unsaved_.closed_deliveries.push_back(key);
    }
    wake_.notify_one();
  }

  void record_judged(std::vector<Judged> judged) {
    if (judged.empty()) return;
    {
      const MutexLock lock(mutex_);
      for (Judged& one : judged) {
        judged_.insert_or_assign(one.target, one);
        std::string target = one.target;
        unsaved_.judged.insert_or_assign(std::move(target), std::move(one));
      }
      retry_unsaved_at_ = {};
    }
    wake_.notify_one();
  }

  void record_catalogue(CatalogueSources sources, std::vector<Programme> programmes) {
    {
      const MutexLock lock(mutex_);
      unsaved_.catalogues.push_back({0, clock_().time, std::move(sources), std::move(programmes)});
      retry_unsaved_at_ = {};
    }
    wake_.notify_one();
  }

  void record_bulletins(BulletinRecords records, std::function<void(std::string)> done) {
    {
      const MutexLock lock(mutex_);
      bulletins_.push_back({std::move(records), std::move(done)});
    }
    wake_.notify_one();
  }

  std::optional<Time> newest_time_at_start() const { return newest_at_start_; }

  std::unordered_map<std::string, Judged> judged() const {
    const MutexLock lock(mutex_);
    return judged_;
  }

  StoreStatistics statistics() const {
    StoreStatistics statistics;
    {
      const MutexLock lock(mutex_);
      statistics = statistics_;
      statistics.queued = queue_.size();
      statistics.waiting = held_.by_department();
      if (writing_since_) statistics.writing_seconds = seconds_since(*writing_since_);
    }
    statistics.moved = files_.moved();
    for (const char* suffix : {"", "-wal"}) {
      std::error_code error;
      const auto size = std::filesystem::file_size(path_.string() + suffix, error);
      if (!error) statistics.bytes += size;
    }
    std::error_code error;
    const auto space = std::filesystem::space(path_, error);
    if (!error) {
      statistics.available_bytes = space.available;
      statistics.filesystem_bytes = space.capacity;
    }
    return statistics;
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct QueuedBulletins {
    BulletinRecords records;
    std::function<void(std::string)> done;
  };

  void run() {
    watch_this_thread("store_writer", kAnswersWithin);
    const MutexLock lock(mutex_);
    while (wait_for_work()) {
      writing_since_ = steady_now();
      if (next_limits_) writer_.set_limits(*std::exchange(next_limits_, std::nullopt));
      write_bulletins();
      if (queue_.empty()) forget_receipts();
      if (queue_.empty() && unsaved_.empty()) continue;
      std::vector<Queued> group = next_group();
      const std::size_t left = queue_.size();
      Unsaved unsaved = std::exchange(unsaved_, {});
      bool is_hopeless = false;
      {
        const MutexUnlock unlocked(mutex_);
        const Busy busy("commits submissions");
        if (is_dry_run(group)) {
          // What was queued before it, such as the end of a delivery, is to be seen by it.
          if (!unsaved.empty()) commit({}, unsaved);
          try_out(group.front());
        } else {
          is_hopeless = !write(group, unsaved);
        }
        group.clear();
      }
      if (is_hopeless) refuse_next(left);
      // What could not be kept stays to be written, unless something newer is known by now.
      if (!unsaved.empty()) retry_unsaved_at_ = steady_now() + kRetryUnsaved;
      unsaved_.add_older(std::move(unsaved));
      const bool is_idle = queue_.empty();
      const MutexUnlock unlocked(mutex_);
      const Busy busy("copies the WAL into the database");
      if (writer_.wal_pages() >= (is_idle ? kPagesWhenIdle : kPagesAtMost)) {
        writer_.checkpoint(false);
      }
    }
  }

  static double seconds_since(Clock::time_point time) {
    return std::chrono::duration<double>(steady_now() - time).count();
  }

  // Throws where what is written now would be acknowledged into nothing.
  void require_in_place() const {
    if (const std::string moved = files_.moved(); !moved.empty()) throw StoreMoved(moved);
    if (was_lost_) {
      throw StoreMoved(path_.string() +
                       " was moved while it was written to, and is there again: what was written "
                       "last is known only after a restart of districtd");
    }
  }

  // Nobody has been told of the commit yet, and nobody may be. Where submissions are in it, the
  // memory knows what the file in its place may not.
  void require_still_in_place(bool has_submissions) {
    const std::string moved = files_.moved();
    if (moved.empty()) return;
    was_lost_ = was_lost_ || has_submissions;
    throw StoreMoved(moved);
  }

  // Each in a transaction of its own: they are few, and each must be told whether it was kept.
  void write_bulletins() REQUIRES(mutex_) {
    auto queued = std::exchange(bulletins_, {});
    if (queued.empty()) return;
    const MutexUnlock unlocked(mutex_);
    const Busy busy("commits records of bulletins");
    for (QueuedBulletins& one : queued) {
      std::string failure;
      try {
        require_in_place();
        writer_.begin();
        writer_.record(one.records);
        writer_.commit();
        require_still_in_place(false);
      } catch (const std::exception& error) {
        writer_.rollback();
        failure = error.what();
      }
      if (one.done) one.done(std::move(failure));
    }
    queued.clear();
  }

  // A failure is tried again later: nothing waits for it.
  void forget_receipts() REQUIRES(mutex_) {
    if (!forget_at_ || steady_now() < *forget_at_) return;
    ReceiptArchive::Forgotten forgotten;
    std::optional<std::string> failure;
    {
      const MutexUnlock unlocked(mutex_);
      const Busy busy("forgets texts of old receipts");
      try {
        require_in_place();
        writer_.begin();
        forgotten = writer_.forget_receipts(kForgetAtOnce);
        writer_.commit();
        require_still_in_place(false);
      } catch (const std::exception& error) {
        writer_.rollback();
        forgotten = {};
        failure = error.what();
      }
    }
    statistics_.forgotten_receipts += forgotten.receipts;
    if (failure) {
      statistics_.failed_commits += 1;
      statistics_.last_failure = *std::move(failure);
    }
    forget_at_ = steady_now();
    *forget_at_ += forgotten.is_all ? Clock::duration{kForgetEvery} : kForgetBreath;
  }

  // False when the store closes and there is nothing left to write.
  bool wait_for_work() REQUIRES(mutex_) {
    writing_since_.reset();
    for (;;) {
      if (!queue_.empty() || !bulletins_.empty()) return true;
      if (!unsaved_.empty() && steady_now() >= retry_unsaved_at_) return true;
      if (is_stopping_) return !unsaved_.empty() && !std::exchange(tried_at_the_end_, true);
      if (forget_at_ && steady_now() >= *forget_at_) return true;
      auto next = forget_at_;
      if (!unsaved_.empty()) next = next ? std::min(*next, retry_unsaved_at_) : retry_unsaved_at_;
      if (next) {
        wait_until(wake_, mutex_, *next);
      } else {
        wake_.wait(mutex_);
      }
    }
  }

  std::vector<Queued> next_group() REQUIRES(mutex_) {
    std::vector<Queued> group;
    std::size_t rows = 0;
    while (!queue_.empty()) {
      rows += std::visit([](const auto& one) { return one.rows(); }, queue_.front());
      const bool is_dry_run = districtd::is_dry_run(queue_.front());
      if (!group.empty() && (is_dry_run || rows > kRowsOfAGroup)) break;
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
      if (is_dry_run) break;  // its transaction is rolled back, and nobody else's may be
    }
    return group;
  }

  // One transaction for all, or, where one of them may be why that failed, one for each. Empties
  // `unsaved` where it is kept. False where every other submission would fail alike: each try may
  // wait for as long as SQLite waits for another program.
  bool write(std::span<Queued> group, Unsaved& unsaved) {
    if (commit(group, unsaved)) return true;
    const bool is_single = group.size() + (unsaved.empty() ? 0 : 1) == 1;
    // First, for what was queued before: a delivery that is over, before one under its key comes.
    if (!is_single && !is_hopeless_ && !unsaved.empty()) commit({}, unsaved);
    Unsaved none;
    for (Queued& one : group) {
      if (is_single || is_hopeless_ || !commit({&one, 1}, none)) refuse(one, failure_);
    }
    return !is_hopeless_;
  }

  static bool is_dry_run(std::span<const Queued> group) {
    return group.size() == 1 && districtd::is_dry_run(group.front());
  }

  // Writes it as if to keep it, and takes everything back before anybody is told. It is counted
  // nowhere, and its failure is none of the store's.
  void try_out(Queued& one) {
    std::optional<std::string> failure;
    try {
      std::visit([](auto& queued) { queued.digest(); }, one);
      require_in_place();
      writer_.begin();
      std::visit([this](auto& queued) { queued.write(writer_); }, one);
    } catch (const std::exception& error) {
      failure = unavailable_sentence(error);
    }
    writer_.rollback();
    if (failure) return refuse(one, *failure);
    std::visit([](auto& queued) { queued.answer(); }, one);
  }

  // Those that stood behind a group that failed have waited as long as it has.
  void refuse_next(std::size_t count) REQUIRES(mutex_) {
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Queued> next(std::move_iterator(queue_.begin()), std::move_iterator(end));
    queue_.erase(queue_.begin(), end);
    const MutexUnlock unlocked(mutex_);
    for (Queued& one : next) refuse(one, failure_);
    next.clear();
  }

  // Commits the group and answers it. Where that fails nothing is kept and nobody is answered, and
  // failure_ and is_hopeless_ say why.
  bool commit(std::span<Queued> group, Unsaved& unsaved) {
    is_hopeless_ = false;
    const auto start = steady_now();
    try {
      for (Queued& one : group) std::visit([](auto& queued) { queued.digest(); }, one);
      require_in_place();
      writer_.begin();
      unsaved.write_before_appends(writer_);
      for (Queued& one : group) std::visit([this](auto& queued) { queued.write(writer_); }, one);
      unsaved.write_after_appends(writer_);
      writer_.commit();
      require_still_in_place(!group.empty());
    } catch (const std::exception& error) {
      writer_.rollback();
      // A large transaction that failed leaves a large WAL on the disk that it filled.
      if (is_out_of_room(error)) writer_.checkpoint(true);
      failure_ = unavailable_sentence(error);
      is_hopeless_ = concerns_every_submission(error);
      count_failure(error);
      return false;
    }
    unsaved = {};
    count(group, steady_now() - start);
    for (Queued& one : group) std::visit([](auto& queued) { queued.answer(); }, one);
    return true;
  }

  static void refuse(Queued& one, const std::string& sentence) {
    std::visit([&](auto& queued) { queued.refuse(sentence); }, one);
  }

  void count(std::span<const Queued> group, Clock::duration took) {
    const MutexLock lock(mutex_);
    statistics_.failing = false;
    statistics_.commits += 1;
    statistics_.commit_seconds += std::chrono::duration<double>(took).count();
    const auto count_one = [this](const auto& queued)
                               REQUIRES(mutex_) { queued.count(statistics_, held_); };
    for (const Queued& one : group) std::visit(count_one, one);
  }

  void count_failure(const std::exception& error) {
    const MutexLock lock(mutex_);
    statistics_.failing = true;
    statistics_.failed_commits += 1;
    statistics_.last_failure = error.what();
  }

  const std::filesystem::path path_;
  LockFile lock_file_;  // outlives the writer
  const std::function<KnownTime()> clock_;

  // Used by the store's thread alone.
  Writer writer_;
  const std::optional<Time> newest_at_start_;
  std::string failure_;       // of the last commit that failed: the sentence for the clerk
  bool is_hopeless_ = false;  // the next commit would fail alike
  bool tried_at_the_end_ = false;
  bool was_lost_ = false;  // a commit went into files that were moved under it

  mutable Mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Queued> queue_ GUARDED_BY(mutex_);
  std::vector<QueuedBulletins> bulletins_ GUARDED_BY(mutex_);
  // By target key; on disk or not yet.
  std::unordered_map<std::string, Judged> judged_ GUARDED_BY(mutex_);
  std::optional<StoreLimits> next_limits_ GUARDED_BY(mutex_);  // until the writer has them
  Unsaved unsaved_ GUARDED_BY(mutex_);
  Clock::time_point retry_unsaved_at_ GUARDED_BY(mutex_){};
  // When receipts are to be looked for that may be forgotten; empty where they are kept for ever.
  std::optional<Clock::time_point> forget_at_ GUARDED_BY(mutex_);
  // When the writer took up what it works on; empty while it waits.
  std::optional<Clock::time_point> writing_since_ GUARDED_BY(mutex_);
  StoreStatistics statistics_ GUARDED_BY(mutex_);
  HeldRows held_ GUARDED_BY(mutex_);
  const OpenFiles files_;  // of the writer
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

Store::Store(const std::filesystem::path& path, const std::function<KnownTime()>& clock,
             const ProgrammeClaims& claims)
    : impl_(std::make_unique<Impl>(path, clock, claims)) {}
Store::~Store() = default;

void Store::set_limits(StoreLimits limits) { impl_->set_limits(std::move(limits)); }
void Store::append(Append append, AppendDone done) {
  impl_->enqueue(QueuedAppend(std::move(append), std::move(done)));
}
void Store::close_delivery(std::string_view collector, std::string_view department,
                           std::string_view key) {
  impl_->close_delivery(delivery_key(collector, department, key));
}
void Store::decide(Decision decision, DecisionDone done) {
  impl_->enqueue(QueuedDecision(std::move(decision), std::move(done)));
}
void Store::record_judged(std::vector<Judged> judged) { impl_->record_judged(std::move(judged)); }
void Store::record_catalogue(CatalogueSources sources, std::vector<Programme> programmes) {
  impl_->record_catalogue(std::move(sources), std::move(programmes));
}
void Store::record_bulletins(BulletinRecords records, std::function<void(std::string)> done) {
  impl_->record_bulletins(std::move(records), std::move(done));
}
std::optional<Time> Store::newest_time_at_start() const { return impl_->newest_time_at_start(); }
// A transaction with nothing else in it.
void Store::look_at_clock() { impl_->record_bulletins({}, {}); }
std::unordered_map<std::string, Judged> Store::judged() const { return impl_->judged(); }
StoreStatistics Store::statistics() const { return impl_->statistics(); }

}  // namespace districtd

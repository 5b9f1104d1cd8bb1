#include "daemon/store/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <iterator>
#include <span>
#include <thread>
#include <utility>

#include "base/digest.h"
#include "base/thread_annotations.h"
#include "daemon/store/bulletin_records.h"
#include "daemon/store/failure.h"
#include "daemon/store/lock_file.h"
#include "daemon/store/stored_receipt.h"
#include "daemon/store/submission_id.h"
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

// Makes the folder, and its entry in each folder above durable.
void make_folder(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::is_directory(folder)) return;
  make_folder(folder.parent_path());
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) {
    throw StoreError(folder.string() + " cannot be created: " + error.message());
  }
  const std::string above = folder.has_parent_path() ? folder.parent_path().string() : ".";
  const int descriptor = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    ::fsync(descriptor);
    ::close(descriptor);
  }
}

// A path that can hold a database, absolute.
std::filesystem::path prepare(const std::filesystem::path& given) {
  if (given.empty()) throw StoreError("the store's path is empty");
  const std::filesystem::path path = std::filesystem::absolute(given);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw StoreError(path.string() + " is a directory, expected a file");
  }
  try {
    make_folder(path.parent_path());
  } catch (const std::filesystem::filesystem_error& error) {
    throw StoreError(path.parent_path().string() + " cannot be used: " + error.code().message());
  }
  return path;
}

}  // namespace

class Store::Impl {
 public:
  Impl(const std::filesystem::path& path, const std::function<Time()>& clock)
      : path_(prepare(path)), lock_file_(path_, clock()), clock_(clock), writer_(path_, clock) {
    judged_ = writer_.load_judged();
    writer_.load_waiting(waiting_);
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void append(Append append, Done done) {
    {
      const MutexLock lock(mutex_);
      queue_.push_back({std::move(append), std::move(done), {}, 0, false, std::nullopt});
    }
    wake_.notify_one();
  }

  void close_delivery(const Sha256& delivery) {
    {
      const MutexLock lock(mutex_);
      if (unsaved_.empty()) retry_unsaved_at_ = Clock::now() + kCloseWithin;
      unsaved_.closed.push_back(delivery);
    }
    wake_.notify_one();
  }

  void decide(Decision decision, Done done) {
    {
      const MutexLock lock(mutex_);
      queue_.push_back({{}, std::move(done), {}, 0, true, std::move(decision)});
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

  void record_catalogue(CatalogueSources sources) {
    {
      const MutexLock lock(mutex_);
      unsaved_.catalogues.push_back({0, clock_(), std::move(sources)});
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
      statistics.waiting = waiting_.by_department();
    }
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
  using JudgedByTarget = std::unordered_map<std::string, Judged>;

  // What nobody waits for, and what is therefore tried until it is kept.
  struct Unsaved {
    JudgedByTarget judged;
    std::vector<StoredCatalogue> catalogues;  // in the order of their times
    std::vector<Sha256> closed;               // deliveries

    bool empty() const { return judged.empty() && catalogues.empty() && closed.empty(); }
    // Takes what is older than this.
    void add_older(Unsaved older) {
      judged.merge(older.judged);
      catalogues.insert(catalogues.begin(), std::move_iterator(older.catalogues.begin()),
                        std::move_iterator(older.catalogues.end()));
      closed.insert(closed.begin(), older.closed.begin(), older.closed.end());
    }
  };

  struct Waiting {
    Append append;
    Done done;
    Sha256 sha256;
    std::uint64_t bytes;
    bool hashed;
    std::optional<Decision> decision;  // instead of what is to be appended
  };

  struct WaitingBulletins {
    BulletinRecords records;
    std::function<void(std::string)> done;
  };

  void run() {
    const MutexLock lock(mutex_);
    while (wait_for_work()) {
      write_bulletins();
      if (queue_.empty() && unsaved_.empty()) continue;
      std::vector<Waiting> group = next_group();
      const std::size_t left = queue_.size();
      Unsaved unsaved = std::exchange(unsaved_, {});
      bool is_hopeless = false;
      {
        const MutexUnlock unlocked(mutex_);
        is_hopeless = !write(group, unsaved);
        group.clear();
      }
      if (is_hopeless) refuse_next(left);
      // What could not be kept stays to be written, unless something newer is known by now.
      if (!unsaved.empty()) retry_unsaved_at_ = Clock::now() + kRetryUnsaved;
      unsaved_.add_older(std::move(unsaved));
      const bool is_idle = queue_.empty();
      const MutexUnlock unlocked(mutex_);
      if (writer_.wal_pages() >= (is_idle ? kPagesWhenIdle : kPagesAtMost)) {
        writer_.checkpoint(false);
      }
    }
  }

  // Each alone: they are few, and whoever waits must know what became of his.
  void write_bulletins() REQUIRES(mutex_) {
    auto waiting = std::exchange(bulletins_, {});
    if (waiting.empty()) return;
    const MutexUnlock unlocked(mutex_);
    for (WaitingBulletins& one : waiting) {
      std::string failure;
      try {
        writer_.begin();
        writer_.record(one.records);
        writer_.commit();
      } catch (const std::exception& error) {
        writer_.rollback();
        failure = error.what();
      }
      if (one.done) one.done(std::move(failure));
    }
    waiting.clear();
  }

  // False when the store closes and there is nothing left to write.
  bool wait_for_work() REQUIRES(mutex_) {
    for (;;) {
      if (!queue_.empty() || !bulletins_.empty()) return true;
      if (!unsaved_.empty() && Clock::now() >= retry_unsaved_at_) return true;
      if (stopping_) return !unsaved_.empty() && !std::exchange(tried_at_the_end_, true);
      if (unsaved_.empty()) {
        wake_.wait(mutex_);
      } else {
        wake_.wait_until(mutex_, retry_unsaved_at_);
      }
    }
  }

  std::vector<Waiting> next_group() REQUIRES(mutex_) {
    std::vector<Waiting> group;
    std::size_t rows = 0;
    while (!queue_.empty()) {
      rows += queue_.front().append.decoded.observations.size();
      if (!group.empty() && rows > kRowsOfAGroup) break;
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    return group;
  }

  // One transaction for all, or, where one of them may be why that failed, one for each. Empties
  // `unsaved` where it is kept. False where every other submission would fail alike: each try may
  // wait for as long as SQLite waits for another program.
  bool write(std::span<Waiting> group, Unsaved& unsaved) {
    if (commit(group, unsaved)) return true;
    const bool is_single = group.size() + (unsaved.empty() ? 0 : 1) == 1;
    Unsaved none;
    for (Waiting& one : group) {
      if (is_single || is_hopeless_ || !commit({&one, 1}, none)) refuse(one, failure_);
    }
    if (!is_single && !is_hopeless_ && !unsaved.empty()) commit({}, unsaved);
    return !is_hopeless_;
  }

  // Those that stood behind a group that failed have waited as long as it has.
  void refuse_next(std::size_t count) REQUIRES(mutex_) {
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Waiting> next(std::move_iterator(queue_.begin()), std::move_iterator(end));
    queue_.erase(queue_.begin(), end);
    const MutexUnlock unlocked(mutex_);
    for (Waiting& one : next) refuse(one, failure_);
    next.clear();
  }

  // Commits and tells; or keeps nothing, tells nobody and leaves failure_ and is_hopeless_.
  bool commit(std::span<Waiting> group, Unsaved& unsaved) {
    std::vector<Recorded> recorded;
    recorded.reserve(group.size());
    is_hopeless_ = false;
    const auto start = Clock::now();
    try {
      for (Waiting& one : group) hash(one);
      writer_.begin();
      for (const StoredCatalogue& catalogue : unsaved.catalogues) writer_.record(catalogue);
      for (const Sha256& delivery : unsaved.closed) writer_.close_delivery(delivery);
      for (const Waiting& one : group) {
        recorded.push_back(one.decision ? writer_.decide(*one.decision)
                                        : writer_.record(one.append, one.bytes, one.sha256));
      }
      for (const auto& [target, one] : unsaved.judged) writer_.record(one);
      writer_.commit();
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
    count(group, recorded, Clock::now() - start);
    for (std::size_t i = 0; i < group.size(); ++i) tell(group[i], recorded[i]);
    return true;
  }

  static void hash(Waiting& one) {
    if (one.hashed) return;
    std::string& body = one.append.submission.body;
    one.sha256 = sha256_of(body);
    one.bytes = body.size();
    one.hashed = true;
    body = std::string();  // gives the memory back before the rows are written
  }

  void count(std::span<const Waiting> group, const std::vector<Recorded>& recorded,
             Clock::duration took) {
    const MutexLock lock(mutex_);
    statistics_.failing = false;
    statistics_.commits += 1;
    statistics_.commit_seconds += std::chrono::duration<double>(took).count();
    for (const Recorded& one : recorded) {
      statistics_.submissions += one.is_repeat ? 0 : 1;
      statistics_.observations += static_cast<std::uint64_t>(one.accepted + one.corrected);
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      const Recorded& one = recorded[i];
      if (one.held > 0) {
        waiting_.hold(group[i].append.submission.department, one.seq, one.held, one.received_at);
      }
      if (one.decided_seq != 0) waiting_.decide(one.receipt.department, one.decided_seq);
    }
  }

  void count_failure(const std::exception& error) {
    const MutexLock lock(mutex_);
    statistics_.failing = true;
    statistics_.failed_commits += 1;
    statistics_.last_failure = error.what();
  }

  static void tell(Waiting& one, Recorded& recorded) {
    if (recorded.is_repeat) return tell_again(one, recorded);
    Appended appended;
    appended.outcome = one.decision ? Outcome::taken : one.append.decoded.outcome;
    if (one.decision) {
      appended.undecided = std::move(recorded.undecided);
      appended.said_at = recorded.said_at;
      appended.strays = std::move(recorded.strays);
      one.append.catalogue = std::move(one.decision->catalogue);
      one.append.decoded.receipt = std::move(recorded.receipt);
    }
    appended.receipt = std::move(one.append.decoded.receipt);
    appended.receipt.submission = submission_id(recorded.seq, utc_date(recorded.received_at));
    appended.receipt.received_at = recorded.received_at;
    appended.receipt.accepted = recorded.accepted;
    appended.receipt.corrected = recorded.corrected;
    appended.receipt.unchanged = recorded.unchanged;
    appended.receipt.held = recorded.held;
    appended.receipt.flagged = recorded.flagged;
    appended.receipt.flags = std::move(recorded.flags);
    appended.changed = std::move(recorded.changed);
    appended.readings = std::move(recorded.readings);
    appended.catalogue = std::move(one.append.catalogue);
    if (one.done) one.done(std::move(appended));
  }

  static void tell_again(Waiting& one, Recorded& recorded) {
    Appended appended;
    appended.is_repeat = true;
    appended.outcome = recorded.outcome;
    appended.receipt = std::move(one.append.decoded.receipt);
    if (recorded.outcome != Outcome::conflict) {
      appended.receipt = with_cells(std::move(recorded.receipt), std::move(appended.receipt));
    }
    appended.catalogue = std::move(one.append.catalogue);
    if (one.done) one.done(std::move(appended));
  }

  static void refuse(Waiting& one, const std::string& sentence) {
    Appended appended;
    appended.receipt = std::move(one.append.decoded.receipt);
    appended.catalogue = std::move(one.append.catalogue);
    appended.unavailable = sentence;
    if (one.done) one.done(std::move(appended));
  }

  const std::filesystem::path path_;
  LockFile lock_file_;  // outlives the writer
  const std::function<Time()> clock_;
  Writer writer_;  // the thread's
  // The thread's: of the last commit that failed, the sentence for the clerk,
  std::string failure_;
  bool is_hopeless_ = false;  // and whether the next one would fail alike

  mutable Mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Waiting> queue_ GUARDED_BY(mutex_);
  std::vector<WaitingBulletins> bulletins_ GUARDED_BY(mutex_);
  JudgedByTarget judged_ GUARDED_BY(mutex_);  // what is known, on disk or not yet
  Unsaved unsaved_ GUARDED_BY(mutex_);        // what is not yet
  Clock::time_point retry_unsaved_at_ GUARDED_BY(mutex_){};
  StoreStatistics statistics_ GUARDED_BY(mutex_);
  WaitingRows waiting_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool tried_at_the_end_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

Store::Store(const std::filesystem::path& path, const std::function<Time()>& clock)
    : impl_(std::make_unique<Impl>(path, clock)) {}
Store::~Store() = default;

void Store::append(Append append, Done done) { impl_->append(std::move(append), std::move(done)); }
void Store::close_delivery(std::string_view collector, std::string_view department,
                           std::string_view key) {
  impl_->close_delivery(delivery_of(collector, department, key));
}
void Store::decide(Decision decision, Done done) {
  impl_->decide(std::move(decision), std::move(done));
}
void Store::record_judged(std::vector<Judged> judged) { impl_->record_judged(std::move(judged)); }
void Store::record_catalogue(CatalogueSources sources) {
  impl_->record_catalogue(std::move(sources));
}
void Store::record_bulletins(BulletinRecords records, std::function<void(std::string)> done) {
  impl_->record_bulletins(std::move(records), std::move(done));
}
std::unordered_map<std::string, Judged> Store::judged() const { return impl_->judged(); }
StoreStatistics Store::statistics() const { return impl_->statistics(); }

}  // namespace districtd

#include "daemon/store/store_check.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "base/metric_family.h"
#include "base/ports/timer.h"
#include "daemon/store/sqlite.h"

namespace districtd {
namespace {

constexpr std::chrono::hours kAgainWhereUnknown{1};

// Everything else comes first. Where the system does not let it, it runs like the rest.
void take_the_lowest_priority() {
  const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
  constexpr int kLowest = 19;
  ::setpriority(PRIO_PROCESS, thread, kLowest);
  // ioprio_set(2) has no header: IOPRIO_WHO_PROCESS, this thread, IOPRIO_CLASS_IDLE.
  constexpr int kOfAProcess = 1;
  constexpr int kIdle = 3 << 13;
  ::syscall(SYS_ioprio_set, kOfAProcess, 0, kIdle);
}

}  // namespace

StoreCheck::StoreCheck(std::filesystem::path path, std::chrono::seconds interval,
                       std::function<Time()> clock)
    : path_(std::move(path)), interval_(interval), clock_(std::move(clock)) {
  thread_ = std::thread([this] { run(); });
}

StoreCheck::~StoreCheck() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    // SQLite looks at its progress handler between two steps, and the check is one.
    if (checking_ != nullptr) sqlite3_interrupt(checking_);
  }
  wake_.notify_one();
  thread_.join();
}

StoreCheck::Status StoreCheck::status() const {
  const MutexLock lock(mutex_);
  return status_;
}

void StoreCheck::run() {
  take_the_lowest_priority();
  const MutexLock lock(mutex_);
  while (!is_stopping_) {
    std::optional<std::string> found;
    const auto start = steady_now();
    {
      const MutexUnlock unlocked(mutex_);
      found = check();
    }
    const bool is_known = found.has_value();
    if (found) {
      status_.is_good = found->empty();
      status_.took = steady_now() - start;
      if (found->empty()) status_.last_success = clock_();
      status_.finding = *std::move(found);
    }
    const SteadyTime next =
        steady_now() +
        (is_known ? interval_ : std::min<std::chrono::seconds>(interval_, kAgainWhereUnknown));
    while (!is_stopping_ && steady_now() < next) wait_until(wake_, mutex_, next);
  }
}

// False where it is to stop. From here on the destructor breaks off what the connection does.
bool StoreCheck::begin_checking(sqlite3* connection) {
  const MutexLock lock(mutex_);
  if (!is_stopping_) checking_ = connection;
  return !is_stopping_;
}

void StoreCheck::end_checking() {
  const MutexLock lock(mutex_);
  checking_ = nullptr;
}

std::optional<std::string> StoreCheck::check() {
  try {
    sqlite::Connection connection(path_, sqlite::Connection::Mode::read_only);
    if (!begin_checking(connection.handle())) return std::nullopt;
    struct End {
      StoreCheck& of;
      ~End() { of.end_checking(); }
    } const end{*this};
    const std::string said = connection.text("PRAGMA quick_check(1)");
    return said == "ok" ? std::string() : said;
  } catch (const sqlite::Error& error) {
    switch (error.primary_code()) {
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
      case SQLITE_IOERR:
        return std::string(error.what());
      default:
        return std::nullopt;
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<prometheus::MetricFamily> store_check_metrics(const StoreCheck::Status& status) {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> families;
  if (!status.is_good) return families;
  families.push_back(single_metric(
      "districtd_store_check_ok", "1 where the last check of the database found no damage, else 0.",
      MetricType::Gauge, *status.is_good ? 1 : 0));
  families.push_back(single_metric("districtd_store_check_duration_seconds",
                                   "How long the last check of the database took, in seconds.",
                                   MetricType::Gauge, status.took.count()));
  if (status.last_success) {
    families.push_back(
        single_metric("districtd_store_check_last_success_timestamp_seconds",
                      "When the last check that found no damage ended, in seconds since the epoch.",
                      MetricType::Gauge, seconds_since_1970(*status.last_success)));
  }
  return families;
}

}  // namespace districtd

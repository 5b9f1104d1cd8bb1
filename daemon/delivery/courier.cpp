#include "daemon/delivery/courier.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/heartbeat.h"
#include "base/json_writer.h"
#include "base/ports/clock.h"
#include "base/ports/timer.h"
#include "daemon/domain/bulletin_kind.h"
#include "daemon/log/logging.h"

namespace districtd {
namespace {

constexpr std::chrono::seconds kUntilTheStoreKeeps{10};
constexpr std::chrono::hours kLongestWait{4};
// A letter or an announcement has a time limit of its own; that is not what this is.
constexpr std::chrono::minutes kLongestDelivery{10};

// 1, 2, 4 ... times the first, at most four hours.
std::chrono::seconds wait_after(int attempts, std::chrono::seconds first) {
  std::chrono::seconds wait = first;
  for (int i = 1; i < attempts && wait < kLongestWait; ++i) wait *= 2;
  return std::min<std::chrono::seconds>(wait, kLongestWait);
}

}  // namespace

void keep(Store& store, BulletinRecords records) {
  const auto kept = std::make_shared<std::promise<std::string>>();  // with the store's thread
  auto failure = kept->get_future();
  store.record_bulletins(std::move(records),
                         [kept](std::string why) { kept->set_value(std::move(why)); });
  if (const std::string why = failure.get(); !why.empty()) {
    throw std::runtime_error("the record of the bulletin could not be kept: " + why);
  }
}

Courier::Courier(Store& store, std::filesystem::path store_path, BulletinMetrics& metrics,
                 DistrictClock clock)
    : store_(store),
      store_path_(std::move(store_path)),
      metrics_(metrics),
      clock_(std::move(clock)) {}

Courier::~Courier() {
  for (std::jthread& thread : threads_) thread.request_stop();  // all, before the first is joined
}

void Courier::adopt(std::shared_ptr<const BulletinConfig> config) {
  const MutexLock lock(mutex_);
  config_ = std::move(config);
}

void Courier::start() {
  resume();
  for (std::size_t i = 0; i < kMostLetters + kMostWebhooks; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
  }
}

void Courier::enqueue(std::vector<DeliveryRecord> deliveries) {
  for (DeliveryRecord& record : deliveries) enqueue(std::move(record), {});
}

void Courier::enqueue(DeliveryRecord record, Clock::duration wait) {
  {
    const MutexLock lock(mutex_);
    queue_.push_back({std::move(record), steady_now() + wait});
    ++changes_;
  }
  wake_.notify_all();
}

// A reader that failed may be of a file that was unreadable for a while, and one that sees nothing
// new knows no later bulletin: neither is asked again.
template <typename Ask>
auto Courier::ask_store(Ask ask) {
  const MutexLock lock(reader_mutex_);
  try {
    if (reader_ && !reader_->sees_later_commits()) reader_.reset();
    if (!reader_) reader_.emplace(store_path_);
    return ask(std::as_const(*reader_));
  } catch (const StoreError&) {
    reader_.reset();
    throw;
  }
}

// Whether an attempt may begin beside those that are under way.
bool Courier::is_free(const DeliveryRecord& record) const {
  if (under_way_.contains({record.channel, record.recipient})) return false;
  const auto of_channel =
      std::count_if(under_way_.begin(), under_way_.end(),
                    [&](const Recipient& recipient) { return recipient.first == record.channel; });
  const bool is_letter = record.channel == DeliveryChannel::email;
  return static_cast<std::size_t>(of_channel) < (is_letter ? kMostLetters : kMostWebhooks);
}

void Courier::run(const std::stop_token& stop) {
  watch_this_thread("courier", kLongestDelivery);
  const MutexLock lock(mutex_);
  while (!stop.stop_requested()) {
    auto next = queue_.end();
    for (auto one = queue_.begin(); one != queue_.end(); ++one) {
      if (!is_free(one->record)) continue;
      if (next == queue_.end() || one->not_before < next->not_before) next = one;
    }
    const auto has_changed = [this, seen = changes_]()
                                 REQUIRES(mutex_) { return changes_ != seen; };
    if (next == queue_.end()) {
      wake_.wait(mutex_, stop, has_changed);
      continue;
    }
    if (next->not_before > steady_now()) {
      wait_until(wake_, mutex_, stop, next->not_before, has_changed);
      continue;
    }
    Queued due = std::move(*next);
    queue_.erase(next);
    const Recipient recipient{due.record.channel, due.record.recipient};
    under_way_.insert(recipient);
    {
      const MutexUnlock unlocked(mutex_);
      const Busy busy("delivers a bulletin");
      attempt(std::move(due), stop);
    }
    under_way_.erase(recipient);
    ++changes_;
    wake_.notify_all();
  }
}

void Courier::resume() {
  try {
    std::vector<DeliveryRecord> pending;
    BulletinRecords lost;
    auto unfinished =
        ask_store([](const StoreReader& store) { return store.bulletin_deliveries(""); });
    for (DeliveryRecord& record : unfinished) {
      if (record.state == DeliveryState::pending) {
        pending.push_back(std::move(record));
        continue;
      }
      record.state = DeliveryState::uncertain;
      record.changed_at = clock_.now();
      record.detail = "districtd ended while this was being sent";
      lost.deliveries.push_back(std::move(record));
    }
    if (!lost.deliveries.empty()) keep(store_, lost);
    for (const DeliveryRecord& record : lost.deliveries) report(record);
    enqueue(std::move(pending));
  } catch (const std::exception& error) {
    log_event(LogLevel::error, "bulletin_deliveries_unreadable", error.what());
  }
}

void Courier::attempt(Queued queued, const std::stop_token& stop) {
  std::shared_ptr<const BulletinConfig> config;
  {
    const MutexLock lock(mutex_);
    config = config_;
  }
  DISTRICT_CHECK(config != nullptr, "a configuration is adopted before the courier starts");
  DeliveryRecord& record = queued.record;
  record.state = DeliveryState::sending;
  record.attempts += 1;
  record.changed_at = clock_.now();
  try {
    keep(store_, {{}, {record}});
  } catch (const std::exception& error) {
    // Not sent without a record that says so.
    log_event(LogLevel::error, "bulletin_delivery_postponed", error.what());
    record.attempts -= 1;
    return enqueue(std::move(record), kUntilTheStoreKeeps);
  }
  Attempted ended = deliver(record, *config, stop);
  const bool is_last = record.attempts >= config->attempts && !stop.stop_requested();
  if (ended.state == DeliveryState::pending && is_last) {
    ended.state = DeliveryState::failed;
    ended.detail += "; given up after " + std::to_string(record.attempts) + " attempts";
  }
  record.state = ended.state;
  record.detail = ended.detail;
  record.changed_at = clock_.now();
  if (!record_end(record, stop)) return;
  try {
    report(record);
  } catch (const std::exception& error) {
    log_event(LogLevel::error, "store_read_failed", error.what());
  }
  if (record.state != DeliveryState::pending) return;
  const auto wait = std::max(wait_after(record.attempts, config->retry_after),
                             std::min<std::chrono::seconds>(ended.not_before, kLongestWait));
  enqueue(std::move(record), wait);
}

// Tries until the record is kept: without it, what was sent would be uncertain after a restart.
// False where the courier stops before.
bool Courier::record_end(const DeliveryRecord& record, const std::stop_token& stop) {
  for (;;) {
    try {
      keep(store_, {{}, {record}});
      return true;
    } catch (const std::exception& error) {
      log_event(LogLevel::error, "bulletin_delivery_unrecorded", error.what());
      const MutexLock lock(mutex_);
      wait_until(wake_, mutex_, stop, steady_now() + kUntilTheStoreKeeps, [] { return false; });
      if (stop.stop_requested()) return false;
    }
  }
}

Attempted Courier::deliver(const DeliveryRecord& record, const BulletinConfig& config,
                           const std::stop_token& stop) {
  try {
    const auto occasion = ask_store(
        [&](const StoreReader& store) { return store.bulletin_occasion_of(record.bulletin); });
    if (!occasion) return {DeliveryState::failed, "there is no record of this bulletin"};
    return attempt_delivery(record, *occasion, config, clock_.now(), stop);
  } catch (const std::exception& error) {
    return {DeliveryState::pending, error.what()};  // nothing was sent
  }
}

// "unknown" where the configuration has lost the entry since.
std::string_view Courier::kind_of(const std::string& name) {
  const MutexLock lock(mutex_);
  for (const BulletinEntry& entry : config_->entries) {
    if (entry.name == name) return to_string(entry.kind);
  }
  return "unknown";
}

// Logs and counts what became of the delivery, and whether the newest copies of its bulletin all
// arrived.
void Courier::report(const DeliveryRecord& record) {
  const auto occasion = ask_store(
      [&](const StoreReader& store) { return store.bulletin_occasion_of(record.bulletin); });
  if (!occasion) return;
  const std::string_view channel = to_string(record.channel);
  metrics_.count_delivery(
      kind_of(occasion->name), channel,
      record.state == DeliveryState::pending ? "retried" : to_string(record.state));
  const std::vector<LogField> fields = {{"bulletin", json_text(record.bulletin)},
                                        {"channel", json_text(channel)},
                                        {"recipient", json_text(record.recipient)},
                                        {"attempts", std::to_string(record.attempts)}};
  const std::string what = occasion->title + " → " + record.recipient;
  switch (record.state) {
    case DeliveryState::sent:
      log_event(LogLevel::info, "bulletin_delivered", what, fields);
      break;
    case DeliveryState::pending:
      log_event(LogLevel::warn, "bulletin_delivery_retried", what + ": " + record.detail, fields);
      break;
    case DeliveryState::failed:
      log_event(LogLevel::error, "bulletin_delivery_failed", what + ": " + record.detail, fields);
      break;
    case DeliveryState::sending:
    case DeliveryState::uncertain:
      log_event(LogLevel::error, "bulletin_delivery_uncertain",
                what + ": " + record.detail +
                    "; it may have arrived, so it is not sent again. Ask the recipient; to send it "
                    "again: districtd resend " +
                    record.bulletin,
                fields);
  }
  show_whether_all_arrived(*occasion);
}

// Reads and shows under one lock: of two deliveries that end at once, the later word stays.
void Courier::show_whether_all_arrived(const OccasionRecord& occasion) {
  ask_store([&](const StoreReader& store) {
    std::map<Recipient, DeliveryState> newest;
    for (const DeliveryRecord& one : store.bulletin_deliveries(occasion.id)) {
      newest[{one.channel, one.recipient}] = one.state;  // by copy
    }
    const bool is_failing = std::any_of(newest.begin(), newest.end(), [](const auto& one) {
      return one.second == DeliveryState::failed || one.second == DeliveryState::uncertain;
    });
    metrics_.set_bulletin_failing(occasion.name, "delivery", is_failing);
  });
}

}  // namespace districtd

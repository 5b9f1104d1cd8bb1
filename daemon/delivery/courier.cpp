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
#include "base/ports/files.h"
#include "base/ports/timer.h"
#include "daemon/delivery/archive.h"
#include "daemon/delivery/mail.h"
#include "daemon/delivery/robots.h"
#include "daemon/delivery/transfer.h"
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

// The only line of a secret's file.
std::string secret_in(const std::filesystem::path& file) {
  auto line = read_first_line(file);
  if (!line) {
    throw std::runtime_error(file.string() + " cannot be read; expected one line");
  }
  return *std::move(line);
}

std::string extension(const std::string& file) { return file.substr(file.rfind('.') + 1); }

// A bulletin that was made up for says so before it is opened.
std::string title_of(const OccasionRecord& occasion) {
  return occasion.title + (occasion.is_late ? "（补发）" : "");
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

Courier::~Courier() = default;  // jthread asks to stop and joins

void Courier::adopt(std::shared_ptr<const BulletinConfig> config) {
  const MutexLock lock(mutex_);
  config_ = std::move(config);
}

void Courier::start() {
  resume();
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void Courier::enqueue(std::vector<DeliveryRecord> deliveries) {
  for (DeliveryRecord& record : deliveries) enqueue(std::move(record), {});
}

void Courier::enqueue(DeliveryRecord record, Clock::duration wait) {
  {
    const MutexLock lock(mutex_);
    queue_.push_back({std::move(record), steady_now() + wait});
  }
  wake_.notify_one();
}

// A reader that failed may be of a file that was unreadable for a while, and one that sees nothing
// new knows no later bulletin: neither is asked again.
template <typename Ask>
auto Courier::ask_store(Ask ask) {
  try {
    if (reader_ && !reader_->sees_later_commits()) reader_.reset();
    if (!reader_) reader_.emplace(store_path_);
    return ask(std::as_const(*reader_));
  } catch (const StoreError&) {
    reader_.reset();
    throw;
  }
}

void Courier::run(const std::stop_token& stop) {
  watch_this_thread("courier", kLongestDelivery);
  const MutexLock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto next = std::min_element(
        queue_.begin(), queue_.end(),
        [](const Queued& a, const Queued& b) { return a.not_before < b.not_before; });
    const std::size_t count = queue_.size();
    const auto has_more = [&]() REQUIRES(mutex_) { return queue_.size() != count; };
    if (next == queue_.end()) {
      wake_.wait(mutex_, stop, has_more);
      continue;
    }
    if (next->not_before > steady_now()) {
      wait_until(wake_, mutex_, stop, next->not_before, has_more);
      continue;
    }
    Queued due = std::move(*next);
    queue_.erase(next);
    const MutexUnlock unlocked(mutex_);
    const Busy busy("delivers a bulletin");
    attempt(std::move(due), stop);
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
  const auto wait = wait_after(record.attempts, config->retry_after);
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

Courier::Attempted Courier::deliver(const DeliveryRecord& record, const BulletinConfig& config,
                                    const std::stop_token& stop) {
  try {
    const auto occasion = ask_store(
        [&](const StoreReader& store) { return store.bulletin_occasion_of(record.bulletin); });
    if (!occasion) return {DeliveryState::failed, "there is no record of this bulletin"};
    return record.channel == DeliveryChannel::email ? mail(record, *occasion, config, stop)
                                                    : announce(record, *occasion, config, stop);
  } catch (const std::exception& error) {
    return {DeliveryState::pending, error.what()};
  }
}

namespace {

std::pair<DeliveryState, std::string> end_of(const Transfer& transfer) {
  switch (transfer.result) {
    case Transfer::Result::sent:
      return {DeliveryState::sent, ""};
    case Transfer::Result::again:
    case Transfer::Result::stopped:
      return {DeliveryState::pending, transfer.detail};
    case Transfer::Result::refused:
      return {DeliveryState::failed, transfer.detail};
    case Transfer::Result::uncertain:
      break;
  }
  return {DeliveryState::uncertain, transfer.detail};
}

}  // namespace

Courier::Attempted Courier::mail(const DeliveryRecord& record, const OccasionRecord& occasion,
                                 const BulletinConfig& config, const std::stop_token& stop) const {
  if (!config.smtp) return {DeliveryState::failed, "[smtp] is not configured any more"};
  const auto from = parse_mail_address(config.smtp->from);
  const auto to = parse_mail_address(record.recipient);
  if (!from || !to) return {DeliveryState::failed, "'" + record.recipient + "' is no address"};
  Mail letter{*from, *to, title_of(occasion), {}, clock_.now(), occasion.message, {}, {}};
  letter.message_id = message_id_of(record.bulletin, to->address, record.copy, from->address);
  for (const std::string& file : occasion.files) {
    auto archived = read_archived(config.directory, file);
    if (!archived) {
      return {DeliveryState::failed, (config.directory / file).string() + " is not there any more"};
    }
    if (extension(file) == "html") letter.html = archived->body;
    letter.attachments.push_back({occasion.title + "." + extension(file),
                                  std::move(archived->content_type), std::move(archived->body)});
  }
  const auto [state, detail] =
      end_of(send_mail(*config.smtp, from->address, to->address, to_wire(letter), stop));
  return {state, detail};
}

Courier::Attempted Courier::announce(const DeliveryRecord& record, const OccasionRecord& occasion,
                                     const BulletinConfig& config,
                                     const std::stop_token& stop) const {
  const Webhook* const webhook = config.find_webhook(record.recipient);
  if (webhook == nullptr)
    return {DeliveryState::failed, "this [[webhook]] is not configured any more"};
  std::string url = webhook->url_file.empty() ? webhook->url : secret_in(webhook->url_file);
  if (!webhook->secret_file.empty()) {
    url = signed_url(std::move(url), secret_in(webhook->secret_file), clock_.now());
  }
  const Announcement announcement{title_of(occasion), occasion.message,
                                  config.link.empty() ? "" : config.link + record.bulletin,
                                  occasion.summary};
  const Transfer transfer =
      post_json(url, announcement_body(webhook->form, announcement), webhook->timeout, stop);
  if (transfer.result == Transfer::Result::sent) {
    // A robot that is asked too often says so; it did not announce anything.
    if (std::string why = refusal_of(webhook->form, transfer.body); !why.empty()) {
      return {DeliveryState::pending, std::move(why)};
    }
  }
  const auto [state, detail] = end_of(transfer);
  return {state, detail};
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
  std::map<std::pair<DeliveryChannel, std::string>, DeliveryState> newest;
  const auto deliveries = ask_store(
      [&](const StoreReader& store) { return store.bulletin_deliveries(record.bulletin); });
  for (const DeliveryRecord& one : deliveries) {
    newest[{one.channel, one.recipient}] = one.state;  // by copy
  }
  const bool is_failing = std::any_of(newest.begin(), newest.end(), [](const auto& one) {
    return one.second == DeliveryState::failed || one.second == DeliveryState::uncertain;
  });
  metrics_.set_bulletin_failing(occasion->name, "delivery", is_failing);
}

}  // namespace districtd

#include "daemon/delivery/scheduler.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/heartbeat.h"
#include "base/json_writer.h"
#include "base/ports/clock.h"
#include "base/ports/timer.h"
#include "daemon/delivery/archive.h"
#include "daemon/log/logging.h"
#include "daemon/store/reader.h"

namespace districtd {
namespace {

constexpr std::chrono::seconds kCheckInterval{2};
constexpr std::chrono::minutes kFirstRetry{1};
constexpr std::chrono::hours kLongestRetry{1};
// Converters have a time limit of their own; with several formats it comes to less than this.
constexpr std::chrono::minutes kLongestBulletin{10};

// The first folder above (or the path itself) that exists must be one that can be written.
std::string why_unusable(const std::filesystem::path& directory) {
  std::filesystem::path existing = std::filesystem::absolute(directory);
  std::error_code error;
  while (!std::filesystem::exists(existing, error) && existing != existing.parent_path()) {
    existing = existing.parent_path();
  }
  if (!std::filesystem::is_directory(existing, error)) {
    return existing.string() + " is no directory";
  }
  if (::access(existing.c_str(), W_OK | X_OK) != 0) return existing.string() + " cannot be written";
  return {};
}

bool wants(const BulletinConfig& config, BulletinFormat format) {
  return std::any_of(config.entries.begin(), config.entries.end(), [&](const auto& entry) {
    return std::find(entry.formats.begin(), entry.formats.end(), format) != entry.formats.end();
  });
}

std::vector<DeliveryRecord> deliveries_of(const BulletinEntry& entry, const std::string& id,
                                          Time now) {
  std::vector<DeliveryRecord> records;
  const auto add = [&](DeliveryChannel channel, const std::string& recipient) {
    const bool is_there = std::any_of(records.begin(), records.end(), [&](const auto& one) {
      return one.channel == channel && one.recipient == recipient;
    });
    if (!is_there)
      records.push_back({id, channel, recipient, 1, DeliveryState::pending, 0, now, ""});
  };
  for (const std::string& recipient : entry.email) add(DeliveryChannel::email, recipient);
  for (const std::string& webhook : entry.webhooks) add(DeliveryChannel::webhook, webhook);
  return records;
}

}  // namespace

Findings check_templates(const BulletinConfig& config) {
  if (config.entries.empty()) return {};
  auto loaded = TemplateFolder::load(config.templates);
  return loaded ? Findings{} : std::move(loaded.error());
}

Findings check_bulletins(const std::filesystem::path& file, const BulletinConfig& config) {
  if (config.entries.empty()) return {};
  Findings findings = check_templates(config);
  if (const std::string why = why_unusable(config.directory); !why.empty()) {
    findings.push_back({file.string(), 0, 0, "[bulletins] directory: " + why});
  }
  return findings;
}

std::vector<std::string> missing_converters(const BulletinConfig& config) {
  const Converters converters = Converters::find();
  std::vector<std::string> missing;
  for (const BulletinFormat format : {BulletinFormat::pdf, BulletinFormat::docx}) {
    if (wants(config, format) && !converters.can_make(format)) {
      missing.push_back(Converters::what_is_missing(format));
    }
  }
  return missing;
}

struct BulletinScheduler::InForce {
  std::shared_ptr<const BulletinConfig> config;  // shared with the courier
  std::string district;
  std::shared_ptr<const Catalogue> catalogue;
  std::optional<TemplateFolder> templates;
  std::string templates_failure;
  Converters converters;
};

BulletinScheduler::BulletinScheduler(Store& store, std::filesystem::path store_path,
                                     prometheus::Registry& registry, DistrictClock clock)
    : store_(store),
      store_path_(std::move(store_path)),
      metrics_(registry),
      clock_(std::move(clock)),
      courier_(store, store_path_, metrics_, clock_) {}

BulletinScheduler::~BulletinScheduler() = default;  // jthread asks to stop and joins

void BulletinScheduler::adopt(const BulletinConfig& config, const std::string& district,
                              std::shared_ptr<const Catalogue> catalogue) {
  auto next = std::make_shared<InForce>();
  next->config = std::make_shared<const BulletinConfig>(config);
  next->district = district;
  next->catalogue = std::move(catalogue);
  next->converters = Converters::find();
  if (!config.entries.empty()) {
    auto loaded = TemplateFolder::load(config.templates);
    if (!loaded) {
      next->templates_failure = to_string(loaded.error().front());
    } else {
      next->templates = *std::move(loaded);
    }
  }
  courier_.adopt(next->config);
  std::vector<std::string> missing = missing_converters(config);
  {
    const MutexLock lock(mutex_);
    in_force_ = std::move(next);
    std::swap(missing, said_missing_);
    // Once for as long as it lasts, not at each reload: `missing` has what was said before.
    for (const std::string& sentence : said_missing_) {
      if (std::find(missing.begin(), missing.end(), sentence) == missing.end()) {
        log_event(LogLevel::warn, "converter_missing", sentence);
      }
    }
  }
  check_soon();
}

void BulletinScheduler::start() {
  courier_.start();
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void BulletinScheduler::check_soon() {
  {
    const MutexLock lock(mutex_);
    must_check_ = true;
  }
  wake_.notify_one();
}

std::filesystem::path BulletinScheduler::directory() const { return in_force()->config->directory; }

std::shared_ptr<const BulletinScheduler::InForce> BulletinScheduler::in_force() const {
  const MutexLock lock(mutex_);
  return in_force_;
}

void BulletinScheduler::run(const std::stop_token& stop) {
  watch_this_thread("bulletins", kLongestBulletin);
  while (!stop.stop_requested()) {
    const auto current = in_force();
    for (const BulletinEntry& entry : current->config->entries) {
      if (stop.stop_requested()) return;
      const Busy busy("makes bulletins that are due");
      try {
        make_what_is_due(*current, entry, stop);
      } catch (const std::exception& error) {
        log_event(LogLevel::error, "bulletin_failed", entry.name + ": " + error.what(),
                  {{"bulletin", json_text(entry.name)}});
      }
    }
    const MutexLock lock(mutex_);
    wait_until(wake_, mutex_, stop, steady_now() + kCheckInterval,
               [this]() REQUIRES(mutex_) { return std::exchange(must_check_, false); });
  }
}

BulletinScheduler::EntryHistory& BulletinScheduler::history_of(const std::string& name) {
  const auto found = histories_.find(name);
  if (found != histories_.end()) return found->second;
  EntryHistory history;
  for (const OccasionRecord& record : StoreReader{store_path_}.bulletin_occasions(name)) {
    history.occasions.emplace(record.due_at, true);
    if (record.outcome == OccasionOutcome::made || record.outcome == OccasionOutcome::unchanged) {
      metrics_.set_bulletin_success(name, record.made_at);
    }
  }
  return histories_.emplace(name, std::move(history)).first->second;
}

void BulletinScheduler::make_what_is_due(const InForce& now_in_force, const BulletinEntry& entry,
                                         const std::stop_token& stop) {
  EntryHistory& history = history_of(entry.name);
  const KnownTime known = clock_.known();
  if (!known.is_credible()) return;  // what is due now, nobody knows
  const Time now = known.time;
  const auto after = history.occasions.upper_bound(now);
  if (after == history.occasions.begin()) {
    // Seen for the first time: nothing before this moment was ever due.
    OccasionRecord adopted;
    adopted.name = entry.name;
    adopted.due_at = adopted.made_at = now;
    adopted.outcome = OccasionOutcome::adopted;
    keep(store_, {{adopted}, {}});
    history.occasions.emplace(now, true);
    return;
  }
  const auto due = due_occasions(entry.schedule, clock_, now_in_force.catalogue->working_days(),
                                 std::prev(after)->first, now);
  if (due.empty()) return;
  const DueOccasion& newest = due.back();
  if (newest.at == history.failed_at && steady_now() < history.not_before) return;
  try {
    make(now_in_force, entry, newest, history, stop);
    if (stop.stop_requested()) return;
    skip(entry, {due.begin(), std::prev(due.end())}, history);
  } catch (const std::exception& error) {
    record_failure(entry, newest, history, error.what());
  }
}

void BulletinScheduler::make(const InForce& now_in_force, const BulletinEntry& entry,
                             const DueOccasion& due, EntryHistory& history,
                             const std::stop_token& stop) {
  if (!now_in_force.templates) throw std::runtime_error(now_in_force.templates_failure);
  const BulletinConfig& config = *now_in_force.config;
  if (std::string why = why_unwritable(config.directory); !why.empty()) {
    throw std::runtime_error(why);
  }
  // Whatever was received by then is in the file before it is read: else the same bulletin, written
  // again tomorrow, would know more than this one.
  keep(store_, {});
  const Time now = clock_.now();
  const EditionRequest request{config, now_in_force.district,   now_in_force.catalogue,
                               clock_, *now_in_force.templates, now_in_force.converters,
                               stop};
  const Edition edition = write_edition(
      request, StoreReader{store_path_},
      occasion_on(&entry, entry.kind, due.on, clock_, now_in_force.catalogue->working_days()),
      entry.formats, config.directory,
      printed_line(clock_, now, due.is_late ? std::optional{due.at} : std::nullopt));
  if (stop.stop_requested()) return;  // made up for at the next start, whole
  if (!edition.refusal.empty()) return leave_out(entry, due, edition, history);
  std::vector<DeliveryRecord> deliveries;
  if (!edition.is_unchanged) {
    add_to_index(config.directory, edition, due.is_late);
    deliveries = deliveries_of(entry, edition.id, now);
  }
  record_made(entry, due, edition, now, deliveries);
  history.occasions.emplace(due.at, true);
  history.failures = 0;
  report_made(entry, due, edition, now, deliveries.size());
  courier_.enqueue(std::move(deliveries));
}

// There is no such bulletin, and trying again would not make one.
void BulletinScheduler::leave_out(const BulletinEntry& entry, const DueOccasion& due,
                                  const Edition& edition, EntryHistory& history) {
  OccasionRecord record;
  record.name = entry.name;
  record.due_at = due.at;
  record.made_at = clock_.now();
  record.outcome = OccasionOutcome::skipped;
  keep(store_, {{record}, {}});
  history.occasions.emplace(due.at, true);
  history.failures = 0;
  metrics_.count_bulletin(to_string(entry.kind), to_string(OccasionOutcome::skipped));
  metrics_.set_bulletin_failing(entry.name, "making", false);
  log_event(LogLevel::info, "bulletin_skipped", edition.refusal,
            {{"bulletin", json_text(edition.id)}});
}

void BulletinScheduler::record_made(const BulletinEntry& entry, const DueOccasion& due,
                                    const Edition& edition, Time now,
                                    const std::vector<DeliveryRecord>& deliveries) {
  OccasionRecord record;
  record.name = entry.name;
  record.due_at = due.at;
  record.outcome = edition.is_unchanged ? OccasionOutcome::unchanged : OccasionOutcome::made;
  record.is_late = due.is_late;
  record.made_at = now;
  record.id = edition.id;
  record.title = edition.title;
  record.summary = edition.summary;
  record.message = edition.message;
  record.files = edition.files;
  keep(store_, {{record}, deliveries});
}

void BulletinScheduler::report_made(const BulletinEntry& entry, const DueOccasion& due,
                                    const Edition& edition, Time now, std::size_t recipients) {
  metrics_.count_bulletin(
      to_string(entry.kind),
      to_string(edition.is_unchanged ? OccasionOutcome::unchanged : OccasionOutcome::made));
  metrics_.set_bulletin_success(entry.name, now);
  metrics_.set_bulletin_failing(entry.name, "making", false);
  for (const FormatProblem& problem : edition.problems) {
    // That a program is not installed was said when the configuration was adopted.
    if (problem.cause == FormatProblem::Cause::no_converter) continue;
    metrics_.count_bulletin(to_string(entry.kind), "format_failed");
    log_event(LogLevel::error, "bulletin_format_failed", edition.id + ": " + problem.text,
              {{"bulletin", json_text(edition.id)}});
  }
  log_event(LogLevel::info, edition.is_unchanged ? "bulletin_unchanged" : "bulletin_made",
            edition.is_unchanged ? edition.title + "：没有变化，不出日报"
                                 : edition.title + (due.is_late ? "（补发）" : ""),
            {{"bulletin", json_text(edition.id)},
             {"late", due.is_late ? "true" : "false"},
             {"recipients", std::to_string(recipients)}});
}

void BulletinScheduler::skip(const BulletinEntry& entry, const std::vector<DueOccasion>& missed,
                             EntryHistory& history) {
  if (missed.empty()) return;
  BulletinRecords records;
  for (const DueOccasion& one : missed) {
    OccasionRecord record;
    record.name = entry.name;
    record.due_at = one.at;
    record.made_at = clock_.now();
    record.outcome = OccasionOutcome::skipped;
    record.is_late = true;
    records.occasions.push_back(std::move(record));
  }
  keep(store_, std::move(records));
  for (const DueOccasion& one : missed) {
    history.occasions.emplace(one.at, true);
    metrics_.count_bulletin(to_string(entry.kind), to_string(OccasionOutcome::skipped));
    log_event(
        LogLevel::warn, "bulletin_skipped",
        entry.name + " of " + to_string(one.on) +
            " was missed and only the newest is made up for; to write it: districtd bulletin " +
            std::string{to_string(entry.kind)} + " --on " + to_string(one.on) + " --out DIR",
        {{"bulletin", json_text(entry.name + "-" + to_string(one.on))}});
  }
}

void BulletinScheduler::record_failure(const BulletinEntry& entry, const DueOccasion& due,
                                       EntryHistory& history, const std::string& why) {
  history.failures = history.failed_at == due.at ? history.failures + 1 : 1;
  history.failed_at = due.at;
  Clock::duration wait = kFirstRetry;
  for (int i = 1; i < history.failures && wait < kLongestRetry; ++i) wait *= 2;
  history.not_before = steady_now() + std::min<Clock::duration>(wait, kLongestRetry);
  metrics_.count_bulletin(to_string(entry.kind), "failed");
  metrics_.set_bulletin_failing(entry.name, "making", true);
  log_event(LogLevel::error, "bulletin_failed",
            entry.name + " of " + to_string(due.on) + ": " + why + "; it is tried again",
            {{"bulletin", json_text(entry.name + "-" + to_string(due.on))},
             {"failures", std::to_string(history.failures)}});
}

BulletinScheduler::Resent BulletinScheduler::resend(const std::string& id,
                                                    const std::string& recipient, bool everyone) {
  Resent resent;
  const StoreReader store{store_path_};
  const auto occasion = store.bulletin_occasion_of(id);
  if (id.empty() || !occasion) return resent;
  resent.is_known = true;
  const auto current = in_force();
  const auto& entries = current->config->entries;
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const BulletinEntry& one) {
    return one.name == occasion->name;
  });
  if (entry == entries.end()) return resent;
  std::map<std::pair<DeliveryChannel, std::string>, DeliveryRecord> newest;
  for (DeliveryRecord& one : store.bulletin_deliveries(id)) {
    newest[{one.channel, one.recipient}] = std::move(one);
  }
  std::vector<DeliveryRecord> copies;
  for (DeliveryRecord& copy : deliveries_of(*entry, id, clock_.now())) {
    if (!recipient.empty() && copy.recipient.find(recipient) == std::string::npos) continue;
    const auto last = newest.find({copy.channel, copy.recipient});
    if (last != newest.end()) {
      const DeliveryState state = last->second.state;
      const bool is_under_way = state == DeliveryState::pending || state == DeliveryState::sending;
      if (is_under_way || (state == DeliveryState::sent && !everyone)) {
        ++resent.had_it;
        continue;
      }
      copy.copy = last->second.copy + 1;
    }
    resent.recipients.push_back(copy.recipient);
    copies.push_back(std::move(copy));
  }
  if (!copies.empty()) keep(store_, {{}, copies});
  courier_.enqueue(std::move(copies));
  return resent;
}

}  // namespace districtd

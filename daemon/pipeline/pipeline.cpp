#include "daemon/pipeline/pipeline.h"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>
#include <boost/asio/post.hpp>

#include "base/heartbeat.h"
#include "base/json_writer.h"
#include "daemon/intake/intake.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace asio = boost::asio;

namespace {

// Reading may run out of memory on a body that nobody could foresee; that is the body's end, not
// the daemon's.
Decoded decode_or_refuse(const Submission& submission, const Catalogue& catalogue, Date today,
                         const IntakeRules& rules) {
  try {
    return decode(submission, catalogue, today, rules.mapping_of(submission.department));
  } catch (const std::exception& e) {
    log_event(LogLevel::error, "decode_failed",
              "A submission could not be read and was refused: " + std::string{e.what()},
              {{"department", json_text(submission.department)},
               {"collector", json_text(submission.collector)},
               {"name", json_text(submission.name)},
               {"request", json_text(submission.request)}});
    Decoded refused;
    refused.outcome = Outcome::unreadable;
    refused.receipt.department = submission.department;
    refused.receipt.errors.push_back(
        {0, "", "", "too_large", "内容过大，无法读取；请拆成几个文件后重新报送。"});
    return refused;
  }
}

void fill(SubmissionResult& result, Appended& appended) {
  if (!appended.unavailable.empty()) {
    result.outcome = Outcome::unavailable;
    result.reason = appended.unavailable;
    return;
  }
  result.outcome = appended.outcome;
  result.is_repeat = appended.is_repeat;
  result.receipt = std::move(appended.receipt);
}

}  // namespace

Pipeline::Pipeline(asio::io_context& io, asio::thread_pool& decoder, Store& store,
                   prometheus::Registry& registry, LoadedCatalogue catalogue, Readings readings,
                   DistrictClock clock)
    : io_(io),
      decoder_(decoder),
      store_(store),
      metrics_(registry),
      clock_(std::move(clock)),
      sources_(std::move(catalogue.sources)),
      rules_(std::make_shared<const IntakeRules>()),
      board_(
          std::make_unique<Board>(std::make_shared<const Catalogue>(std::move(catalogue.catalogue)),
                                  std::move(readings), clock_.today())),
      exposition_(std::make_unique<Exposition>(*board_)),
      deviations_(store.judged(), [&store](std::vector<Judged> judged) {
        store.record_judged(std::move(judged));
      }) {}

void Pipeline::start() {
  store_.record_catalogue(std::move(sources_));
  sources_ = {};
  deviations_.compare_all(*board_);
  deviations_.summarise(*board_);
}

void Pipeline::submit(Submission submission, Done done) {
  ++in_flight_;
  auto catalogue = board_->shared_catalogue();
  const Date today = clock_.today();
  // Unpacking a workbook takes long however small it is.
  const bool is_small =
      submission.body.size() <= kInlineBytes && !submission.body.starts_with("PK");
  if (is_small) {
    Decoded decoded = decode_or_refuse(submission, *catalogue, today, *rules_);
    append(std::move(submission), std::move(decoded), std::move(catalogue), std::move(done));
    return;
  }
  asio::post(decoder_, [this, submission = std::move(submission), catalogue = std::move(catalogue),
                        rules = rules_, done = std::move(done), today]() mutable {
    const Busy busy("reads a submission");
    Decoded decoded = decode_or_refuse(submission, *catalogue, today, *rules);
    append(std::move(submission), std::move(decoded), std::move(catalogue), std::move(done));
  });
}

void Pipeline::refused(const std::string& collector, const Receipt& receipt) {
  SubmissionResult result;
  result.outcome = Outcome::refused;
  result.receipt = receipt;
  metrics_.count(collector, receipt.department, result);
}

void Pipeline::close_delivery(const std::string& collector, const std::string& department,
                              const std::string& key) {
  store_.close_delivery(collector, department, key);
}

void Pipeline::append(Submission submission, Decoded decoded,
                      std::shared_ptr<const Catalogue> catalogue, Done done) {
  SubmissionResult result;
  result.outcome = decoded.outcome;
  result.receipt.department = submission.department;
  SubmissionOrigin origin{submission.collector, submission.name, submission.request};
  const Oddities hold = hold_.load();
  store_.append(
      {std::move(submission), std::move(decoded), std::move(catalogue), hold},
      [this, &io = io_, result = std::move(result), origin = std::move(origin),
       done = std::move(done)](Appended appended) mutable {
        // The store may still commit while the pipeline is gone; the event loop outlives
        // both.
        asio::post(io, [this, appended = std::move(appended), result = std::move(result),
                        origin = std::move(origin), done = std::move(done)]() mutable {
          fill(result, appended);
          log_submission(origin, result);
          const Time reported_at = result.receipt.received_at;
          committed(
              {std::move(appended.changes), {}, reported_at, std::move(result), std::move(done)},
              origin);
        });
      });
}

void Pipeline::committed(Applying applying, const SubmissionOrigin& origin) {
  const SubmissionResult& result = applying.result;
  metrics_.count(origin.collector, result.receipt.department, result);
  if (result.receipt.flagged > 0 && !result.is_repeat) log_flags(result.receipt, origin.request);
  const bool is_first = applying_.empty();
  applying_.push_back(std::move(applying));
  if (is_first) apply_next();
}

void Pipeline::show_months(bool shown) {
  if (shown == shows_months_) return;
  shows_months_ = shown;
  exposition_ = std::make_unique<Exposition>(*board_, shows_months_);
}

void Pipeline::set_rules(IntakeRules rules) {
  hold_ = rules.hold;
  rules_ = std::make_shared<const IntakeRules>(std::move(rules));
}

void Pipeline::decide(const std::string& submission, bool confirmed, const std::string& by,
                      std::function<void(DecisionAnswer)> done) {
  ++in_flight_;
  Decision decision{submission, confirmed, by, board_->shared_catalogue()};
  store_.decide(decision,
                [this, &io = io_, decision, done = std::move(done)](DecisionResult became) mutable {
                  asio::post(io, [this, became = std::move(became), decision = std::move(decision),
                                  done = std::move(done)]() mutable {
                    answer_decision(std::move(became), decision, std::move(done));
                  });
                });
}

void Pipeline::answer_decision(DecisionResult became, const Decision& decision,
                               std::function<void(DecisionAnswer)> done) {
  if (const auto* const why_not = std::get_if<Undecided>(&became)) {
    --in_flight_;
    return done(*why_not);
  }
  const char* const collector = decision.confirmed ? "confirm" : "reject";
  Applying applying;
  applying.done = [done = std::move(done)](SubmissionResult result) { done(std::move(result)); };
  if (auto* const unavailable = std::get_if<Unavailable>(&became)) {
    applying.result.outcome = Outcome::unavailable;
    applying.result.reason = std::move(unavailable->sentence);
  } else {
    auto& decided = std::get<Decided>(became);
    applying.result.outcome = Outcome::taken;
    applying.result.receipt = std::move(decided.receipt);
    applying.changes = std::move(decided.changes);
    applying.departed = std::move(decided.departed);
    applying.reported_at = decided.held_since;
    log_event(
        LogLevel::info, "held_rows_decided",
        "报送 " + decision.submission + " 中暂存的数据已" + (decision.confirmed ? "确认" : "退回"),
        {{"submission", json_text(decision.submission)},
         {"decision", json_text(collector)},
         {"by", json_text(decision.by)},
         {"rows", std::to_string(applying.result.receipt.rows)}});
  }
  committed(std::move(applying), {collector, decision.by, ""});
}

const ColumnMapping& IntakeRules::mapping_of(std::string_view department) const {
  for (const ColumnMapping& mapping : mappings) {
    if (mapping.department == department) return mapping;
  }
  return kNoMapping;
}

// What is applied in slices keeps its place in the queue, so that a later commit never yields to an
// earlier one.
void Pipeline::apply_next() {
  while (!applying_.empty()) {
    if (!apply_slice(applying_.front())) {
      asio::post(io_, [this] { apply_next(); });
      return;
    }
    Applying whole = std::move(applying_.front());
    applying_.pop_front();
    finish(std::move(whole));
  }
}

bool Pipeline::apply_slice(Applying& applying) {
  Changes& changes = applying.changes;
  std::vector<Catalogue::Index> changed;
  if (applying.next == 0) {
    const Date reported_on = clock_.date_at(applying.reported_at);
    for (ReportedReading& reading : changes.readings) reading.reported_on = reported_on;
    for (auto& [id, reading] : applying.departed) {
      reading.reported_on = reported_on;
      record(id, {&reading, 1}, changed);
    }
  }
  const std::size_t end = applying.next_reading + kSlice;
  while (applying.next < changes.targets.size() && applying.next_reading < end) {
    const Changes::OfTarget& change = changes.targets[applying.next];
    apply(applying, change, changed);
    applying.next_reading += change.readings;
    ++applying.next;
  }
  deviations_.compare(*board_, changed, applying.result.receipt.submission);
  return applying.next == changes.targets.size();
}

// A reload may have changed the catalogue since the submission was read.
void Pipeline::apply(const Applying& applying, const Changes::OfTarget& change,
                     std::vector<Catalogue::Index>& changed) {
  const Changes& changes = applying.changes;
  const auto readings = std::span(changes.readings).subspan(applying.next_reading, change.readings);
  if (changes.catalogue == board_->shared_catalogue()) {
    record(change.target, readings, changed);
  } else {
    record((*changes.catalogue)[change.target].id, readings, changed);
  }
}

void Pipeline::record(Catalogue::Index target, std::span<const ReportedReading> readings,
                      std::vector<Catalogue::Index>& changed) {
  const bool is_changed = board_->record(target, readings);
  exposition_->touch(target);  // also the months before the newest value are shown
  if (is_changed) changed.push_back(target);
}

void Pipeline::record(std::string_view id, std::span<const ReportedReading> readings,
                      std::vector<Catalogue::Index>& changed) {
  const auto target = board_->catalogue().find_id(id);
  if (target) return record(*target, readings, changed);
  board_->record_unknown(id, readings);
}

void Pipeline::finish(Applying applying) {
  --in_flight_;
  applying.done(std::move(applying.result));
}

void Pipeline::adopt(LoadedCatalogue catalogue) {
  store_.record_catalogue(std::move(catalogue.sources));
  auto board =
      std::make_unique<Board>(std::make_shared<const Catalogue>(std::move(catalogue.catalogue)),
                              std::move(*board_).take_readings(), clock_.today());
  // A reload may come before anyone has looked at the new date.
  const bool is_new_day = board->today() != board_->today();
  exposition_.reset();
  board_ = std::move(board);
  exposition_ = std::make_unique<Exposition>(*board_, shows_months_);
  deviations_.compare_all(*board_);
  if (is_new_day) deviations_.summarise(*board_);
}

void Pipeline::advance_to_today() {
  const Date today = clock_.today();
  if (today == board_->today()) return;
  const auto changed = board_->advance_to(today);
  exposition_->touch_all();  // the year whose months are shown can be another
  deviations_.compare(*board_, changed, "");
  deviations_.summarise(*board_);
}

}  // namespace districtd

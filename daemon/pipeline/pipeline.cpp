#include "daemon/pipeline/pipeline.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <boost/asio/post.hpp>

#include "base/heartbeat.h"
#include "base/json_writer.h"
#include "daemon/log/logging.h"
#include "daemon/pipeline/board_figures.h"
#include "daemon/pipeline/decode_submission.h"

namespace districtd {

namespace asio = boost::asio;

namespace {

// What the store has from a clock that was ahead had been reported by now.
Readings reported_by(Readings readings, Date today) {
  readings.reported_by(today);
  return readings;
}

constexpr Unread kStoreSilent{
    "数据库长时间没有答复，这次报送没有保存；请稍后重新报送，仍不成功请联系管理员检查数据库所在的磁"
    "盘"};

void fill(SubmissionResult& result, Appended& appended) {
  if (!appended.unavailable.empty()) {
    result.outcome = Outcome::unavailable;
    result.reason = appended.unavailable;
    return;
  }
  result.outcome = appended.outcome;
  result.is_repeat = appended.is_repeat;
  result.receipt = std::move(appended.receipt);
  result.rows_read = std::move(appended.rows_read);
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
      programmes_(std::move(catalogue.programmes)),
      rules_(std::make_shared<const IntakeRules>()),
      board_(std::make_unique<Board>(
          std::make_shared<const Catalogue>(std::move(catalogue.catalogue)),
          reported_by(std::move(readings), clock_.today()), clock_.today())),
      exposition_(std::make_unique<Exposition>(*board_)),
      deviations_(store.judged(), [&store](std::vector<Judged> judged) {
        store.record_judged(std::move(judged));
      }) {}

void Pipeline::start() {
  is_held_ = must_summarise_ = true;
  advance_to_today();
}

void Pipeline::submit(Submission submission, Done done) {
  ++in_flight_;
  // Whoever was told that it is unknown sends the same again: a queue that does not move would grow
  // without end.
  if (due_.has_given_up()) return turn_back(std::move(submission), kStoreSilent, std::move(done));
  auto catalogue = board_->shared_catalogue();
  const IntakeDay day = intake_day(clock_);
  // Unpacking a workbook takes long however small it is.
  const bool is_small =
      submission.body.size() <= kInlineBytes && !submission.body.starts_with("PK");
  if (is_small) {
    read(std::move(submission), std::move(catalogue), day, *rules_, BoardFigures(*board_),
         std::move(done));
    return;
  }
  asio::post(
      decoder_, [this, submission = std::move(submission), catalogue = std::move(catalogue),
                 rules = rules_, done = std::move(done), day,
                 figures = std::make_unique<const CopiedFigures>(*board_, day.today)]() mutable {
        const Busy busy("reads a submission");
        read(std::move(submission), std::move(catalogue), day, *rules, *figures, std::move(done));
      });
}

// On whichever thread reads it.
void Pipeline::read(Submission submission, std::shared_ptr<const Catalogue> catalogue,
                    const IntakeDay& day, const IntakeRules& rules, const KnownFigures& figures,
                    Done done) {
  auto decoded = decode_submission(submission, *catalogue, day,
                                   rules.mapping_of(submission.department), figures);
  if (decoded) {
    append(std::move(submission), *std::move(decoded), std::move(catalogue), std::move(done));
    return;
  }
  turn_back(std::move(submission), decoded.error(), std::move(done));
}

// Nothing is kept of it.
void Pipeline::turn_back(Submission submission, Unread why, Done done) {
  submission.body = std::string();  // room for what has to be said
  SubmissionOrigin origin{submission.collector, submission.name, submission.request,
                          submission.is_dry_run};
  asio::post(io_, [this, department = std::move(submission.department), origin = std::move(origin),
                   why, done = std::move(done)]() mutable {
    SubmissionResult result;
    result.receipt.department = std::move(department);
    result.reason = why.sentence;
    if (!origin.is_dry_run) log_submission(origin, result);
    committed({{}, {}, {}, std::move(result), std::move(done)}, origin);
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
  const std::uint64_t number =
      due_.add({std::move(done),
                {submission.collector, submission.name, submission.request, submission.is_dry_run},
                submission.department,
                steady_now()});
  SubmissionOrigin origin{submission.collector, submission.name, submission.request,
                          submission.is_dry_run};
  const Oddities hold = hold_.load();
  const Oddities explain = explain_.load();
  store_.append({std::move(submission), std::move(decoded), std::move(catalogue), hold, explain},
                [this, &io = io_, number, result = std::move(result),
                 origin = std::move(origin)](Appended appended) mutable {
                  // The store may still commit while the pipeline is gone; the event loop outlives
                  // both.
                  asio::post(
                      io, [this, number, appended = std::move(appended), result = std::move(result),
                           origin = std::move(origin)]() mutable {
                        fill(result, appended);
                        if (!origin.is_dry_run) log_submission(origin, result);
                        const Time reported_at = result.receipt.received_at;
                        AnswerDue due = due_.take(number);
                        // Of one that was given up only the board is told.
                        if (due.is_given_up) due.done = [](const SubmissionResult&) {};
                        committed({std::move(appended.changes),
                                   {},
                                   reported_at,
                                   std::move(result),
                                   std::move(due.done)},
                                  origin);
                      });
                });
}

void Pipeline::answer_overdue() {
  for (AnswerDue& due : due_.give_up(steady_now() - kAnswerWithin)) {
    SubmissionResult result;
    result.receipt.department = due.department;
    result.reason = "数据库 " + std::to_string(kAnswerWithin.count()) +
                    " 秒没有答复，这次报送是否已保存还不清楚；请稍后用同一个 Idempotency-Key "
                    "原样重新报送，已保存的不会重复入库";
    if (due.origin.is_dry_run) {
      result.reason = "数据库 " + std::to_string(kAnswerWithin.count()) +
                      " 秒没有答复，试报没有结果，没有保存任何数据；请稍后再试";
    }
    log_event(
        LogLevel::error, "store_silent",
        "The store has not answered a submission for " + std::to_string(kAnswerWithin.count()) +
            " s; whether it was kept is unknown, and its sender was told so: look at the disk",
        {{"department", json_text(due.department)},
         {"collector", json_text(due.origin.collector)},
         {"name", json_text(due.origin.name)},
         {"request", json_text(due.origin.request)}});
    due.done(std::move(result));
  }
}

void Pipeline::committed(Applying applying, const SubmissionOrigin& origin) {
  const SubmissionResult& result = applying.result;
  if (!origin.is_dry_run) metrics_.count(origin.collector, result.receipt.department, result);
  if (result.receipt.flagged > 0 && !result.is_repeat && !origin.is_dry_run)
    log_flags(result.receipt, origin.request);
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
  explain_ = rules.explain;
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
    // What a clock that was ahead has stamped, such as a row that waited since, was reported by
    // now.
    const Date reported_on = std::min(clock_.date_at(applying.reported_at), clock_.today());
    for (ReportedReading& reading : changes.readings) reading.reported_on = reported_on;
    for (auto& [key, reading] : applying.departed) {
      reading.reported_on = reported_on;
      record(key, {&reading, 1}, changed);
    }
  }
  const std::size_t end = applying.next_reading + kSlice;
  while (applying.next < changes.targets.size() && applying.next_reading < end) {
    const Changes::OfTarget& change = changes.targets[applying.next];
    apply(applying, change, changed);
    applying.next_reading += change.readings;
    ++applying.next;
  }
  for (const Catalogue::Index sum : board_->add_up()) {
    exposition_->touch(sum);
    changed.push_back(sum);
  }
  say(changed, applying.result.receipt.submission);
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
    record((*changes.catalogue)[change.target].key, readings, changed);
  }
}

void Pipeline::record(Catalogue::Index target, std::span<const ReportedReading> readings,
                      std::vector<Catalogue::Index>& changed) {
  const bool is_changed = board_->record(target, readings);
  exposition_->touch(target);  // also the months before the newest value are shown
  if (is_changed) changed.push_back(target);
}

void Pipeline::record(std::string_view key, std::span<const ReportedReading> readings,
                      std::vector<Catalogue::Index>& changed) {
  const auto target = board_->catalogue().find_key(key);
  if (target) return record(*target, readings, changed);
  board_->record_unknown(key, readings);
}

void Pipeline::finish(Applying applying) {
  --in_flight_;
  applying.done(std::move(applying.result));
}

void Pipeline::adopt(LoadedCatalogue catalogue, Reopened reopened) {
  sources_ = std::move(catalogue.sources);
  programmes_ = std::move(catalogue.programmes);
  const KnownTime now = clock_.known();
  // A reload may come before anyone has looked at the new date.
  const Date today = now.is_credible() ? clock_.date_at(now.time) : board_->today();
  if (today != board_->today()) must_summarise_ = true;
  Readings readings = std::move(*board_).take_readings();
  for (const ClosedProgramme& closed : catalogue.catalogue.closed()) {
    const std::string& id = closed.programme.id;
    const bool was_here = board_->catalogue().find_programme(id).has_value();
    if (was_here && closed.programme.is_settled(today)) readings.forget_programme(id);
  }
  readings.merge(std::move(reopened.readings));
  deviations_.know(std::move(reopened.judged));
  if (today < board_->today()) readings.reported_by(today);
  auto board =
      std::make_unique<Board>(std::make_shared<const Catalogue>(std::move(catalogue.catalogue)),
                              std::move(readings), today);
  exposition_.reset();
  board_ = std::move(board);
  exposition_ = std::make_unique<Exposition>(*board_, shows_months_);
  is_held_ = true;
  advance_to_today();
}

void Pipeline::advance_to_today() {
  const KnownTime now = clock_.known();
  if (!now.is_credible()) {
    is_held_ = true;
    return;
  }
  deviations_.write_unsaid(*board_);
  const Date today = clock_.date_at(now.time);
  std::vector<Catalogue::Index> changed;
  if (today != board_->today()) {
    changed = board_->advance_to(today);
    exposition_->touch_all();  // the year whose months are shown can be another
    must_summarise_ = true;
  }
  if (is_held_) say_what_was_held();
  deviations_.compare(*board_, changed, "");
  if (std::exchange(must_summarise_, false)) deviations_.summarise(*board_);
}

void Pipeline::say(const std::vector<Catalogue::Index>& changed, const std::string& submission) {
  if (!is_held_ && !clock_.known().is_credible()) is_held_ = true;
  if (!is_held_) return deviations_.compare(*board_, changed, submission);
  for (const Catalogue::Index target : changed) {
    held_.insert_or_assign(board_->catalogue()[target].key, submission);
  }
}

void Pipeline::say_what_was_held() {
  is_held_ = false;
  if (!sources_.empty())
    store_.record_catalogue(std::exchange(sources_, {}), std::move(programmes_));
  std::map<std::string, std::vector<Catalogue::Index>> by_submission;
  for (const auto& [key, submission] : std::exchange(held_, {})) {
    if (const auto target = board_->catalogue().find_key(key)) {
      by_submission[submission].push_back(*target);
    }
  }
  for (const auto& [submission, targets] : by_submission) {
    deviations_.compare(*board_, targets, submission);
  }
  deviations_.compare_all(*board_);
}

}  // namespace districtd

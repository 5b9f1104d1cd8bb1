#include "daemon/deviations/deviation_log.h"

#include <numeric>
#include <utility>

#include "base/json_writer.h"
#include "base/ports/clock.h"

namespace districtd {
namespace {

// The word that the store keeps for a target that is not in force.
constexpr std::string_view kWithdrawn = "withdrawn";

// What a record about the target compares itself with the next time.
Judged judged_as(const Target& target, const Assessment& now) {
  return {.target = target.key,
          .status = std::string(now.in_force ? to_string(now.announced) : kWithdrawn),
          .report_overdue = now.report_overdue,
          .periods_behind = now.periods_behind,
          .reports_missing = now.reports_missing};
}

bool is_red(std::string_view status) {
  const auto known = parse_status(status);
  return known && light_of(*known) == Light::red;
}

// Whether it was written; `is_late` where the change was seen at another time than now.
bool is_written(const DeviationRecord& record, Time seen_at, bool is_late) {
  if (!is_late) return write_event(record.level, record.event, record.message, record.fields);
  auto fields = record.fields;
  fields.emplace_back("seen_at", json_text(to_rfc3339(seen_at)));
  return write_event(record.level, record.event, record.message, fields);
}

}  // namespace

DeviationLog::DeviationLog(std::unordered_map<std::string, Judged> last, Persist persist)
    : last_(std::move(last)), persist_(std::move(persist)) {}

void DeviationLog::begin_call() {
  ++call_;
  is_refused_ = false;
  if (!unsaid_.empty()) write_in_order();
}

void DeviationLog::end_call() {
  if (!said_.empty()) persist_(std::exchange(said_, {}));
}

void DeviationLog::say(std::optional<DeviationRecord> record, std::optional<Judged> judged) {
  unsaid_.push_back({std::move(record), std::move(judged), now(), call_});
  if (!is_refused_) write_in_order();
}

void DeviationLog::write_in_order() {
  while (!unsaid_.empty()) {
    Unsaid& first = unsaid_.front();
    if (first.record && !is_written(*first.record, first.seen_at, first.call != call_)) {
      is_refused_ = true;
      return;
    }
    if (first.judged) {
      const bool is_again = !said_.empty() && said_.back().target == first.judged->target;
      if (is_again) said_.pop_back();  // a report that arrived, and then the light
      said_.push_back(*std::move(first.judged));
    }
    unsaid_.pop_front();
  }
}

void DeviationLog::write_unsaid(const Board& board) {
  if (unsaid_.empty() && !has_left_out_) return;
  begin_call();
  end_call();
  if (!unsaid_.empty() || !std::exchange(has_left_out_, false)) return;
  compare_all(board);
}

void DeviationLog::compare(const Board& board, const std::vector<Catalogue::Index>& targets,
                           std::string_view submission) {
  begin_call();
  for (const auto index : targets) compare_one(board, index, submission);
  end_call();
}

void DeviationLog::compare_one(const Board& board, Catalogue::Index index,
                               std::string_view submission) {
  const Catalogue& catalogue = board.catalogue();
  const Target& target = catalogue[index];
  const Assessment& now = board[index];
  // What is settled, or has not begun, is over or to come, which is no change of the target.
  if (!board.is_open(target.programme)) return;
  const Judged unknown{.target = target.key, .status = std::string(to_string(Status::no_data))};
  const auto found = last_.find(target.key);
  if (found == last_.end() && !now.in_force) return;
  Judged before = found != last_.end() ? found->second : unknown;
  const Judged judged = judged_as(target, now);
  // A count of 0 under a red light is of a store that did not count yet: nothing is news.
  before.target = judged.target;
  if (judged == before) return;
  if (unsaid_.size() >= kMostUnsaid) {
    has_left_out_ = true;
    return;
  }
  last_.insert_or_assign(target.key, judged);

  if (!now.in_force) return say(withdrawn_record(catalogue, target, board.today()), judged);
  if (before.status == kWithdrawn) before = unknown;
  if (judged.report_overdue != before.report_overdue ||
      (before.reports_missing > 0 && judged.reports_missing > before.reports_missing)) {
    Judged said = before;
    said.report_overdue = judged.report_overdue;
    said.reports_missing = judged.reports_missing;
    say(report_change_record(board, target, now, submission), std::move(said));
  }
  if (judged.status != before.status) {
    say(status_changed_record(catalogue, target, board.today(), before.status, now, submission),
        judged);
  } else if (is_red(judged.status) && before.periods_behind > 0 &&
             judged.periods_behind > before.periods_behind) {
    say(still_behind_record(catalogue, target, board.today(), now, submission), judged);
  } else {
    say(std::nullopt, judged);
  }
}

void DeviationLog::compare_all(const Board& board, std::string_view submission) {
  std::vector<Catalogue::Index> all(board.catalogue().targets().size());
  std::iota(all.begin(), all.end(), 0);
  compare(board, all, submission);
}

void DeviationLog::summarise(const Board& board) {
  begin_call();
  for (std::uint32_t p = 0; p < board.catalogue().programmes().size(); ++p) {
    if (!board.is_open(p) || unsaid_.size() >= kMostUnsaid) continue;
    say(daily_summary_record(board, p), std::nullopt);
  }
  end_call();
}

}  // namespace districtd

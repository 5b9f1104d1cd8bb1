#include "daemon/pipeline/pipeline.h"

#include <algorithm>
#include <utility>
#include <boost/asio/post.hpp>

#include "daemon/intake/intake.h"
#include "daemon/log/logging.h"
#include "daemon/store/submission_id.h"

namespace districtd {

namespace asio = boost::asio;

namespace {

// Reading may run out of memory on a body that nobody could foresee; that is the body's end, not
// the daemon's.
Decoded decode_or_refuse(const Submission& submission, const Catalogue& catalogue, Date today) {
  try {
    return decode(submission, catalogue, today);
  } catch (const std::exception& e) {
    log_event(LogLevel::error, "decode_failed",
              "A submission could not be read and was refused: " + std::string{e.what()},
              {{"department", json_text(submission.department)},
               {"collector", json_text(submission.collector)},
               {"name", json_text(submission.name)}});
    Decoded refused;
    refused.outcome = Outcome::unreadable;
    refused.receipt.department = submission.department;
    refused.receipt.errors.push_back(
        {0, "", "", "too_large", "内容过大，无法读取；请拆成几个文件后重新报送。"});
    return refused;
  }
}

}  // namespace

Pipeline::Pipeline(asio::io_context& io, asio::thread_pool& decoder, Store& store,
                   DaemonMetrics& metrics, std::shared_ptr<const Catalogue> catalogue,
                   DistrictClock clock)
    : io_(io),
      decoder_(decoder),
      store_(store),
      metrics_(metrics),
      clock_(clock),
      board_(judge_all(std::move(catalogue))),
      exposition_(std::make_unique<Exposition>(*board_)),
      deviations_(store.judged(), [&store](std::vector<Judged> judged) {
        store.record_judged(std::move(judged));
      }) {}

void Pipeline::start() {
  deviations_.compare_all(*board_);
  deviations_.summarise(*board_);
}

std::unique_ptr<Board> Pipeline::judge_all(std::shared_ptr<const Catalogue> catalogue) {
  const auto stored = store_.newest();
  std::vector<std::optional<Reading>> newest(catalogue->targets().size());
  for (Catalogue::Index i = 0; i < newest.size(); ++i) {
    const auto found = stored.find((*catalogue)[i].id);
    if (found == stored.end()) continue;
    newest[i] = found->second.reading;
    judged_through_ =
        std::max(judged_through_, submission_seq(found->second.submission).value_or(0));
  }
  return std::make_unique<Board>(std::move(catalogue), std::move(newest), clock_.today());
}

void Pipeline::submit(Submission submission, Done done) {
  ++in_flight_;
  auto catalogue = board_->shared_catalogue();
  const Date today = clock_.today();
  if (submission.body.size() <= kInlineBytes) {
    Decoded decoded = decode_or_refuse(submission, *catalogue, today);
    append(std::move(submission), std::move(decoded), std::move(catalogue), std::move(done));
    return;
  }
  asio::post(decoder_, [this, submission = std::move(submission), catalogue = std::move(catalogue),
                        done = std::move(done), today]() mutable {
    Decoded decoded = decode_or_refuse(submission, *catalogue, today);
    append(std::move(submission), std::move(decoded), std::move(catalogue), std::move(done));
  });
}

void Pipeline::append(Submission submission, Decoded decoded,
                      std::shared_ptr<const Catalogue> catalogue, Done done) {
  SubmissionResult result;
  result.outcome = decoded.outcome;
  result.receipt.department = submission.department;
  std::string collector = submission.collector;
  store_.append(
      {std::move(submission), std::move(decoded), std::move(catalogue)},
      [this, &io = io_, result = std::move(result), collector = std::move(collector),
       done = std::move(done)](Appended appended) mutable {
        // The store may still commit while the pipeline is gone; the event loop outlives both.
        asio::post(io, [this, appended = std::move(appended), result = std::move(result),
                        collector = std::move(collector), done = std::move(done)]() mutable {
          if (!appended.unavailable.empty()) {
            result.outcome = Outcome::unavailable;
            result.reason = appended.unavailable;
          } else {
            result.receipt = std::move(appended.receipt);
          }
          metrics_.count(collector, result.receipt.department, result);
          const bool is_first = applying_.empty();
          applying_.push_back({std::move(appended), std::move(result), std::move(done), 0});
          if (is_first) apply_next();
        });
      });
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
  const Appended& appended = applying.appended;
  const auto seq = submission_seq(applying.result.receipt.submission);
  // Committed before the last reload looked into the store: the board has it, or a later one.
  if (seq && *seq <= judged_through_) return true;
  const std::size_t end = std::min(appended.changed.size(), applying.next + kSlice);
  const bool is_current = appended.catalogue == board_->shared_catalogue();
  std::vector<Catalogue::Index> changed;
  for (; applying.next < end; ++applying.next) {
    const Appended::Changed& change = appended.changed[applying.next];
    const auto target = is_current
                            ? std::optional{change.target}
                            : board_->catalogue().find_id((*appended.catalogue)[change.target].id);
    if (!target || !board_->set_newest(*target, change.newest)) continue;
    exposition_->touch(*target);
    changed.push_back(*target);
  }
  deviations_.compare(*board_, changed, applying.result.receipt.submission);
  return applying.next == appended.changed.size();
}

void Pipeline::finish(Applying applying) {
  --in_flight_;
  applying.done(std::move(applying.result));
}

void Pipeline::adopt(std::shared_ptr<const Catalogue> catalogue) {
  auto board = judge_all(std::move(catalogue));
  // A reload may come before anyone has looked at the new date.
  const bool is_new_day = board->today() != board_->today();
  exposition_.reset();
  board_ = std::move(board);
  exposition_ = std::make_unique<Exposition>(*board_);
  deviations_.compare_all(*board_);
  if (is_new_day) deviations_.summarise(*board_);
}

void Pipeline::look_at_the_date() {
  const Date today = clock_.today();
  if (today == board_->today()) return;
  const auto changed = board_->advance_to(today);
  for (const Catalogue::Index target : changed) exposition_->touch(target);
  deviations_.compare(*board_, changed, "");
  deviations_.summarise(*board_);
}

}  // namespace districtd

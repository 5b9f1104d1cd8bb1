#include "daemon/pipeline/pipeline.h"

#include <algorithm>
#include <utility>
#include <boost/asio/post.hpp>

#include "daemon/intake/intake.h"

namespace districtd {

namespace asio = boost::asio;

Pipeline::Pipeline(asio::io_context& io, asio::thread_pool& workers, Store& store,
                   DaemonMetrics& metrics, std::shared_ptr<const Catalogue> catalogue,
                   DistrictClock clock)
    : io_(io),
      workers_(workers),
      store_(store),
      metrics_(metrics),
      clock_(clock),
      board_(judge_all(std::move(catalogue))),
      exposition_(std::make_unique<Exposition>(*board_)),
      deviations_(store.judged(), [&store](std::vector<Judged> judged) {
        store.record_judged(std::move(judged));
      }) {
  deviations_.compare_all(*board_);
  deviations_.summarise(*board_);
}

std::unique_ptr<Board> Pipeline::judge_all(std::shared_ptr<const Catalogue> catalogue) const {
  const auto stored = store_.newest();
  std::vector<std::optional<Reading>> newest(catalogue->targets().size());
  for (Catalogue::Index i = 0; i < newest.size(); ++i) {
    const auto found = stored.find((*catalogue)[i].id);
    if (found != stored.end()) newest[i] = found->second.reading;
  }
  return std::make_unique<Board>(std::move(catalogue), std::move(newest), clock_.today());
}

void Pipeline::submit(Submission submission, Done done) {
  ++in_flight_;
  auto catalogue = board_->shared_catalogue();
  const Date today = clock_.today();
  if (submission.body.size() <= kInlineBytes) {
    Decoded decoded = decode(submission, *catalogue, today);
    append(std::move(submission), std::move(decoded), std::move(catalogue), std::move(done));
    return;
  }
  asio::post(workers_, [this, submission = std::move(submission), catalogue = std::move(catalogue),
                        done = std::move(done), today]() mutable {
    Decoded decoded = decode(submission, *catalogue, today);
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
      [this, result = std::move(result), collector = std::move(collector),
       done = std::move(done)](Appended appended) mutable {
        asio::post(io_, [this, appended = std::move(appended), result = std::move(result),
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

// The way of the data through the daemon: Submission -> Intake -> Store -> Board -> exposition and
// deviation log.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "collectors/submission.h"
#include "daemon/config/catalogue_file.h"
#include "daemon/config/district_clock.h"
#include "daemon/deviations/deviation_log.h"
#include "daemon/domain/board.h"
#include "daemon/exporter/exposition.h"
#include "daemon/pipeline/answers_due.h"
#include "daemon/pipeline/decode_submission.h"
#include "daemon/pipeline/submission_log.h"
#include "daemon/pipeline/submission_metrics.h"
#include "daemon/store/append.h"
#include "daemon/store/store.h"

namespace districtd {

// What the store knows of programmes that were settled, and so not in memory, and are open again
// because the office has moved the day.
struct Reopened {
  Readings readings;
  std::unordered_map<std::string, Judged> judged;  // by target key
};

// How submissions are read: [intake] of the configuration.
struct IntakeRules {
  std::vector<ColumnMapping> mappings;  // at most one a department
  Oddities hold = 0;                    // a row with one of these waits to be confirmed
  Oddities explain = 0;                 // or, until it is sent with an explanation
  friend bool operator==(const IntakeRules&, const IntakeRules&) = default;
  // An empty one where the department has none.
  const ColumnMapping& mapping_of(std::string_view department) const;
};

// Owns the board and what is made from it: the exposition and the deviation log. It starts with the
// readings that the store has; from then on every commit is applied to the board.
//
// Threads: every public function is called on the event loop's thread, and calls back on it.
// - Bodies are decoded there up to kInlineBytes, larger ones and workbooks on `decoder`. Whichever
//   thread has decoded a submission hands it to the store.
// - The store's own thread commits, and posts what became of it to the event loop.
// - There commits are applied to the board in their order, about kSlice readings at a time, so that
//   scrapes are answered in between.
// `decoder` is joined before the pipeline ends.
class Pipeline : public SubmissionSink {
 public:
  static constexpr std::size_t kInlineBytes = 64U << 10;
  static constexpr std::size_t kSlice = 10'000;

  // The references outlive the pipeline.
  Pipeline(boost::asio::io_context& io, boost::asio::thread_pool& decoder, Store& store,
           prometheus::Registry& registry, LoadedCatalogue catalogue, Readings readings,
           DistrictClock clock);

  // To be called once, before anything is submitted. Records the catalogue's texts in the store,
  // and logs what has changed since the last run and how many targets have which light; as soon as
  // the clock is credible.
  void start();

  void submit(Submission submission, Done done) override;
  void refused(const std::string& collector, const Receipt& receipt) override;
  void close_delivery(const std::string& collector, const std::string& department,
                      const std::string& key) override;

  // How submissions are read from now on.
  void set_rules(IntakeRules rules);

  // Whether /metrics has the months of each target's year. It has them until this says otherwise.
  void show_months(bool shown);

  // The supervision office (督查室) confirms the rows of a submission that wait, or sends them
  // back; `by` is who did, for the record. `done` is called once, later, when the decision is on
  // disk and the board shows it: with the result, or with why there was nothing to decide.
  using DecisionAnswer = std::variant<SubmissionResult, Undecided>;
  void decide(const std::string& submission, bool confirmed, const std::string& by,
              std::function<void(DecisionAnswer)> done);

  // At a reload: judges the targets of the new catalogue, and records its texts in the store as
  // start() does. Submissions in flight that were read against the old one are applied by their
  // targets' keys. Figures of programmes that are settled are let go.
  void adopt(LoadedCatalogue catalogue, Reopened reopened = {});

  // To be called every few seconds. Where the date is another than the board's, every target is
  // judged as of the new one, and what changed and how things stand is logged. What could not be
  // logged before is logged.
  //
  // While the clock is not credible the board keeps its day: it takes figures, and is judged by
  // them. What would be logged is held until the clock is credible again.
  void advance_to_today();

  // To be called every few seconds. Whom the store has not answered for kAnswerWithin is told that
  // it is unknown whether his submission was kept. What the store says later still reaches the
  // board.
  static constexpr std::chrono::seconds kAnswerWithin{30};
  void answer_overdue();

  const Board& board() const { return *board_; }
  const DistrictClock& clock() const { return clock_; }

  // The text of the per-target families, to be sent as it is.
  std::vector<Exposition::Piece> render_metrics() { return exposition_->render(); }
  std::size_t series() const { return exposition_->series(); }

  // Submissions that were handed in and are not answered yet.
  std::size_t in_flight() const { return in_flight_; }

 private:
  // What is committed and on its way to the board.
  struct Applying {
    Changes changes;
    std::vector<std::pair<std::string, ReportedReading>> departed;  // as Decided::departed
    Time reported_at{};  // when the values of `changes` and `departed` were received
    SubmissionResult result;
    Done done;
    std::size_t next = 0;          // into changes.targets
    std::size_t next_reading = 0;  // into changes.readings
  };

  void read(Submission submission, std::shared_ptr<const Catalogue> catalogue, const IntakeDay& day,
            const IntakeRules& rules, const KnownFigures& figures, Done done);
  void turn_back(Submission submission, Unread why, Done done);
  void append(Submission submission, Decoded decoded, std::shared_ptr<const Catalogue> catalogue,
              Done done);
  void committed(Applying applying, const SubmissionOrigin& origin);
  void answer_decision(DecisionResult became, const Decision& decision,
                       std::function<void(DecisionAnswer)> done);
  // Logs what the submission changed, or keeps it to be logged.
  void say(const std::vector<Catalogue::Index>& changed, const std::string& submission);
  void say_what_was_held();
  void apply_next();
  bool apply_slice(Applying& applying);
  void finish(Applying applying);
  void apply(const Applying& applying, const Changes::OfTarget& change,
             std::vector<Catalogue::Index>& changed);
  void record(Catalogue::Index target, std::span<const ReportedReading> readings,
              std::vector<Catalogue::Index>& changed);
  void record(std::string_view key, std::span<const ReportedReading> readings,
              std::vector<Catalogue::Index>& changed);

  boost::asio::io_context& io_;
  boost::asio::thread_pool& decoder_;
  Store& store_;
  SubmissionMetrics metrics_;
  DistrictClock clock_;
  CatalogueSources sources_;           // of the board's catalogue, until they are recorded
  std::vector<Programme> programmes_;  // which the sources have
  bool is_held_ = false;               // what would be logged is kept
  bool must_summarise_ = false;        // the board has a day that was not summed up
  // The targets that changed meanwhile, by key, each with the submission that changed it last.
  std::unordered_map<std::string, std::string> held_;
  std::shared_ptr<const IntakeRules> rules_;  // shared with the decoder
  std::atomic<Oddities> hold_{0};             // of rules_; both threads that decode read it
  std::atomic<Oddities> explain_{0};          // likewise
  std::unique_ptr<Board> board_;
  bool shows_months_ = true;
  std::unique_ptr<Exposition> exposition_;
  DeviationLog deviations_;
  AnswersDue due_;
  std::deque<Applying> applying_;
  std::size_t in_flight_ = 0;
};

}  // namespace districtd

// The way of the data through the daemon: Submission -> Intake -> Store -> Board -> exposition and
// deviation log.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "collectors/submission.h"
#include "daemon/config/catalogue_file.h"
#include "daemon/config/district_clock.h"
#include "daemon/deviations/deviation_log.h"
#include "daemon/domain/board.h"
#include "daemon/exporter/daemon_metrics.h"
#include "daemon/exporter/exposition.h"
#include "daemon/pipeline/submission_log.h"
#include "daemon/store/store.h"

namespace districtd {

// What the configuration says of taking in: [intake].
struct IntakeRules {
  std::vector<ColumnMapping> mappings;  // at most one a department
  Oddities hold = 0;                    // these wait to be confirmed
  friend bool operator==(const IntakeRules&, const IntakeRules&) = default;
  const ColumnMapping& mapping_of(std::string_view department) const;
};

// Owns the board and everything that follows it. What the store knows when the daemon starts comes
// in as readings; from then on the board follows the commits.
//
// Threads: all functions are called on the event loop's thread. Bodies of up to kInlineBytes are
// decoded there, larger ones on `decoder`; the store's thread commits; its answers come back to the
// event loop, where they are applied to the board in the order in which they were committed, at
// most about kSlice readings at a time so that scrapes are answered in between.
class Pipeline : public SubmissionSink {
 public:
  static constexpr std::size_t kInlineBytes = 64U << 10;
  static constexpr std::size_t kSlice = 10'000;

  // The references outlive the pipeline.
  Pipeline(boost::asio::io_context& io, boost::asio::thread_pool& decoder, Store& store,
           DaemonMetrics& metrics, LoadedCatalogue catalogue, Readings readings,
           DistrictClock clock);

  // Records the catalogue's texts, logs what changed while the daemon was not running, and how
  // things stand.
  void start();

  void submit(Submission submission, Done done) override;
  void refused(const std::string& collector, const Receipt& receipt) override;
  void close_delivery(const std::string& collector, const std::string& department,
                      const std::string& key) override;

  // How submissions are read from now on.
  void set_rules(IntakeRules rules);

  // Whether /metrics has the months of each target's year; it has them until told otherwise.
  void show_months(bool shown);

  // The supervision office confirms the rows of a submission that wait, or sends them back. `done`
  // is called later on the same thread; where nothing was decided `undecided` says why.
  struct Decided {
    SubmissionResult result;
    std::string undecided;  // the word of store/append.h's Undecided; "" where it was decided
  };
  void decide(const std::string& submission, bool confirmed, const std::string& by,
              std::function<void(Decided)> done);

  // A reload: judges the new catalogue, and records its texts in the store. Submissions in flight
  // that were read against the old one are applied by target id.
  void adopt(LoadedCatalogue catalogue);

  // To be called now and then: a new day is judged, logged and summed up.
  void look_at_the_date();

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

  void append(Submission submission, Decoded decoded, std::shared_ptr<const Catalogue> catalogue,
              Done done);
  void committed(Applying applying, const SubmissionOrigin& origin);
  void answer_decision(DecisionResult became, const Decision& decision,
                       std::function<void(Decided)> done);
  void apply_next();
  bool apply_slice(Applying& applying);
  void finish(Applying applying);
  void apply(const Applying& applying, const Changes::OfTarget& change,
             std::vector<Catalogue::Index>& changed);
  void record(Catalogue::Index target, std::span<const ReportedReading> readings,
              std::vector<Catalogue::Index>& changed);
  void record(std::string_view id, std::span<const ReportedReading> readings,
              std::vector<Catalogue::Index>& changed);

  boost::asio::io_context& io_;
  boost::asio::thread_pool& decoder_;
  Store& store_;
  DaemonMetrics& metrics_;
  DistrictClock clock_;
  CatalogueSources sources_;                  // of the board's catalogue, until they are recorded
  std::shared_ptr<const IntakeRules> rules_;  // shared with the decoder
  std::atomic<Oddities> hold_{0};             // of rules_, for the decoder's thread
  std::unique_ptr<Board> board_;
  bool shows_months_ = true;
  std::unique_ptr<Exposition> exposition_;
  DeviationLog deviations_;
  std::deque<Applying> applying_;
  std::size_t in_flight_ = 0;
};

}  // namespace districtd

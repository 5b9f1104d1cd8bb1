// The writer of the store: SQLite in WAL mode, append-only. docs/store.md describes the file.
// What it takes and answers is in append.h and records.h; reading is reader.h.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ports/clock.h"
#include "base/time.h"
#include "daemon/domain/known_time.h"
#include "daemon/store/append.h"
#include "daemon/store/programme_claims.h"
#include "daemon/store/records.h"
#include "daemon/store/statistics.h"
#include "daemon/store/text_budget.h"

namespace districtd {

// Makes submissions durable. One daemon at a time: a lock file beside the database names the
// process that holds it.
//
// Threads: every public function may be called from any thread. One thread of the store's own
// writes. It takes everything that is queued, commits it as one transaction with fsync (group
// commit), and then calls each `done` on that thread, in the order in which they were queued. A
// group that fails (disk full, I/O error) is rolled back whole; what still fails alone is answered
// as unavailable, and so is, on its caller's thread, what there is no memory to queue. The next
// append tries again.
class Store {
 public:
  using AppendDone = std::function<void(Appended)>;
  using DecisionDone = std::function<void(DecisionResult)>;

  // Creates the file and its folder where they are missing, migrates an older schema, refuses a
  // newer one. Throws StoreError.
  //
  // `clock` gives the time. The store's thread calls it for each time of receipt; the constructor
  // and record_catalogue() call it on the thread of their caller. It must therefore bear calls
  // from several threads at once. Submissions are ordered by their number; a time of receipt is
  // what the clock says where it is credible, earlier than the one before it too, and else what was
  // reckoned, with what the clock said beside it.
  //
  // `claims` is asked, before the constructor returns, where the file is of a time when targets
  // were known by their ids alone.
  explicit Store(const std::filesystem::path& path, const std::function<KnownTime()>& clock = now,
                 const ProgrammeClaims& claims = {});
  ~Store();  // commits what is queued, then closes
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // What is kept of what is appended from now on. By default as StoreLimits says, with days of UTC.
  void set_limits(StoreLimits limits);

  // Queues a submission. A dry run waits its turn like any other, and is then written by the same
  // code in a transaction of its own that is rolled back: nothing is kept, counted or used up.
  // Where its collector and department used its key before, nothing is
  // appended; see Appended::is_repeat.
  void append(Append append, AppendDone done);

  // Ends the delivery under this key: what is appended under it from now on is a new one. Committed
  // with the next group, or alone after about a second.
  void close_delivery(std::string_view collector, std::string_view department,
                      std::string_view key);

  // Queues a decision behind the submissions. It is committed like one, and has an id and a receipt
  // of its own. Held values for which something newer was sent meanwhile do not come to count.
  void decide(Decision decision, DecisionDone done);

  // Queued; committed with the next group, or at once where nothing else is queued. If that fails,
  // it is tried again with the next group and every few seconds.
  void record_judged(std::vector<Judged> judged);

  // Says that these texts, which have these programmes, are the catalogue from now on, by the clock
  // at the moment of the call. Nothing is written where the newest recorded catalogue has the same
  // texts. Committed with the next group, before anything that is appended later; tried again as
  // record_judged() is.
  void record_catalogue(CatalogueSources sources, std::vector<Programme> programmes = {});

  // When the newest submission was received or the newest catalogue adopted, as of the start;
  // nullopt where the file had neither. Whoever says whether the clock is credible asks this.
  std::optional<Time> newest_time_at_start() const;

  // To be called when the clock is believed again: writes, soon, by when all so far has been
  // received, where times of receipt do not say it.
  void look_at_clock();

  // Makes records of bulletins durable, in a transaction of their own, and then calls `done` on the
  // store's thread: with "", or with why nothing was kept (English). A record replaces the one with
  // the same key.
  void record_bulletins(BulletinRecords records, std::function<void(std::string failure)> done);

  // What the deviation log said last, by target key, as of the moment of the call; used at start.
  // What it said of programmes that were settled by the file's newest record was left there.
  std::unordered_map<std::string, Judged> judged() const;

  StoreStatistics statistics() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace districtd

// What makes things durable: SQLite in WAL mode, append-only. docs/store.md describes the file.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "daemon/domain/catalogue_source.h"
#include "daemon/domain/plausibility.h"
#include "daemon/domain/reading.h"
#include "daemon/intake/intake.h"

namespace districtd {

// The store could not be opened: what is wrong, where, and what to do. Held by another daemon: who.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One submission to be made durable.
struct Append {
  Submission submission;  // the body is not kept, only its size and SHA-256
  Decoded decoded;
  std::shared_ptr<const Catalogue> catalogue;  // which decoded.observations index; shared with the
                                               // board, which may move on while this waits
  Oddities hold = 0;  // a row with one of these waits to be confirmed instead of counting
};

// What the supervision office decides on the rows of a submission that wait.
struct Decision {
  std::string submission;  // id of the submission whose rows are held
  bool confirmed = false;  // they count from now on; else they never will
  std::string by;          // who decided: a peer address, for the record
  std::shared_ptr<const Catalogue> catalogue;
};

// What became of it. Where `unavailable` is set nothing was kept.
struct Appended {
  // The readings that count now and did not before; reported_on is not set, see
  // receipt.received_at.
  struct Changed {
    Catalogue::Index target;
    std::uint32_t readings;  // how many of `readings` are this target's, in order
  };
  Receipt receipt;                // complete
  std::vector<Changed> changed;   // each target once
  std::vector<Reading> readings;  // target by target, by as_of, one an as_of; kTakenBack too
  std::optional<Time> said_at;    // of a decision: when the held values had been received
  // Of a decision: the same of targets, by id, that are not in the catalogue any more.
  std::vector<std::pair<std::string, Reading>> strays;
  std::shared_ptr<const Catalogue> catalogue;
  std::string unavailable;  // Chinese, one sentence: "磁盘已满…"
  // Of a decision that could not be made: unknown_submission, nothing_held or already_decided.
  std::string undecided;
  Outcome outcome = Outcome::unavailable;  // of the decoding; of a decision taken
  // Its key was used before: `receipt` and `outcome` are those of the first one, or conflict where
  // that had another body. Nothing was appended.
  bool is_repeat = false;
};

// What the deviation log last said of a target, so that it says nothing twice across restarts.
struct Judged {
  std::string target;  // id
  std::string status;
  bool report_overdue = false;
  int periods_behind = 0;   // Assessment::periods_behind
  int reports_missing = 0;  // Assessment::reports_missing
  friend bool operator==(const Judged&, const Judged&) = default;
};

// The texts of the catalogue that was in force from `adopted_at` on.
struct StoredCatalogue {
  std::int64_t number = 0;  // from 1
  Time adopted_at{};
  CatalogueSources sources;
};

struct StoreStatistics {
  struct Waiting {
    std::string department;
    std::int64_t rows = 0;      // that wait to be confirmed
    std::optional<Time> since;  // when the first of them was received; empty where none waits
  };
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t submissions = 0;       // appended since the start; repeats are not
  std::uint64_t observations = 0;      // appended since the start
  double commit_seconds = 0;           // sum over commits
  std::uint64_t bytes = 0;             // of the database file and its WAL
  std::uint64_t available_bytes = 0;   // for this process, on the file system of the database
  std::uint64_t filesystem_bytes = 0;  // its size; 0 where it cannot be asked
  std::size_t queued = 0;              // submissions waiting
  bool failing = false;                // the last commit failed
  std::vector<Waiting> waiting;        // of departments of which rows ever waited, by their ids
  std::string last_failure;            // of the last commit that failed, for the operator; English
};

struct BulletinRecords;
struct DeliveryRecord;
struct OccasionRecord;

// The writer. One daemon at a time: a lock file beside the database says who holds it.
//
// Threads: every public function may be called from any thread. One thread of the store's own
// writes: it takes all that is queued, commits it as one transaction with fsync (group commit), and
// then calls each `done` on that thread, in order of append(). What fails (disk full, I/O error) is
// rolled back whole and reported as unavailable; the next append tries again.
class Store {
 public:
  using Done = std::function<void(Appended)>;

  // Creates the file and its folder where missing, migrates an older schema, refuses a newer one.
  // Throws StoreError. `clock` gives the time of receipt, on the store's thread; where it runs
  // backwards, the record stands still.
  explicit Store(
      const std::filesystem::path& path, const std::function<Time()>& clock = [] {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now());
      });
  ~Store();  // commits what is queued, then closes
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Where the submission has a key that its collector and department used before, nothing is
  // appended; see Appended::is_repeat.
  void append(Append append, Done done);

  // What is appended under this key from now on is new. Committed with the next group, or within a
  // second or so.
  void close_delivery(std::string_view collector, std::string_view department,
                      std::string_view key);

  // Queued with the submissions and committed like one: it has a receipt, and an id, of its own.
  // Values for which something newer was sent meanwhile are left out.
  void decide(Decision decision, Done done);

  // Queued; committed with the next group, or at once where nothing else comes. Where that fails it
  // is tried again with the next group and every few seconds.
  void record_judged(std::vector<Judged> judged);

  // These texts are the catalogue from now on, by the clock at the moment of the call. Nothing is
  // written where they are what was recorded last. Committed with the next group, before anything
  // that is appended later; tried again as record_judged() is.
  void record_catalogue(CatalogueSources sources);

  // Makes records of bulletins durable, in a transaction of their own, and then calls `done` on the
  // store's thread: with "", or with why nothing was kept (English). See bulletin_records.h.
  void record_bulletins(BulletinRecords records, std::function<void(std::string failure)> done);

  // What the deviation log said last, by target id, as of the moment of the call; used at start.
  std::unordered_map<std::string, Judged> judged() const;

  StoreStatistics statistics() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct Correction;

// One stored value with its history.
struct StoredObservation {
  Date as_of{};
  double value = 0;  // base units; kTakenBack where it takes back what was said before
  std::string note;
  std::string submission;
  Time received_at{};
  std::string collector;
  std::string name;         // of the submission: file name, URL or peer
  bool superseded = false;  // a later value for the same as_of exists
};

// Reads the file while a daemon writes it, or while none runs. Not thread-safe; open one a thread.
// Each answer is one committed state; a file that cannot be read any more is a StoreError.
class StoreReader {
 public:
  explicit StoreReader(const std::filesystem::path& path);  // throws StoreError
  ~StoreReader();
  StoreReader(StoreReader&&) noexcept;

  // Which of several values for one as_of counts, by what had been received up to known_at (empty:
  // everything). `date_at` gives the district's day of a time of receipt; it is called on two
  // threads.
  struct Question {
    std::optional<Time> known_at;
    std::function<Date(Time)> date_at;
    std::vector<std::string> targets;  // empty: all
  };
  Readings readings(const Question& question) const;

  // A number that is another one as soon as anything was committed since it was first asked for.
  std::int64_t version() const;

  // The catalogue that was in force at known_at (empty: now); the first one for an earlier time;
  // nullopt where none was recorded yet.
  std::optional<StoredCatalogue> catalogue(std::optional<Time> known_at) const;

  // Its number alone, which costs nothing; 0 where none was recorded yet.
  std::int64_t catalogue_number(std::optional<Time> known_at) const;

  // Everything ever said of one target, by as_of, then by time of receipt.
  std::vector<StoredObservation> history(std::string_view target) const;

  // Values that replaced an earlier one for the same target and as_of and were received after
  // `from` and up to `to`; by target, as_of and time of receipt. See corrections.h.
  std::vector<Correction> corrections(Time from, Time to) const;

  // See bulletin_records.h.
  std::vector<OccasionRecord> bulletin_occasions(std::string_view name) const;
  std::optional<OccasionRecord> bulletin_occasion_of(std::string_view id) const;
  std::vector<DeliveryRecord> bulletin_deliveries(std::string_view id) const;

  std::optional<Receipt> receipt(std::string_view submission) const;

  // Ids of the submissions of which rows wait to be confirmed, oldest first.
  std::vector<std::string> waiting() const;

  // SHA-256 as lower-case hex of the newest body that this collector handed in for the department
  // under this name; "" where a row of it was refused, or where there is none among the last
  // million submissions.
  std::string last_sha256(std::string_view collector, std::string_view department,
                          std::string_view name) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace districtd

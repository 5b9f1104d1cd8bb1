// Turns submissions into rows, one transaction at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/digest.h"
#include "daemon/domain/known_time.h"
#include "daemon/store/append.h"
#include "daemon/store/delivery_keys.h"
#include "daemon/store/figure_checks.h"
#include "daemon/store/held_rows.h"
#include "daemon/store/programme_claims.h"
#include "daemon/store/receipt_archive.h"
#include "daemon/store/recorded.h"
#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/submission_rows.h"

namespace districtd {

// Owns the connection that writes and the transaction that is open on it. What is written within
// one is in parts of their own: observation_writer.h, decision_writer.h, delivery_keys.h,
// submission_rows.h, catalogue_texts.h, judged_rows.h, bulletin_records.h; newest_values.h is what
// they share in memory.
//
// Threads: one, the store's. Every function between begin() and commit(), and these two, throws
// sqlite::Error or another exception; after that rollback() must follow. It brings the memory back
// to what is committed.
class Writer {
 public:
  // Opens, migrates (which asks `claims`), and reads one row a target. `clock` gives times of
  // receipt, also at each begin(). Throws StoreError.
  Writer(const std::filesystem::path& path, std::function<KnownTime()> clock,
         const ProgrammeClaims& claims);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // From the next submission on. Not between begin() and commit().
  void set_limits(const StoreLimits& limits);

  void begin();
  RecordedAppend record(const Append& append, const BodyDigest& body);
  RecordedDecisionOrWhyNot decide(const Decision& decision);
  void record(const Judged& judged);
  // Writes nothing where the texts are those of the newest catalogue. `number` is not looked at.
  void record(const StoredCatalogue& catalogue);
  void record(const BulletinRecords& records);
  void close_delivery(const Sha256& key);  // of delivery_key()
  // Of receipts that are older than the limits keep them, by a clock that is believed.
  ReceiptArchive::Forgotten forget_receipts(std::uint64_t at_most);
  void commit();  // when this returns, the transaction is on disk
  void rollback() noexcept;

  // Pages that wait in the WAL to be copied into the database.
  std::size_t wal_pages() const { return wal_pages_; }
  // Copies them; readers and their snapshots are not disturbed. `truncate` also gives the WAL's
  // room back to the file system where no reader needs it. If this fails, the next checkpoint does
  // it.
  void checkpoint(bool truncate) noexcept;

  // When the newest submission was received or the newest catalogue adopted, whichever is later;
  // nullopt where there is neither. As the two below.
  std::optional<Time> newest_time();

  // As the file says. Only before the first begin(). Throw sqlite::Error. Of programmes that are
  // settled by the newest time that the file knows nothing is loaded: the clock is not asked.
  std::unordered_map<std::string, Judged> load_judged();
  HeldRows load_held_rows();

 private:
  struct Parts;

  // A submission whose key was used before.
  RecordedAppend record_again(const Append& append, const BodyDigest& body,
                              const DeliveryName& name, const EarlierDelivery& earlier,
                              Checked checked);
  // What checks across figures have left of a submission.
  RecordedAppend record_checked(const Append& append, const BodyDigest& body, Checked checked);

  sqlite::Connection connection_;
  std::unique_ptr<Parts> parts_;
  std::size_t wal_pages_ = 0;
};

}  // namespace districtd

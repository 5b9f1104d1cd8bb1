// Turns submissions into rows, within one transaction at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/store.h"
#include "daemon/store/waiting_rows.h"

namespace districtd {

// What a key is kept as: collector, department and key in one.
Sha256 delivery_of(std::string_view collector, std::string_view department, std::string_view key);

// What became of the rows of one submission, once its transaction is committed.
struct Recorded {
  std::int64_t seq = 0;
  Time received_at{};
  std::int64_t accepted = 0;
  std::int64_t corrected = 0;
  std::int64_t unchanged = 0;
  std::int64_t held = 0;
  std::int64_t flagged = 0;
  std::vector<RowFlag> flags;
  std::vector<Appended::Changed> changed;
  std::vector<Reading> readings;
  // Of one whose key was used before, and nothing else is set than the receipt and outcome of then;
  // conflict where that had another body.
  bool is_repeat = false;
  Outcome outcome = Outcome::taken;
  // Of a decision, and of a repeat:
  Receipt receipt;
  // Of a decision:
  std::vector<std::pair<std::string, Reading>> strays;
  std::int64_t decided_seq = 0;  // of the submission whose rows waited
  std::optional<Time> said_at;
  std::string undecided;
};

// The tables and the newest reading of every target, which is kept in memory so that a row later
// than all that is known needs no look at the file.
//
// Threads: one, the store's. begin(), record() and commit() throw
// sqlite::Error or another exception; after that rollback() must follow, and brings the memory back
// to what is committed.
class Writer {
 public:
  // Opens, migrates, and reads one row a target. Throws StoreError.
  Writer(const std::filesystem::path& path, std::function<Time()> clock);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void begin();
  Recorded record(const Append& append, std::uint64_t bytes, std::span<const unsigned char> sha256);
  Recorded decide(const Decision& decision);
  void record(const Judged& judged);
  // Writes nothing where the texts are those of the newest catalogue. `number` is not looked at.
  void record(const StoredCatalogue& catalogue);
  void record(const BulletinRecords& records);
  void close_delivery(const Sha256& delivery);
  void commit();  // when this returns, the transaction is on disk
  void rollback() noexcept;

  // Pages that wait in the WAL to be copied into the database.
  std::size_t wal_pages() const { return wal_pages_; }
  // Copies them; readers and their snapshots are not disturbed. `truncate` also gives the WAL's
  // room back to the file system where no reader needs it. What fails is tried again with the next
  // one.
  void checkpoint(bool truncate) noexcept;

  // As the file says. Only before the first begin().
  std::unordered_map<std::string, Judged> load_judged();
  void load_waiting(WaitingRows& waiting);

 private:
  using Key = std::uint32_t;  // target_key.key; 0 is none

  struct Newest {
    std::int32_t as_of = 0;
    std::int64_t seq = 0;  // 0: nothing stored
    double value = 0;
  };
  struct KnownTarget {
    std::string id;
    Newest committed;
    Newest current;  // with what the open transaction adds
    bool touched = false;
  };
  struct Place {  // one observation in the order of the table
    std::uint64_t target_and_day;
    std::uint32_t index;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Known {  // the value that is current for one as_of of the target at hand
    std::int32_t as_of;
    double value;
    std::string note;
  };
  // What stands for the as_of of an observation: nothing, another value or note, or the same.
  enum class OnFile { nothing, another, same };
  struct Stored {  // a row to be inserted; points into the submission at hand
    Key key;
    const Observation* said;
  };
  struct Held {  // a row to be held, likewise
    Key key;
    const Observation* said;
    Oddities oddities;
  };
  struct IdHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>()(id); }
  };

  void load();
  Key key_of(const std::shared_ptr<const Catalogue>& catalogue, Catalogue::Index index);
  Key add_target(std::string_view id);
  void arrange(const Append& append);
  void record_target(Key key, std::span<const Place> places, const Append& append,
                     Recorded& recorded);
  // What is odd about a row, told in the receipt.
  Oddities look_at(Key key, const Newest& before, const Observation& said, const Append& append,
                   std::span<const Reading> own, Recorded& recorded);
  std::optional<Reading> reading_before(Key key, const Newest& newest, Date as_of,
                                        std::span<const Reading> own);
  bool repeats(Key key, const Newest& newest, const Target& target, const Reading& reading,
               const std::optional<Reading>& before, std::span<const Reading> own);
  void hold(std::int64_t seq);
  void confirm_rows(std::int64_t held, const Decision& decision, Recorded& recorded);
  void read_ahead(Key key, std::span<const Place> places, const Newest& newest);
  const Known* find_known(Key key, std::int32_t as_of);
  OnFile on_file(Key key, const Newest& before, const Observation& said);
  void flush(std::int64_t seq);
  void insert_submission(const Append& append, std::uint64_t bytes,
                         std::span<const unsigned char> sha256, const Recorded& recorded);
  std::optional<Recorded> repeat_of(const Sha256& delivery, std::span<const unsigned char> sha256);
  void touch(Key key, const Newest& newest);
  std::int64_t keep_text(std::string_view text, const Sha256& sha256);

  std::function<Time()> clock_;
  sqlite::Connection connection_;
  struct Statements;
  std::unique_ptr<Statements> statements_;

  std::vector<KnownTarget> targets_;  // by key
  std::unordered_map<std::string, Key, IdHash, std::equal_to<>> keys_;

  // Keys of the catalogue that the last submission was read against.
  std::shared_ptr<const Catalogue> catalogue_;
  std::vector<Key> catalogue_keys_;

  // The open transaction.
  std::int64_t next_seq_ = 1;
  Time last_received_{};
  std::vector<Key> touched_;
  std::size_t committed_targets_ = 1;
  std::int64_t committed_next_seq_ = 1;
  Time committed_last_received_{};

  // Of the submission or target at hand; kept for their memory.
  std::vector<Place> places_;
  std::vector<Stored> stored_;
  std::vector<Held> held_;
  std::vector<Known> known_;        // read ahead, by as_of
  std::int32_t known_through_ = 0;  // up to this as_of known_ is whole
  Known point_{};

  std::size_t wal_pages_ = 0;
};

}  // namespace districtd

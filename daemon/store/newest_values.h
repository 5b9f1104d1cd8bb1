// The targets that the file knows, and the newest value of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/reported_value.h"
#include "daemon/store/sqlite.h"

namespace districtd {

using TargetKey = std::uint32_t;  // target_key.key, from 1, for a Target::key; 0 is none

// The value that counts for the latest as_of of a target.
struct Newest {
  std::int32_t as_of = 0;  // day number
  std::int64_t seq = 0;    // of the submission that said it; 0: no value was ever stored
  ReportedValue value;
};

// Keeps keys and newest values in memory, so that a row for a later day than any that is known
// needs no look at the file: those of the programmes for which anything came since the start, and
// none of what is settled. Within a transaction it says what the transaction has made of them;
// either committed() or roll_back() ends that.
//
// Threads: one, the store's.
class NewestValues {
 public:
  // Throws sqlite::Error. The connection outlives this.
  explicit NewestValues(sqlite::Connection& connection);

  // The key of a target of this catalogue; a new one where the file does not know the target yet.
  // Throws sqlite::Error; std::logic_error where there is no catalogue or the index is not in it:
  // this fault of the program costs one submission and not the daemon.
  TargetKey key_of(const std::shared_ptr<const Catalogue>& catalogue, Catalogue::Index index) {
    const bool is_same = catalogue == catalogue_ && index < catalogue_keys_.size();
    const TargetKey known = is_same ? catalogue_keys_[index] : 0;
    return known != 0 ? known : find_or_add(catalogue, index);
  }

  // The key was given by key_of() or stands in the file. Throw sqlite::Error. What name_of()
  // returns is good until the next roll_back().
  const std::string& name_of(TargetKey key) { return target(key).name; }  // Target::key
  const Newest& newest(TargetKey key) { return target(key).current; }
  void set(TargetKey key, const Newest& newest);

  // Brings the table `newest` up to date with what was set. To be called before COMMIT. Throws
  // sqlite::Error.
  void write();
  void committed();
  // Everything is again as it was after the last commit.
  void roll_back() noexcept;

 private:
  struct Target {
    std::string name;  // Target::key
    Newest committed;
    Newest current;  // with what the open transaction adds
    bool is_touched = false;
  };
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>()(name);
    }
  };

  Target& target(TargetKey key);
  TargetKey find_or_add(const std::shared_ptr<const Catalogue>& catalogue, Catalogue::Index index);
  TargetKey add(std::string_view name);
  void load_programme(std::string_view id);
  void load(sqlite::Statement& row);
  Target& place(TargetKey key);

  sqlite::Statement insert_target_;
  sqlite::Statement replace_newest_;
  sqlite::Statement one_target_;
  sqlite::Statement targets_of_programme_;

  // Where each key's target is in targets_; 0 where it is not in memory. The first key is none.
  std::vector<std::uint32_t> place_of_;
  std::deque<Target> targets_;  // the first one is none
  std::vector<std::uint32_t> free_places_;
  std::set<std::string, std::less<>> programmes_;  // those in memory
  std::unordered_map<std::string, TargetKey, NameHash, std::equal_to<>> keys_;

  // Keys of the catalogue that was asked about last, by index; 0 where they are not known yet.
  // Shared with the submissions that were read against it.
  std::shared_ptr<const Catalogue> catalogue_;
  std::vector<TargetKey> catalogue_keys_;

  // Of the open transaction.
  std::vector<TargetKey> touched_;
  std::size_t committed_keys_ = 1;
};

}  // namespace districtd

// Reads the store's file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "collectors/submission.h"
#include "daemon/domain/reading.h"
#include "daemon/store/check_count.h"
#include "daemon/store/programmes_asked.h"
#include "daemon/store/records.h"
#include "daemon/store/store_size.h"

namespace districtd {

// Reads the file while a daemon writes it, or while none runs. Each answer is one committed state.
// Every function throws StoreError where the file cannot be read.
//
// Threads: one at a time; each thread opens its own.
class StoreReader {
 public:
  explicit StoreReader(const std::filesystem::path& path);  // throws StoreError
  ~StoreReader();
  StoreReader(StoreReader&&) noexcept;

  // Which readings are asked for, and by what had been received up to when: docs/store.md says
  // which submissions had been, where the clock was wrong.
  struct Question {
    std::optional<Time> known_at;        // empty: everything that was received
    std::function<Date(Time)> date_at;   // the district's day of a time; called on two threads
    std::vector<std::string> targets{};  // keys; empty: those of `programmes`
    ProgrammesAsked programmes{};        // by default all
  };
  Readings readings(const Question& question) const;

  // False where the file could only be opened as one that nobody writes (its folder cannot be
  // written, and there is no WAL): what is committed later is not seen.
  bool sees_later_commits() const;

  // A number that changes as soon as another connection commits anything after this reader was
  // opened.
  std::int64_t version() const;

  // The catalogue that was in force at known_at (empty: now). For a time before the first one it is
  // the first one. nullopt where none was recorded yet.
  std::optional<StoredCatalogue> catalogue(std::optional<Time> known_at) const;

  // The catalogue with this number, which was recorded.
  StoredCatalogue catalogue_with(std::int64_t number) const;

  // Every programme that was known by known_at (empty: ever), each with the newest catalogue by
  // then that has it; by its first day.
  std::vector<StoredProgramme> programmes(std::optional<Time> known_at) const;

  // What the deviation log said last of the targets of these programmes, by key.
  std::unordered_map<std::string, Judged> judged(const ProgrammesAsked& programmes) const;

  // The number of that catalogue without its texts, which is cheap; 0 where none was recorded yet.
  std::int64_t catalogue_number(std::optional<Time> known_at) const;

  // Everything that was said of the target with this key by known_at (empty: ever), by as_of, then
  // in the order in which it was received.
  std::vector<StoredObservation> history(std::string_view target,
                                         std::optional<Time> known_at = std::nullopt) const;

  // Everything that was said of that target in words by known_at, by as_of, then in the order in
  // which it was received.
  std::vector<StoredNarrative> narratives(std::string_view target,
                                          std::optional<Time> known_at = std::nullopt) const;

  // For bulletins: what stands in words as of the latest day up to `on` of which anything was said,
  // by what had been received by known_at (empty: ever); nullopt where nothing was.
  struct NewestNarrative {
    Date as_of{};
    Narrative said;
  };
  std::optional<NewestNarrative> newest_narrative(std::string_view target, Date on,
                                                  std::optional<Time> known_at) const;

  // The corrections that were received after `from` and up to `to`; by target, as_of and the order
  // in which they were received.
  std::vector<Correction> corrections(Time from, Time to) const;

  // The occasions of the [[bulletin]] with this name, by due_at.
  std::vector<OccasionRecord> bulletin_occasions(std::string_view name) const;
  // The occasion that made the bulletin with this id; nullopt where there is none.
  std::optional<OccasionRecord> bulletin_occasion_of(std::string_view id) const;
  // The deliveries of the bulletin with this id. Where `id` is "": those of every bulletin that are
  // pending or sending.
  std::vector<DeliveryRecord> bulletin_deliveries(std::string_view id) const;

  // The receipt of the submission with this id; nullopt where there is none. preamble, header and
  // refused are not kept.
  std::optional<Receipt> receipt(std::string_view submission) const;

  // How large the file is, and what was received from a time on.
  StoreSize size(Time from) const;

  // Of every check across figures that ever fired, by programme and name.
  std::vector<CheckCount> check_counts() const;

  // Ids of the submissions of which rows wait to be confirmed, oldest first.
  std::vector<std::string> submissions_to_confirm() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace districtd

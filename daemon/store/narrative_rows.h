// The table `narrative`: what departments say in words, and which of it stands.
#pragma once

#include <cstdint>
#include <optional>

#include "base/digest.h"
#include "daemon/store/append.h"
#include "daemon/store/newest_values.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Of a target and day each part stands that was said last; what is empty takes nothing back. A row
// all of whose words stand already is not stored again.
//
// The rules for what comes again are those of figures (observation_writer.h): a submission that
// came before adds nothing to a day of which anything was said in words since, and what a series
// said last is no news when it says it again.
//
// Threads: one, the store's. Functions throw sqlite::Error.
class NarrativeRows {
 public:
  // Both outlive this.
  NarrativeRows(const sqlite::Connection& connection, NewestValues& newest);

  // Writes what the submission says under this number, within the open transaction; returns how
  // many rows said anything new. `came_first` and `series` as ObservationWriter::Earlier.
  std::int64_t record(const Append& append, std::int64_t seq,
                      std::optional<std::int64_t> came_first, const Sha256* series);

  // Lets go of the statements, which would keep a transaction open.
  void reset() noexcept;

 private:
  Narrative standing(TargetKey key, std::int32_t as_of);
  Narrative said_by(const Sha256& series, TargetKey key, std::int32_t as_of);
  bool is_said_since(std::int64_t seq, TargetKey key, std::int32_t as_of);
  void insert(TargetKey key, std::int32_t as_of, std::int64_t seq, const ReportedNarrative& row,
              bool counts);

  NewestValues& newest_;
  sqlite::Statement standing_;
  sqlite::Statement of_series_;
  sqlite::Statement since_;
  sqlite::Statement insert_;
};

}  // namespace districtd

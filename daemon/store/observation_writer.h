// Decides what becomes of each row of a submission, and writes the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/store/append.h"
#include "daemon/store/known_values.h"
#include "daemon/store/newest_values.h"
#include "daemon/store/observation_rows.h"
#include "daemon/store/recorded.h"

namespace districtd {

// Of each row it is decided whether it is accepted, corrected, unchanged or held, and what is odd
// about it. What a submission leaves behind of a day is its last row.
//
// Threads: one, the store's.
class ObservationWriter {
 public:
  // The references outlive this.
  ObservationWriter(NewestValues& newest, KnownValues& known, ObservationRows& rows)
      : newest_(newest), known_(known), rows_(rows) {}

  // Writes the rows of one submission under this number, within the open transaction. Throws
  // sqlite::Error. Where the submission came before, `came_first` is the number of the first time:
  // a row for whose day anything was said since then is unchanged, whatever it says.
  RecordedRows record(const Append& append, std::int64_t seq,
                      std::optional<std::int64_t> came_first = std::nullopt);

 private:
  struct Placed {                  // one observation in the order of the table
    std::uint64_t target_and_day;  // orders by target, then by day
    std::uint32_t index;           // into decoded.observations
    friend auto operator<=>(const Placed&, const Placed&) = default;
  };
  // What one call of record_target() is about.
  struct OfTarget {
    TargetKey key = 0;
    const Append& append;
    std::size_t readings_before = 0;  // of earlier targets of the submission
    RecordedRows& recorded;
    std::optional<std::int64_t> came_first = std::nullopt;
  };

  void place_rows(const Append& append);
  void record_target(std::span<const Placed> rows, std::int64_t seq, const OfTarget& target);
  const Observation* record_day(std::span<const Placed> rows, const OfTarget& target);
  Oddities flag_oddities(const Observation& said, const OfTarget& of);

  NewestValues& newest_;
  KnownValues& known_;
  ObservationRows& rows_;

  // Of the submission at hand; kept for their memory.
  std::vector<Placed> placed_;
  std::vector<CountedRow> counted_;
  std::vector<HeldRow> held_;
};

}  // namespace districtd

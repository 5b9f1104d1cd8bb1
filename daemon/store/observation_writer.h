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
#include "daemon/store/series_values.h"

namespace districtd {

// Of each row it is decided whether it is accepted, corrected, unchanged or held, and what is odd
// about it. What a submission leaves behind of a day is its last row.
//
// Threads: one, the store's.
class ObservationWriter {
 public:
  // The references outlive this.
  ObservationWriter(NewestValues& newest, KnownValues& known, ObservationRows& rows,
                    SeriesValues& series)
      : newest_(newest), known_(known), rows_(rows), series_(series) {}

  // What came before of the one who sends a submission.
  struct Earlier {
    // The number of the first time that the submission itself came: a row for whose day anything
    // was said since then is unchanged, whatever it says.
    std::optional<std::int64_t> came_first = std::nullopt;
    // The submission's series: a row that says what the series said of its day last is unchanged,
    // whatever came since from elsewhere.
    const Sha256* series = nullptr;
  };

  // Writes the rows of one submission under this number, within the open transaction. Throws
  // sqlite::Error.
  RecordedRows record(const Append& append, std::int64_t seq, const Earlier& earlier);

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
    Earlier earlier;
  };

  void place_rows(const Append& append);
  void record_target(std::span<const Placed> rows, std::int64_t seq, const OfTarget& target);
  const Observation* record_day(std::span<const Placed> rows, const OfTarget& target);
  const Observation* record_day_of_series(std::span<const Placed> rows, const OfTarget& target);
  // For a dry run: what becomes of the rows.
  void note_fate(std::span<const Placed> rows, RowFate fate, const OfTarget& target);
  // Says in the receipt what is odd about a row; whether it waits therefore.
  bool flag_oddities(const Observation& said, const OfTarget& of);
  bool is_explained(const Observation& said, const OfTarget& of);

  NewestValues& newest_;
  KnownValues& known_;
  ObservationRows& rows_;
  SeriesValues& series_;

  // Of the submission at hand; kept for their memory.
  std::vector<Placed> placed_;
  std::vector<CountedRow> counted_;
  std::vector<HeldRow> held_;
  std::vector<CountedRow> said_unchanged_;
  // The last explanation that it gives of the target at hand, and of which day.
  Oddities odd_ = 0;  // of the row that flag_oddities() saw last
  TargetKey explained_key_ = 0;
  Date explained_day_{};
  std::string explanation_;
};

}  // namespace districtd

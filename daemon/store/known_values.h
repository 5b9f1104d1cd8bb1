// What the file has of one target's values, for the comparison with what is being appended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"
#include "daemon/intake/intake.h"
#include "daemon/store/columns.h"
#include "daemon/store/figure.h"
#include "daemon/store/newest_values.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Speaks of one target at a time, the one that turn_to() named last, as its values were then.
//
// Threads: one, the store's. Functions throw sqlite::Error.
class KnownValues {
 public:
  explicit KnownValues(const sqlite::Connection& connection);  // which outlives this

  // The days of a target that a submission speaks of: day numbers, and how many rows there are.
  struct Days {
    std::int32_t first = 0;
    std::int32_t last = 0;
    std::size_t rows = 0;
  };

  // Speaks of this target from now on. `newest` is its newest value.
  void turn_to(TargetKey key, const Newest& newest);
  // The same, and reads ahead the values of these days where that is cheaper than a search a day.
  void turn_to(TargetKey key, const Newest& newest, const Days& days);

  // What stands for the as_of of an observation: no value or withdrawal, one that differs in value,
  // basis, note or explanation, or the same. No explanation takes none back.
  enum class OnFile { nothing, another, same };
  OnFile compare(const Observation& said) {
    // The newest value mostly tells without a look at the file.
    const std::int32_t as_of = day_number(said.reading.as_of);
    if (newest_.seq == 0 || as_of > newest_.as_of) return OnFile::nothing;
    if (as_of == newest_.as_of && said.reading.value != newest_.value) return OnFile::another;
    return compare_with_file(as_of, said);
  }

  // What counts for the day; nullopt where nothing was ever said.
  std::optional<StoredFigure> figure_of(std::int32_t as_of) {
    const Value* known = newest_.seq == 0 ? nullptr : find(as_of);
    return known == nullptr ? std::nullopt : std::optional{known->figure};
  }

  // What was written last to explain a figure of an earlier day; "" where nothing was.
  std::string explanation_before(std::int32_t as_of);

  // Whether a submission from this seq on has a row for the day that counts, or that was held.
  bool is_said_since(std::int64_t seq, std::int32_t as_of);

  // The latest reading of a day before `as_of`. `own` are the readings of the submission at hand,
  // in order of as_of; they count before those of the file.
  std::optional<Reading> reading_before(Date as_of, std::span<const ReportedReading> own);

  // Whether the value stands in the period of the reading and in the two periods before it.
  // `before` is the latest reading of an earlier day; `own` as above.
  bool repeats(const Target& target, const Reading& reading, const std::optional<Reading>& before,
               std::span<const ReportedReading> own);

  // Lets go of the statements, which would keep a transaction open.
  void reset() noexcept;

 private:
  struct Value {  // that counts for one as_of
    std::int32_t as_of;
    StoredFigure figure;
    std::string note;
    std::string explanation;
  };

  OnFile compare_with_file(std::int32_t as_of, const Observation& said);
  const Value* find(std::int32_t as_of);
  std::optional<Reading> reading_in_file(Date as_of, const std::optional<Reading>& mine,
                                         std::span<const ReportedReading> own);

  sqlite::Statement current_;  // the value of one day
  sqlite::Statement range_;    // the values of several days
  sqlite::Statement earlier_;  // the values before a day, the latest first
  sqlite::Statement since_;    // what was said of a day from a submission on
  sqlite::Statement explanation_before_;

  TargetKey key_ = 0;
  Newest newest_;
  std::vector<Value> read_ahead_;  // by as_of; kept between targets for its memory
  std::int32_t read_through_;  // up to this day read_ahead_ has every value from its first day on
  Value found_{};              // by find()
};

}  // namespace districtd

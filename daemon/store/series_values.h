// What a series said last of a day, whether or not that counts: it is no news when the series says
// it again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/digest.h"
#include "daemon/domain/reading.h"
#include "daemon/store/figure.h"
#include "daemon/store/observation_rows.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Which submissions are of a series is in the table `delivery`; what they said is in `observation`
// and `held`, and in `said_unchanged` where it was neither stored nor held.
//
// Threads: one, the store's. Functions throw sqlite::Error.
class SeriesValues {
 public:
  explicit SeriesValues(const sqlite::Connection& connection);  // which outlives this

  struct Said {
    StoredFigure figure;
    std::string note;
    std::string explanation;
    std::int64_t seq = 0;  // of the submission that said it
    bool is_held = false;  // there it was not to count yet
  };
  // nullopt where the series has said nothing of this day.
  std::optional<Said> said_last(const Sha256& series, TargetKey key, std::int32_t as_of);

  // Rows of the submission with this seq that were unchanged, though the series says them for the
  // first time.
  void insert(std::int64_t seq, std::span<const CountedRow> rows);

  // Lets go of the statement that reads, which would keep a transaction open.
  void reset() noexcept { last_.reset(); }

 private:
  sqlite::Statement last_;
  sqlite::Statement insert_;
};

}  // namespace districtd

// Inserts into the tables `observation` and `held`.
#pragma once

#include <cstdint>
#include <span>

#include "daemon/domain/plausibility.h"
#include "daemon/intake/intake.h"
#include "daemon/store/newest_values.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// A row that counts from the open transaction on. Points to what is being appended.
struct CountedRow {
  TargetKey key = 0;
  const Observation* said = nullptr;
};

// A row that waits to be confirmed, with what is odd about it. Points likewise.
struct HeldRow {
  TargetKey key = 0;
  const Observation* said = nullptr;
  Oddities oddities = 0;
};

// Threads: one, the store's. Functions throw sqlite::Error; then the transaction is to be rolled
// back as a whole.
class ObservationRows {
 public:
  explicit ObservationRows(const sqlite::Connection& connection);  // which outlives this

  // `seq` is that of the submission. In the order of the table (target, as_of, row) they fill one
  // page after the other.
  void insert(std::int64_t seq, std::span<const CountedRow> rows);
  void insert(std::int64_t seq, std::span<const HeldRow> rows);

 private:
  sqlite::Statement insert_one_;
  sqlite::Statement insert_several_;
  sqlite::Statement insert_held_;
};

}  // namespace districtd

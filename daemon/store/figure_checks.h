// Checks across the figures of a programme ([[check]]), made before a submission is recorded.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/store/append.h"
#include "daemon/store/check_count.h"
#include "daemon/store/known_values.h"
#include "daemon/store/newest_values.h"
#include "daemon/store/recorded.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// A figure of a submission that took part in a check that did not hold.
struct FiredFigure {
  std::string programme;
  std::string check;  // FigureCheck::name
  TargetKey target = 0;
  Date as_of{};
  double value = 0;  // base units
};

struct Checked {
  // What is left of the submission, with the errors of what was refused; nullopt where all is.
  std::optional<Decoded> left;
  std::vector<RowFlag> flags;  // of what is asked about
  std::vector<FiredFigure> fired;
};

// Figures are compared as of the same day. Of the submission the last row of a target and day
// counts, of other targets what the store has for exactly that day; where a target has none,
// nothing is compared. A submission that says only what stands already makes no check fire.
//
// Threads: one, the store's. Functions throw sqlite::Error.
class FigureChecks {
 public:
  // All outlive this.
  FigureChecks(const sqlite::Connection& connection, NewestValues& newest, KnownValues& known);

  Checked check(const Append& append);
  // Writes what fired under the submission's number.
  void insert(std::int64_t seq, std::span<const FiredFigure> fired);

 private:
  struct Compared;  // one check on one day
  using Rows = std::map<std::pair<Catalogue::Index, Date>, std::vector<std::size_t>>;

  std::optional<Compared> compare(const Append& append, const Decoded& decoded, const Rows& rows,
                                  const Programme& programme, const FigureCheck& check, Date day);
  std::optional<double> standing(const Append& append, Catalogue::Index target, Date day);

  NewestValues& newest_;
  KnownValues& known_;
  sqlite::Statement insert_;
};

// Of every check that ever fired. Throws sqlite::Error.
std::vector<CheckCount> read_check_counts(const sqlite::Connection& connection);

}  // namespace districtd

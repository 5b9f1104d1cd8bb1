// Which column of a header is the target's, the day's and the figures', where its cells say more
// than one thing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/intake/layout.h"

namespace districtd {

// What one row says as a header.
struct HeaderChoice {
  explicit HeaderChoice(const Catalogue& catalogue) : layout(catalogue) {}

  Layout layout;
  std::optional<RowError> duplicate;
  int score = 0;                         // how many of target, day, value it names
  bool names_other_figures = false;      // plans, growth: of figures, but no totals to date
  std::string other_figures;             // the first of them
  std::string deadline;                  // a column of deadlines that was not taken for the day
  std::vector<DateAbove> days_above;     // what is said above it, where it is more than one day
  std::optional<DateAbove> dropped_day;  // the day of months that stand beside their sum
};

// `uppers` are what the row above says over each cell, or empty.
HeaderChoice choose_columns(const std::vector<std::string>& cells,
                            const std::vector<std::string>& uppers, std::int64_t row,
                            const LayoutWords& words);

// Everything that a header has to name, given what stands above it.
bool is_header(const HeaderChoice& choice, const Above& above);

// Where the only day that is said is that of the month beside the sum.
void use_dropped_day(HeaderChoice& choice, const Above& above);

RowError what_is_missing(const HeaderChoice& choice);
// `because` is a sentence's beginning: what stands there that is not that column; or "".
RowError missing_column(const std::vector<std::string>& cells, std::int64_t row, Column column,
                        const std::string& because);

// Whether a cell of the row begins with a digit: a header's does not, but for years and months.
bool begins_with_figures(const std::vector<std::string>& cells);

}  // namespace districtd

// Where in a table what stands: its header, found by its names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "daemon/intake/above.h"
#include "daemon/intake/columns.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/header_cell.h"
#include "daemon/intake/table.h"
#include "daemon/intake/target_lookup.h"

namespace districtd {

// A column of growth rates or of shares: the figures of targets that are such themselves.
struct RateColumn {
  std::size_t position = 0;
  std::string name;
  UnitsSaid units;
};

// A column of figures: of the header's day, of one period (a wide table), or of one target.
struct FigureColumn {
  std::size_t position = 0;
  std::string name;                 // as written, trimmed
  std::optional<WrittenDate> date;  // of a wide table
  std::string target;               // the target that it is headed by, as written; or ""
  Meaning meaning = Meaning::unsaid;
  UnitsSaid units;  // "6月(万元)"
  // Beside it, for the same day. More than one cannot be told apart.
  std::vector<RateColumn> growth;
  std::vector<RateColumn> shares;
};

// A column of which the header says nothing that is known: its cells may say what a row is.
struct LabelColumn {
  std::size_t position = 0;
  std::string name;
  bool names_parts = false;  // "子项": what stands there is a part of the target
};

struct Layout {
  std::int64_t row = 0;  // of the header's last row
  Header header;         // value: where there is one column of figures and none of several
  std::vector<FigureColumn> figures;  // at least one
  std::vector<LabelColumn> labels;
  std::optional<std::size_t> unit_position;
  bool is_wide = false;  // the figures are of one period, or of one target, each
  bool has_day = false;  // the day is the column's or the table's: there is no column for it
  std::optional<DateAbove> as_of;  // said for the whole table
  Above above;                     // what else is said there
  bool was_given_back = false;     // it has the column of NAME.errors.csv
  std::vector<std::string> cells;  // the header's, as they came
  std::vector<std::string> notes;  // what was chosen, in Chinese sentences

  explicit Layout(const Catalogue& catalogue) : above(catalogue) {}
};

// The column that NAME.errors.csv has beside the file's own.
inline constexpr std::string_view kCorrectionColumn = "需要更正";

// Why there is none: missing_column, duplicate_column, or the fault of a row.
struct NoLayout {
  RowError why;
  int named = 0;  // how many of target, day and value the row names that comes closest
};

// By what a header's cells are known. All of it must outlive the search.
struct LayoutWords {
  const ColumnMapping& mapping;
  const Catalogue& catalogue;
  TargetLookup& targets;
};

// Looks for a row that names the target, the value and the day (or has a column for each of several
// periods, or for each of several targets) among the first 50; a header may be two rows high. What
// stands above it may say "单位：万元", "截至2026年6月30日", or in a title for which period the
// table is: "2026年1-6月".
Result<Layout, NoLayout> find_layout(TableReader& table, const LayoutWords& words);

// Whether a row within a table is a header again, of the table's other half: then `cells` begins a
// layout of its own. `above` is what was said before it, for what the rows between do not say.
// nullopt: it is none, or it is the same one. The table's next row may be read as its second one.
struct NextHeader {
  bool is_header = false;
  std::optional<Layout> layout;     // none where the header cannot be read
  std::optional<RowError> problem;  // why
};
NextHeader next_header(std::span<const std::string_view> cells, TableReader& table,
                       const Layout& now, const Above& between, const LayoutWords& words);

}  // namespace districtd

// Where in a table what stands: its header, found by its names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "daemon/intake/columns.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/table.h"

namespace districtd {

// A column of a wide table: the values as of one day.
struct PeriodColumn {
  std::size_t position = 0;
  WrittenDate date;
  std::string name;          // as written, trimmed
  std::optional<Unit> unit;  // "6月(万元)"
};

struct Layout {
  std::int64_t row = 0;  // of the header's last row
  Header header;
  std::vector<PeriodColumn> periods;  // not empty: a wide table, and as_of and value are not used
  std::optional<std::size_t> unit_position;
  std::optional<Unit> unit;          // of the value column's header, or said above the table
  std::optional<WrittenDate> as_of;  // said above the table; where there is no column for it
  std::string as_of_text;
  bool was_given_back = false;                     // it has the column of NAME.errors.csv
  std::vector<std::vector<std::string>> preamble;  // the rows above the header that are not blank
  std::vector<std::string> cells;                  // the header's, as they came
  std::vector<std::string> notes;                  // what was chosen, in Chinese sentences
};

// The column that NAME.errors.csv has beside the file's own.
inline constexpr std::string_view kCorrectionColumn = "需要更正";

// Why there is none: missing_column, duplicate_column, or the fault of a row.
struct NoLayout {
  RowError why;
  int named = 0;  // how many of target, day and value the row names that comes closest
};

// Looks for a row that names the target, the value and the day (or has a column for each of several
// periods) among the first 50; a header may be two rows high. What stands above it may say "单位:
// 万元", "截至2026年6月30日", or in a title for which period the table is: "2026年1-6月".
Result<Layout, NoLayout> find_layout(TableReader& table, const ColumnMapping& mapping);

// A row below a header that is no data: "注：...", "填报人：张三", "合计", or the header again.
// `target` is where the target stands, and `header` what the header says there.
bool is_remark(std::span<const std::string_view> cells, std::size_t target,
               std::string_view header);

}  // namespace districtd

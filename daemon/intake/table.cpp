#include "daemon/intake/table.h"

#include <algorithm>

#include "base/text.h"
#include "daemon/intake/refusals.h"

namespace districtd {

std::optional<RowError> TextTable::fault() const {
  if (csv_.fault() == CsvReader::Fault::none) return std::nullopt;
  return explain_csv_fault(csv_);
}

bool SheetTable::advance() {
  if (at_ == sheet_.rows.size()) return false;
  const std::vector<std::string>& row = sheet_.rows[at_++];
  cells_.assign(row.begin(), row.end());
  return true;
}

bool is_blank_row(std::span<const std::string_view> cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](std::string_view cell) { return trim(cell).empty(); });
}

RowError explain_row_length(const CsvReader& csv, std::string_view subject, std::size_t most) {
  return explain(Refusal::row_too_long, csv.row(), "", "",
                 {subject, std::to_string(csv.bytes()), std::to_string(most),
                  "是否缺少换行，或有双引号没有配对"});
}

RowError explain_csv_fault(const CsvReader& csv) {
  const auto explain_quote = [&](Refusal refusal) {
    const std::string_view cell = csv.cells()[csv.faulty_cell()];
    return explain(refusal, csv.row(), "", cell, {cell});
  };
  switch (csv.fault()) {
    case CsvReader::Fault::too_many_cells:
      return explain(
          Refusal::too_many_columns, csv.row(), "", "",
          {std::to_string(csv.width()), "允许的", std::to_string(CsvReader::kMostCells)});
    case CsvReader::Fault::too_long:
      return explain_row_length(csv, "这一行", CsvReader::kMostRowBytes);
    case CsvReader::Fault::stray_quote:
      return explain_quote(Refusal::stray_quote);
    default:
      return explain_quote(Refusal::unterminated_quote);
  }
}

}  // namespace districtd

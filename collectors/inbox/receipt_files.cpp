#include "collectors/inbox/receipt_files.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/csv_cell.h"

namespace districtd {

namespace {

void append_row(std::string& csv, const std::vector<std::string>& cells, std::size_t width,
                std::string_view last) {
  for (std::size_t i = 0; i < width; ++i) {
    if (i < cells.size()) csv += csv_cell(cells[i]);
    csv += ',';
  }
  csv += csv_cell(last);
  for (std::size_t i = width; i < cells.size(); ++i) csv += ',' + csv_cell(cells[i]);
  csv += "\r\n";
}

}  // namespace

std::string errors_csv(const Receipt& receipt) {
  if (receipt.header.empty() || receipt.refused.empty()) return {};
  std::map<std::pair<std::string_view, std::int64_t>, std::string> wrong;  // by sheet and row
  for (const RowError& error : receipt.errors) {
    std::string& messages = wrong[{error.sheet, error.row}];
    if (!messages.empty()) messages += ";";
    messages += error.message;
  }
  // Cells beyond the header go behind the message, so that the row stays one that is too wide.
  std::size_t width = receipt.header.size();

  // A file that was given back before brings the column along; it gets the new messages.
  const auto old = std::find(receipt.header.begin(), receipt.header.end(), "需要更正");
  if (old != receipt.header.end()) width = static_cast<std::size_t>(old - receipt.header.begin());

  std::string csv = "\xEF\xBB\xBF";
  for (const std::vector<std::string>& above : receipt.preamble) append_row(csv, above, width, "");
  append_row(csv, receipt.header, width, "需要更正");
  for (const RefusedRow& row : receipt.refused) {
    append_row(csv, row.cells, width, wrong[{row.sheet, row.row}]);
  }
  return csv;
}

}  // namespace districtd

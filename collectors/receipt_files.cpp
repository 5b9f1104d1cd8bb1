#include "collectors/receipt_files.h"

#include <algorithm>
#include <map>

namespace districtd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// -8.0, +5, -1,234.5 and -3%: what a spreadsheet reads as a number and not as a formula.
bool is_plain_number(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  if (!text.empty() && text.back() == '%') text.remove_suffix(1);
  if (text.empty() || !is_digit(text.front())) return false;
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction =
      point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  return std::all_of(whole.begin(), whole.end(), [](char c) { return is_digit(c) || c == ','; }) &&
         std::all_of(fraction.begin(), fraction.end(), is_digit);
}

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

std::string csv_cell(std::string_view text) {
  std::string cell;
  const bool runs =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  if (runs && !is_plain_number(text)) cell += '\'';
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

std::string errors_csv(const Receipt& receipt) {
  if (receipt.header.empty() || receipt.refused.empty()) return {};
  std::map<std::int64_t, std::string> wrong;
  for (const RowError& error : receipt.errors) {
    std::string& messages = wrong[error.row];
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
  for (const RefusedRow& row : receipt.refused) append_row(csv, row.cells, width, wrong[row.row]);
  return csv;
}

}  // namespace districtd

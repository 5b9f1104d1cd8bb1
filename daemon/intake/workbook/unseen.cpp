#include "daemon/intake/workbook/unseen.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

namespace {

// "第 5 行", "第 5 行等 3 行".
std::string row_words(std::size_t first, std::size_t count) {
  std::string words = "第 " + std::to_string(first) + " 行";
  if (count > 1) words += "等 " + std::to_string(count) + " 行";
  return words;
}

std::string column_letters(std::size_t column) {
  std::string letters;
  for (; column > 0; column = (column - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
  }
  return letters;
}

bool is_blank(const std::vector<std::string>& row) {
  return std::all_of(row.begin(), row.end(), [](const std::string& cell) { return cell.empty(); });
}

std::string* cell_at(Sheet& sheet, std::size_t row, std::size_t column) {
  if (row == 0 || column == 0 || row > sheet.rows.size()) return nullptr;
  auto& cells = sheet.rows[row - 1];
  return column <= cells.size() ? &cells[column - 1] : nullptr;
}

// Blanks rows; the first that was not blank, and how many were not.
std::pair<std::size_t, std::size_t> blank_rows(Sheet& sheet, const std::vector<std::size_t>& rows) {
  std::size_t first = 0;
  std::size_t count = 0;
  for (const std::size_t row : rows) {
    if (row == 0 || row > sheet.rows.size() || is_blank(sheet.rows[row - 1])) continue;
    sheet.rows[row - 1].clear();
    if (count++ == 0) first = row;
  }
  return {first, count};
}

}  // namespace

void Unseen::leave_out(std::size_t row, std::string_view text) {
  constexpr std::size_t kMostBytes = 60;
  if (left_out_++ > 0) return;
  left_out_row_ = row;
  left_out_text_ = utf8::cut(trim(text), kMostBytes);
}

std::size_t Unseen::Hidden::seen_from(std::size_t number) const {
  const auto found = std::lower_bound(numbers.begin(), numbers.end(), number);
  if (found == numbers.end() || *found != number) return number;
  return next_seen[static_cast<std::size_t>(found - numbers.begin())];
}

Unseen::Hidden Unseen::in_order(std::vector<std::size_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  Hidden hidden{std::move(numbers), {}};
  hidden.next_seen.resize(hidden.numbers.size());
  for (std::size_t i = hidden.numbers.size(); i-- > 0;) {
    const std::size_t next = hidden.numbers[i] + 1;
    const bool is_hidden = i + 1 < hidden.numbers.size() && hidden.numbers[i + 1] == next;
    hidden.next_seen[i] = is_hidden ? hidden.next_seen[i + 1] : next;
  }
  return hidden;
}

// In time linear in the ranges, which may be many and overlap.
std::vector<std::size_t> Unseen::hidden_columns() const {
  constexpr std::size_t kLastColumn = 16'384;
  std::vector<int> begun(kLastColumn + 2);
  for (const auto& [first, last] : columns_) {
    if (first == 0 || first > last || first > kLastColumn) continue;
    ++begun[first];
    --begun[std::min(last, kLastColumn) + 1];
  }
  std::vector<std::size_t> hidden;
  int open = 0;
  for (std::size_t column = 1; column <= kLastColumn; ++column) {
    open += begun[column];
    if (open > 0) hidden.push_back(column);
  }
  return hidden;
}

void Unseen::move_merged(Sheet& sheet, const Hidden& rows, const Hidden& columns) {
  constexpr std::size_t kMostAdded = 1'000'000;  // cells; no sheet that is meant needs more
  std::size_t added = 0;
  for (CellRange& range : sheet.merged) {
    const std::size_t row = rows.seen_from(range.first_row);
    const std::size_t column = columns.seen_from(range.first_column);
    const bool is_seen = row <= range.last_row && column <= range.last_column;
    if (!is_seen || (row == range.first_row && column == range.first_column)) continue;
    std::string* const from = cell_at(sheet, range.first_row, range.first_column);
    if (from == nullptr || from->empty() || row > sheet.rows.size()) continue;
    auto& cells = sheet.rows[row - 1];
    added += column - std::min(column, cells.size());
    if (added > kMostAdded) return;
    std::string text = std::move(*from);
    from->clear();
    if (cells.size() < column) cells.resize(column);
    cells[column - 1] = std::move(text);
    range.first_row = row;
    range.first_column = column;
  }
}

void Unseen::blank_columns(Sheet& sheet, const Hidden& columns) {
  constexpr std::size_t kMostNamed = 5;
  std::set<std::size_t> blanked;
  for (auto& row : sheet.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].empty() || !columns.holds(i + 1)) continue;
      row[i].clear();
      blanked.insert(i + 1);
    }
  }
  if (blanked.empty()) return;
  std::string names;
  std::size_t named = 0;
  for (const std::size_t column : blanked) {
    if (++named > kMostNamed) break;
    names += (names.empty() ? "" : "、") + column_letters(column);
  }
  if (blanked.size() > kMostNamed) names += "等 " + std::to_string(blanked.size()) + " ";
  sheet.notes.push_back("隐藏的 " + names + " 列没有读取；要报送的请取消隐藏后重新报送。");
}

void Unseen::take_out(Sheet& sheet) const {
  const Hidden rows = in_order(rows_);
  const Hidden columns = in_order(hidden_columns());
  if (!rows_.empty() || !columns_.empty()) move_merged(sheet, rows, columns);
  if (const auto [first, count] = blank_rows(sheet, rows.numbers); count > 0) {
    sheet.notes.push_back("隐藏的" + row_words(first, count) +
                          "没有读取；要报送的请取消隐藏或筛选后重新报送。");
  }
  if (!columns.numbers.empty()) blank_columns(sheet, columns);
  const auto [first, count] = blank_rows(sheet, struck_);
  if (count > 0) sheet.notes.push_back(row_words(first, count) + "已划去，没有读取。");
  if (left_out_ > 0) {
    std::string place = "第 " + std::to_string(left_out_row_) + " 行";
    if (left_out_ > 1) place += "等 " + std::to_string(left_out_) + " 处";
    sheet.notes.push_back(place + "上标或划去的“" + left_out_text_ +
                          "”不是数和名称的一部分，没有读取。");
  }
}

}  // namespace districtd

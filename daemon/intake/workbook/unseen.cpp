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

bool Unseen::is_hidden_row(std::size_t row) const {
  return std::binary_search(rows_.begin(), rows_.end(), row);
}

bool Unseen::is_hidden_column(std::size_t column) const {
  return std::any_of(columns_.begin(), columns_.end(), [&](const auto& range) {
    return range.first <= column && column <= range.second;
  });
}

void Unseen::move_merged(Sheet& sheet) const {
  for (CellRange& range : sheet.merged) {
    std::size_t row = range.first_row;
    std::size_t column = range.first_column;
    while (row <= range.last_row && is_hidden_row(row)) ++row;
    while (column <= range.last_column && is_hidden_column(column)) ++column;
    const bool is_seen = row <= range.last_row && column <= range.last_column;
    if (!is_seen || (row == range.first_row && column == range.first_column)) continue;
    std::string* const from = cell_at(sheet, range.first_row, range.first_column);
    if (from == nullptr || from->empty() || row > sheet.rows.size()) continue;
    std::string text = std::move(*from);
    from->clear();
    auto& cells = sheet.rows[row - 1];
    if (cells.size() < column) cells.resize(column);
    cells[column - 1] = std::move(text);
    range.first_row = row;
    range.first_column = column;
  }
}

void Unseen::blank_columns(Sheet& sheet) const {
  constexpr std::size_t kMostNamed = 5;
  std::set<std::size_t> blanked;
  for (auto& row : sheet.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].empty() || !is_hidden_column(i + 1)) continue;
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

void Unseen::take_out(Sheet& sheet) {
  std::sort(rows_.begin(), rows_.end());
  if (!rows_.empty() || !columns_.empty()) move_merged(sheet);
  if (!rows_.empty()) {
    const auto [first, count] = blank_rows(sheet, rows_);
    if (count > 0) {
      sheet.notes.push_back("隐藏的" + row_words(first, count) +
                            "没有读取；要报送的请取消隐藏或筛选后重新报送。");
    }
  }
  if (!columns_.empty()) blank_columns(sheet);
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

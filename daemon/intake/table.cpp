#include "daemon/intake/table.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "daemon/intake/refusals.h"

namespace districtd {

std::optional<RowError> TextTable::fault() const {
  if (csv_.fault() == CsvReader::Fault::none) return std::nullopt;
  return explain_csv_fault(csv_);
}

void SheetTable::data_begins(SheetColumns columns) {
  data_ = std::move(columns);
  merged_.clear();
  next_merged_ = 0;
  open_.assign(data_->shared.size(), nullptr);
  const auto has = [](const std::vector<std::size_t>& all, std::size_t column) {
    return std::find(all.begin(), all.end(), column) != all.end();
  };
  for (const CellRange& range : sheet_.merged) {
    const std::size_t column = range.first_column - 1;
    const bool matters = has(data_->shared, column) ||
                         std::any_of(data_->values.begin(), data_->values.end(), [&](auto value) {
                           return column <= value && value < range.last_column;
                         });
    if (matters && range.last_row >= at_) merged_.push_back(&range);
  }
  std::stable_sort(merged_.begin(), merged_.end(), [](const CellRange* a, const CellRange* b) {
    return a->first_row < b->first_row;
  });
  if (is_put_back()) {
    --at_;
    advance();
  }
}

bool SheetTable::advance() {
  fault_.reset();
  if (at_ == sheet_.rows.size()) return false;
  const std::vector<std::string>& row = sheet_.rows[at_++];
  cells_.assign(row.begin(), row.end());
  if (data_) fill_merged();
  return true;
}

std::string_view SheetTable::text_at(std::size_t row, std::size_t column) const {
  if (row == 0 || row > sheet_.rows.size()) return {};
  const auto& cells = sheet_.rows[row - 1];
  return column < cells.size() ? std::string_view(cells[column]) : std::string_view();
}

// A value that reaches over rows of another target, or over columns of several days.
std::optional<RowError> SheetTable::merged_fault(const CellRange& range) const {
  constexpr std::size_t kMostRows = 1'000;
  const std::string_view value = text_at(range.first_row, range.first_column - 1);
  const auto columns = std::count_if(data_->values.begin(), data_->values.end(), [&](auto column) {
    return range.first_column <= column + 1 && column < range.last_column;
  });
  if (columns == 0 || trim(value).empty()) return std::nullopt;
  const auto explain_merged = [&](std::string_view with) {
    return explain(Refusal::merged_value, row(), "", value, {value, with});
  };
  if (columns > 1) return explain_merged("同一行的另几列");
  const std::string_view target = trim(text_at(range.first_row, data_->target));
  const std::size_t last = std::min(range.last_row, sheet_.rows.size());
  for (std::size_t below = range.first_row + 1; below <= last; ++below) {
    const std::string_view other = trim(text_at(below, data_->target));
    const bool is_other = !other.empty() && other != target;
    if (is_other || below - range.first_row > kMostRows) {
      return explain_merged("第 " + std::to_string(below) + " 行");
    }
  }
  return std::nullopt;
}

void SheetTable::fill_merged() {
  for (; next_merged_ < merged_.size() && merged_[next_merged_]->first_row <= at_; ++next_merged_) {
    const CellRange* const range = merged_[next_merged_];
    for (std::size_t i = 0; i < data_->shared.size(); ++i) {
      if (data_->shared[i] + 1 == range->first_column) open_[i] = range;
    }
    if (range->first_row != at_ || fault_) continue;
    fault_ = merged_fault(*range);
    if (!fault_) continue;
    std::string_view& value = cells_[range->first_column - 1];
    merged_value_ = unclear_cell("与别的单元格合并", value);
    value = merged_value_;
  }
  if (is_blank_row(cells_)) return;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const std::size_t column = data_->shared[i];
    if (open_[i] == nullptr || open_[i]->last_row < at_) continue;
    if (cells_.size() <= column) cells_.resize(column + 1);
    if (trim(cells_[column]).empty()) cells_[column] = text_at(open_[i]->first_row, column);
  }
  if (!sheet_.since_1904 || !data_->as_of || *data_->as_of >= cells_.size()) return;
  std::string_view& day = cells_[*data_->as_of];
  constexpr int kBetween = 1462;  // days from 1899-12-30 to 1904-01-01
  int number = 0;
  const std::string_view text = trim(day);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_serial =
      error == std::errc{} && end == text.data() + text.size() && text.size() == 5 && number > 0;
  if (!is_serial) return;
  day_ = std::to_string(number + kBetween);
  day = day_;
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

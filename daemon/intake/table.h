// A table row by row, whatever it came in: text with separators, or a sheet of a workbook.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/submission.h"
#include "daemon/intake/csv_reader.h"

namespace districtd {

class TableReader {
 public:
  virtual ~TableReader() = default;
  bool next() { return std::exchange(is_put_back_, false) || advance(); }  // false at the end
  void put_back() { is_put_back_ = true; }  // the row that next() gave is given once more
  virtual std::span<const std::string_view> cells() const = 0;  // until the next call of next()
  virtual std::int64_t row() const = 0;                         // as RowError::row
  virtual std::optional<RowError> fault() const = 0;            // of the row's shape

 protected:
  bool is_put_back() const { return is_put_back_; }

 private:
  virtual bool advance() = 0;

  bool is_put_back_ = false;
};

// The text must outlive it.
class TextTable : public TableReader {
 public:
  TextTable(std::string_view text, Separator separator) : csv_(text, separator) {}

  std::span<const std::string_view> cells() const override { return csv_.cells(); }
  std::int64_t row() const override { return csv_.row(); }
  std::optional<RowError> fault() const override;

 private:
  bool advance() override { return csv_.next(); }

  CsvReader csv_;
};

// Rows and columns from 1, both ends included.
struct CellRange {
  std::size_t first_row = 0;
  std::size_t first_column = 0;
  std::size_t last_row = 0;
  std::size_t last_column = 0;
};

// A sheet's cells as text, rows and columns from the sheet's first on. What the sender does not see
// (hidden rows and columns, rows struck out) is blank.
struct Sheet {
  std::string name;
  std::vector<std::vector<std::string>> rows = {};
  std::vector<CellRange> merged = {};   // the text stands in the first cell
  std::vector<std::string> notes = {};  // what was left out: Chinese sentences, a few
  bool is_hidden = false;               // the whole sheet
  bool since_1904 = false;              // bare numbers of days count from 1904-01-01
};

// Where in a sheet's rows what stands, from 0.
struct SheetColumns {
  std::size_t target = 0;
  std::optional<std::size_t> as_of;
  std::vector<std::size_t> shared;  // what a merged cell says of all its rows: as_of, unit, note
  std::vector<std::size_t> values;
};

// The sheet must outlive it.
class SheetTable : public TableReader {
 public:
  explicit SheetTable(const Sheet& sheet) : sheet_(sheet) {}

  // From here on rows are data, one that was put back too. What a merged cell says of all its rows
  // stands in each of them, and a value that is merged over several targets or days is a fault:
  // whose it is nobody knows. The target stays in the first row. Bare numbers of days are days of
  // the workbook's own calendar.
  // It is not to be moved from then on.
  void data_begins(SheetColumns columns);

  std::span<const std::string_view> cells() const override { return cells_; }
  std::int64_t row() const override { return static_cast<std::int64_t>(at_); }
  std::optional<RowError> fault() const override { return fault_; }

 private:
  bool advance() override;
  void fill_merged();
  std::string_view text_at(std::size_t row, std::size_t column) const;
  std::optional<RowError> merged_fault(const CellRange& range) const;

  const Sheet& sheet_;
  std::size_t at_ = 0;
  std::vector<std::string_view> cells_;
  std::optional<SheetColumns> data_;
  std::vector<const CellRange*> merged_;  // of the shared and value columns, by their first row
  std::size_t next_merged_ = 0;
  std::vector<const CellRange*> open_;  // of each shared column the one that may reach this row
  std::optional<RowError> fault_;
  std::string merged_value_;  // what cells_ shows of the value at fault, so that no reader takes it
  std::string day_;           // what cells_ shows instead of a bare number
};

bool is_blank_row(std::span<const std::string_view> cells);

// Of a row that has a fault.
RowError explain_csv_fault(const CsvReader& csv);
RowError explain_row_length(const CsvReader& csv, std::string_view subject, std::size_t most);

}  // namespace districtd

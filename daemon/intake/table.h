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

// A sheet's cells as text, rows and columns from the sheet's first on.
struct Sheet {
  std::string name;
  std::vector<std::vector<std::string>> rows;
};

// The sheet must outlive it.
class SheetTable : public TableReader {
 public:
  explicit SheetTable(const Sheet& sheet) : sheet_(sheet) {}

  std::span<const std::string_view> cells() const override { return cells_; }
  std::int64_t row() const override { return static_cast<std::int64_t>(at_); }
  std::optional<RowError> fault() const override { return std::nullopt; }

 private:
  bool advance() override;

  const Sheet& sheet_;
  std::size_t at_ = 0;
  std::vector<std::string_view> cells_;
};

bool is_blank_row(std::span<const std::string_view> cells);

// Of a row that has a fault.
RowError explain_csv_fault(const CsvReader& csv);
RowError explain_row_length(const CsvReader& csv, std::string_view subject, std::size_t most);

}  // namespace districtd

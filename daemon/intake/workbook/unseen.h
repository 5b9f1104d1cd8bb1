// What of a sheet its sender does not see: hidden rows and columns, and rows struck out. It is no
// data, and the receipt says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/intake/table.h"

namespace districtd {

class Unseen {
 public:
  // Rows and columns from 1.
  void hide_row(std::size_t row) { rows_.push_back(row); }
  void hide_columns(std::size_t first, std::size_t last) { columns_.emplace_back(first, last); }
  // All that stands in the row is struck out.
  void strike_row(std::size_t row) { struck_.push_back(row); }
  // Raised or struck runs of a cell.
  void leave_out(std::size_t row, std::string_view text);

  // Blanks what is not seen and notes it. A merged cell is seen as long as one of its rows and
  // columns is: its text moves there.
  void take_out(Sheet& sheet) const;

 private:
  // Numbers that are hidden, ascending, and for each the next one that is not.
  struct Hidden {
    std::vector<std::size_t> numbers;
    std::vector<std::size_t> next_seen;
    std::size_t seen_from(std::size_t number) const;
    bool holds(std::size_t number) const { return seen_from(number) != number; }
  };
  static Hidden in_order(std::vector<std::size_t> numbers);
  std::vector<std::size_t> hidden_columns() const;
  static void move_merged(Sheet& sheet, const Hidden& rows, const Hidden& columns);
  static void blank_columns(Sheet& sheet, const Hidden& columns);

  std::vector<std::size_t> rows_;
  std::vector<std::pair<std::size_t, std::size_t>> columns_;  // first and last
  std::vector<std::size_t> struck_;
  std::size_t left_out_ = 0;  // cells
  std::size_t left_out_row_ = 0;
  std::string left_out_text_;
};

}  // namespace districtd

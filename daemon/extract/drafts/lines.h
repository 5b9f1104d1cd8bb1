// Stage 6a, lines: pieces of text come in, cut anywhere; lines go out, those together that belong
// together: what a PDF broke, and the cells of a row that stand one a line. A line that is too long
// goes out in parts that end with a sentence, so no work grows with its square.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/drafts/table.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

// Who reads the lines, in the order of the text. What is given ends before its newline.
class LineConsumer {
 public:
  virtual ~LineConsumer() = default;
  // The first 64 KiB, before all else: what only the beginning as a whole says.
  virtual void take_beginning(std::string_view text) = 0;
  // A line, broken lines that are one, or a part of a long one; only its first part begins it.
  virtual void take_piece(std::string_view text, bool begins_line) = 0;
  // Headings of columns, one a line.
  virtual void take_columns(std::string_view text, std::vector<TableColumn> columns) = 0;
  // Cells of such a table, one a line; `is_whole` where they are as many as its columns.
  virtual void take_row(std::string_view text, bool is_whole) = 0;
  // The newline behind what was given.
  virtual void end_line(bool was_long) = 0;
};

class Lines {
 public:
  // `rules` and `consumer` outlive it. `year` is the year that the report plans for.
  Lines(const Rules& rules, int year, LineConsumer& consumer)
      : rules_(&rules), consumer_(&consumer), year_(year) {}

  void feed(std::string_view text);
  // Gives out what is held back; whether the last line had no newline. Call once, last.
  bool finish();

 private:
  void begin();
  void take(std::string_view text);
  void take_pieces_of_rest();
  void add_line(std::string_view text, bool has_end);
  bool may_go_on(std::string_view text) const;
  bool line_goes_on(std::string_view next) const;
  TableColumn column_of_line(std::string_view text) const;
  bool are_headings() const;
  bool cell_goes_on(std::string_view next) const;
  static bool ends_cells(std::string_view text);
  void flush_lines();
  void line(std::string_view text);
  void end_line();

  const Rules* rules_;
  LineConsumer* consumer_;
  int year_;
  std::string beginning_;  // until there are 64 KiB of it
  bool has_begun_ = false;
  std::size_t width_ = 0;  // at which the report's lines are broken; 0: they are not
  std::string rest_;       // of a line that is not over
  std::string lines_;      // that belong together so far
  std::size_t last_line_ = 0;
  std::size_t lines_count_ = 0;
  bool lines_have_end_ = false;
  std::size_t cells_per_row_ = 0;  // where each cell has a line of its own
  bool in_long_line_ = false;
};

}  // namespace districtd::extract

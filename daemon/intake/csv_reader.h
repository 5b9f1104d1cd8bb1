// Comma-separated values as RFC 4180 has them, and as spreadsheets write them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

// What stands between the cells of a row.
enum class Separator { comma, tab, semicolon, wide_comma /* ， */, pipe };

// Reads one row after the other: quoted fields, doubled quotes, commas and newlines within quotes;
// rows end with CRLF, LF or CR, the last one need not. A quote within an unquoted field is a
// character like others, but where only blanks stand before it and the field is a whole quoted one
// within its line: `a, "b"`. The text must outlive the reader; cells are views into it, or into the
// reader where a doubled quote had to be resolved, and last until the next call of next(). Whatever
// is read, the reader itself holds no more than kMostCells and kMostRowBytes.
class CsvReader {
 public:
  static constexpr std::size_t kMostCells = 1'000;
  static constexpr std::size_t kMostRowBytes = 1'048'576;

  enum class Fault {
    none,
    stray_quote,         // text after a closing quote: that cell is given as it stands
    unterminated_quote,  // the text ended within quotes: this is the last row
    too_many_cells,      // something stands beyond kMostCells: only so many are given
    too_long,            // more than kMostRowBytes: doubled quotes may not be resolved
  };

  explicit CsvReader(std::string_view text, Separator separator = Separator::comma)
      : at_(text.data()), end_(text.data() + text.size()), separator_(separator) {}

  bool next();  // false at the end

  std::span<const std::string_view> cells() const { return cells_; }  // at least one
  // How many cells the row has, without empty ones beyond kMostCells at its end.
  std::size_t width() const { return width_; }
  std::size_t bytes() const { return bytes_; }  // of the row as it stands, without its end
  std::int64_t row() const { return row_; }     // from 1; a quoted newline begins no row
  Fault fault() const { return fault_; }        // of this row
  std::size_t faulty_cell() const { return faulty_cell_; }  // of a fault of quotes
  const char* position() const { return at_; }              // where the next row begins

 private:
  template <Separator kSeparator>
  bool next_row();
  template <Separator kSeparator>
  void read_plain();
  template <Separator kSeparator>
  void read_quoted();
  template <Separator kSeparator>
  const char* quote_after_blanks() const;
  void add(std::string_view cell);
  void set_fault(Fault fault);
  std::string& scratch();

  const char* at_;
  const char* end_;
  Separator separator_;
  std::int64_t row_ = 0;
  Fault fault_ = Fault::none;
  std::size_t faulty_cell_ = 0;
  std::size_t count_ = 0;  // of the row's cells, given or not
  std::size_t width_ = 0;
  std::size_t bytes_ = 0;
  std::vector<std::string_view> cells_;
  std::deque<std::string> unescaped_;  // a deque: its strings stay where they are
  std::size_t unescaped_used_ = 0;
  std::size_t unescaped_bytes_ = 0;  // of this row
};

}  // namespace districtd

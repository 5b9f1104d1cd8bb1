#include "daemon/intake/workbook/sheet_part.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/workbook/package.h"

namespace districtd {

namespace {

constexpr std::size_t kMostColumns = 1'000;
constexpr std::size_t kMostRows = 1'048'576;
constexpr std::size_t kMostFormulaBytes = 1'000;
constexpr std::size_t kMostMerged = 65'000;

struct CellPlace {
  std::size_t row = 0;  // 0 where only the column is said
  std::size_t column = 0;
};

// The digits at the beginning of a text that ends in NUL; what is beyond any sheet stays so.
std::size_t number_at(const char* text) {
  constexpr std::size_t kMost = 100'000'000;
  std::size_t number = 0;
  for (; *text >= '0' && *text <= '9' && number < kMost; ++text) {
    number = 10 * number + static_cast<std::size_t>(*text - '0');
  }
  return number;
}

// "C12".
CellPlace cell_place(const char* name) {
  constexpr std::size_t kLastColumn = 16'384;
  CellPlace place;
  const char* at = name;
  for (; *at >= 'A' && *at <= 'Z'; ++at) {
    place.column = 26 * place.column + static_cast<std::size_t>(*at - 'A' + 1);
    if (place.column > kLastColumn) {
      throw DamagedWorkbook("单元格编号“" + std::string(name) + "”无效");
    }
  }
  place.row = number_at(at);
  return place;
}

// "A3:B5"; nullopt where it is no range.
std::optional<CellRange> range_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  const CellPlace first = cell_place(std::string(text.substr(0, colon)).c_str());
  const CellPlace last = cell_place(std::string(text.substr(colon + 1)).c_str());
  const bool is_range =
      first.row != 0 && first.column != 0 && first.row <= last.row && first.column <= last.column;
  if (!is_range) return std::nullopt;
  return CellRange{first.row, first.column, last.row, last.column};
}

// Whether a number is written as shown() would write it: "12.6", "-5", but not "12.60" or "1.26E1".
bool is_written_plainly(std::string_view text) {
  constexpr std::size_t kMostBytes = 15;  // no more digits than a number holds
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > kMostBytes) return false;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || (digits > 1 && text[0] == '0')) return false;
  if (digits == text.size()) return text != "0";
  constexpr std::string_view kDigits = "0123456789";
  const std::string_view rest = text.substr(digits + 1);
  return text[0] != '0' && text[digits] == '.' && !rest.empty() && rest.back() != '0' &&
         rest.find_first_not_of(kDigits) == rest.npos;
}

// Whether a row's height or a column's width is said to be nothing.
bool is_nothing(std::string_view size) {
  return !size.empty() && size.find_first_not_of("0.") == size.npos;
}

// A day as ISO 8601 has it, with its time where that is of the last ten minutes or is not plain.
std::string day_text(std::string_view value) {
  constexpr std::size_t kDayBytes = 10;
  const std::string_view time = value.size() > kDayBytes ? value.substr(kDayBytes + 1) : "";
  const bool is_plain = time.find_first_not_of("0123456789:.") == time.npos;
  std::string text(is_plain && !time.starts_with("23:5") ? value.substr(0, kDayBytes) : value);
  if (is_plain && text.size() > kDayBytes) text[kDayBytes] = ' ';
  return text;
}

}  // namespace

SheetPart::CellType SheetPart::type_of(std::string_view name) {
  if (name.empty() || name == "n") return CellType::number;
  if (name == "s") return CellType::shared;
  if (name == "str") return CellType::formula_text;
  if (name == "inlineStr") return CellType::inline_text;
  if (name == "b") return CellType::boolean;
  if (name == "e") return CellType::error;
  return name == "d" ? CellType::date : CellType::unknown;
}

void SheetPart::start(std::string_view name, const XmlAttributes& attributes) {
  if (!in_data_) return start_outside(name, attributes);
  if (inside_ == Inside::runs) return runs_.start(name, attributes);
  if (name == "c") {
    start_cell(attributes);
  } else if (name == "v" && in_cell_) {
    has_value_ = true;
    inside_ = Inside::value;
  } else if (name == "row") {
    std::size_t row = row_ + 1;
    read_whole(attributes["r"], row);
    row_ = row;
    column_ = seen_in_row_ = struck_in_row_ = 0;
    if (is_true(attributes["hidden"]) || is_nothing(attributes["ht"])) unseen_.hide_row(row_);
  } else if (name == "f" && in_cell_) {
    has_formula_ = true;
    inside_ = Inside::formula;
    if (attributes["t"] == "array") formula_range_ = attributes["ref"];
  } else if (name == "is" && in_cell_) {
    has_value_ = true;
    inside_ = Inside::runs;
    runs_.begin();
  }
}

void SheetPart::start_outside(std::string_view name, const XmlAttributes& attributes) {
  if (name == "sheetData") {
    in_data_ = true;
  } else if (name == "col") {
    std::size_t first = 0;
    std::size_t last = 0;
    const bool is_hidden = is_true(attributes["hidden"]) || is_nothing(attributes["width"]);
    if (is_hidden && read_whole(attributes["min"], first) && read_whole(attributes["max"], last)) {
      unseen_.hide_columns(first, last);
    }
  } else if (name == "sheetView") {
    const std::string_view zeros = attributes["showZeros"];
    shows_zeros_ = zeros.empty() || is_true(zeros);
  } else if (name == "mergeCell") {
    const auto range = range_of(attributes["ref"]);
    if (!range || range->first_row > sheet_.rows.size()) return;
    if (sheet_.merged.size() == kMostMerged) throw WorkbookTooLarge();
    sheet_.merged.push_back(*range);
  }
}

void SheetPart::start_cell(const XmlAttributes& attributes) {
  in_cell_ = true;
  type_ = CellType::number;
  std::size_t style = 0;
  bool is_placed = false;
  attributes.for_each_letter([&](char name, const char* value) {
    if (name == 'r') is_placed = place_cell(value);
    if (name == 's') style = number_at(value);
    if (name == 't') type_ = type_of(value);
  });
  if (!is_placed) ++column_;
  style_ = &context_.styles.style_of(style);
  value_.clear();
  has_value_ = has_formula_ = false;
  formula_.clear();
  formula_range_.clear();
  left_out_.clear();
}

// "C12". False where nothing is said: it is the cell after the last one.
bool SheetPart::place_cell(const char* name) {
  const CellPlace place = cell_place(name);
  if (place.column == 0) return false;
  column_ = place.column;
  if (place.row != 0) row_ = place.row;
  return true;
}

void SheetPart::end(std::string_view name) {
  if (!in_data_) return;
  if (inside_ == Inside::runs) {
    if (name != "is") return runs_.end(name);
    RunText read = runs_.take();
    value_ = std::move(read.text);
    left_out_ = std::move(read.left_out);
  }
  inside_ = Inside::nothing;
  if (name == "c" && in_cell_) {
    end_cell();
    in_cell_ = false;
  } else if (name == "row") {
    end_row();
  } else if (name == "sheetData") {
    fill_ranges();
    in_data_ = false;
  }
}

void SheetPart::text(std::string_view text) {
  switch (inside_) {
    case Inside::value:
      value_ += text;
      return;
    case Inside::runs:
      runs_.text(text);
      return;
    case Inside::formula:
      if (formula_.size() < kMostFormulaBytes) formula_ += text;
      return;
    case Inside::nothing:
      return;
  }
}

// Programs that write formulas without calculating them store nothing, or the number 0 and that all
// is to be calculated when the workbook is opened. An empty text is a result: IF(…,"").
bool SheetPart::lacks_result() const {
  if (!has_formula_) return false;
  if (value_.empty()) {
    return !(has_value_ && (type_ == CellType::formula_text || type_ == CellType::inline_text));
  }
  return context_.workbook.is_calculated_on_load && type_ == CellType::number && value_ == "0";
}

std::string SheetPart::number_text() const {
  if (style_->format.sections.empty() && is_written_plainly(value_) && shows_zeros_) return value_;
  const std::string_view text = trim_ascii(value_);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return unclear_cell("的数值无效", text);
  }
  if (number == 0 && !shows_zeros_) return "";
  return shown(number, style_->format, context_.workbook.since_1904);
}

std::string SheetPart::cell_text() {
  switch (type_) {
    case CellType::number:
      return number_text();
    case CellType::shared: {
      std::size_t index = 0;
      if (!read_whole(trim_ascii(value_), index)) throw DamagedWorkbook("单元格的文字编号无效");
      left_out_ = context_.strings.left_out_of(index);
      return shown_text(context_.strings.text_of(index), style_->format);
    }
    case CellType::inline_text:
      return shown_text(value_, style_->format);
    case CellType::formula_text:
      return shown_text(unescaped(value_), style_->format);
    case CellType::boolean:
      return value_ == "1" || value_ == "true" ? "TRUE" : "FALSE";
    case CellType::date:
      return day_text(value_);
    case CellType::error:  // what Excel shows for it: #N/A, #REF!
      return value_;
    case CellType::unknown:
      break;
  }
  return unclear_cell("的类型无法识别", value_);
}

void SheetPart::end_cell() {
  if (lacks_result()) return put_formula();
  if (value_.empty() && left_out_.empty()) return;
  std::string cell = cell_text();
  const bool is_blank = trim(cell).empty();
  if (is_blank && left_out_.empty()) return;
  ++seen_in_row_;
  if (is_blank || style_->is_struck) {
    ++struck_in_row_;
    return put(unclear_cell("已划去或是上标", is_blank ? left_out_ : cell));
  }
  if (!left_out_.empty()) unseen_.leave_out(row_, left_out_);
  put(std::move(cell));
}

void SheetPart::end_row() {
  if (struck_in_row_ > 0 && struck_in_row_ == seen_in_row_) unseen_.strike_row(row_);
}

// Empty rows and cells take memory too.
void SheetPart::take_room(std::size_t more) {
  if (more > context_.cells_left) throw WorkbookTooLarge();
  context_.cells_left -= more;
}

// A formula without a result is shown itself, as Excel does where it is to show formulas: what is
// made of it is not for a reader of cells to decide. One that shares another cell's has no text.
void SheetPart::put_formula() {
  ++seen_in_row_;
  std::string cell = "=";
  cell += formula_.empty() ? "…" : utf8::cut(formula_, kMostFormulaBytes);
  if (const auto range = range_of(formula_range_)) open_formulas_.push_back({*range, cell});
  put(std::move(cell));
}

// Only rows in which something stands: nothing is reported in the others. Every cell is counted,
// for ranges may be many and overlap.
void SheetPart::fill_ranges() {
  for (const OpenFormula& open : open_formulas_) {
    const std::size_t last_row = std::min(open.range.last_row, sheet_.rows.size());
    for (row_ = open.range.first_row; row_ <= last_row; ++row_) {
      for (column_ = open.range.first_column; column_ <= open.range.last_column; ++column_) {
        take_room(1);
        const auto& cells = sheet_.rows[row_ - 1];
        if (cells.empty() || (column_ <= cells.size() && !cells[column_ - 1].empty())) continue;
        put(open.cell);
      }
    }
  }
  open_formulas_.clear();
}

void SheetPart::put(std::string cell) {
  if (row_ == 0 || column_ == 0 || row_ > kMostRows) throw DamagedWorkbook("单元格编号无效");
  if (column_ > kMostColumns) throw WorkbookTooLarge();
  if (sheet_.rows.size() < row_) {
    take_room(row_ - sheet_.rows.size());
    sheet_.rows.resize(row_);
  }
  auto& cells = sheet_.rows[row_ - 1];
  if (cells.size() < column_) {
    take_room(column_ - cells.size());
    // Rows are as wide as the one above, nearly always.
    if (cells.capacity() < column_) cells.reserve(std::max(column_, width_));
    cells.resize(column_);
    width_ = column_;
  }
  cells[column_ - 1] = std::move(cell);
}

}  // namespace districtd

// The part of one sheet: its rows and cells (ECMA-376 part 1, 18.3.1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/intake/table.h"
#include "daemon/intake/workbook/strings.h"
#include "daemon/intake/workbook/styles.h"
#include "daemon/intake/workbook/unseen.h"
#include "daemon/intake/workbook/workbook_part.h"
#include "daemon/intake/workbook/xml.h"

namespace districtd {

// What the cells of all sheets refer to, and how many more of them there may be.
struct SheetContext {
  const SharedStrings& strings;
  const Styles& styles;
  const WorkbookPart& workbook;
  std::size_t& cells_left;
};

// Reads a sheet into `sheet`; complete() is to be called once the part is at its end. Throws
// DamagedWorkbook and WorkbookTooLarge.
class SheetPart : public XmlHandler {
 public:
  SheetPart(Sheet& sheet, const SheetContext& context) : sheet_(sheet), context_(context) {}

  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override;
  void complete() { unseen_.take_out(sheet_); }

 private:
  enum class CellType { number, shared, inline_text, formula_text, boolean, error, date, unknown };
  // Where the text that is read now belongs to.
  enum class Inside { nothing, value, formula, runs };

  // An array formula without a result, which stands for the other cells of its range as well.
  struct OpenFormula {
    CellRange range;
    std::string cell;
  };

  void start_outside(std::string_view name, const XmlAttributes& attributes);
  void start_cell(const XmlAttributes& attributes);
  bool place_cell(const char* name);
  bool lacks_result() const;
  std::string cell_text();
  std::string number_text() const;
  void end_cell();
  void end_row();
  void put_formula();
  void fill_ranges();
  void put(std::string cell);
  void take_room(std::size_t more);
  static CellType type_of(std::string_view name);

  Sheet& sheet_;
  const SheetContext context_;
  Unseen unseen_;
  bool in_data_ = false;
  bool in_cell_ = false;
  bool shows_zeros_ = true;

  std::size_t row_ = 0;  // from 1; 0 before the first one
  std::size_t column_ = 0;
  std::size_t width_ = 0;          // of the last row that was written to
  std::size_t seen_in_row_ = 0;    // cells that are not blank
  std::size_t struck_in_row_ = 0;  // of them

  CellType type_ = CellType::number;
  const CellStyle* style_ = nullptr;
  Inside inside_ = Inside::nothing;
  std::string value_;
  bool has_value_ = false;  // the cell has an element for it, be it an empty one
  bool has_formula_ = false;
  std::string formula_;
  std::string formula_range_;
  RunReader runs_;
  std::string left_out_;  // of its text
  std::vector<OpenFormula> open_formulas_;
};

}  // namespace districtd

// How the cells of a workbook look, as far as it says what they mean.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/intake/number_format.h"
#include "daemon/intake/workbook/xml.h"

namespace districtd {

struct CellStyle {
  NumberFormat format;
  bool is_struck = false;  // the whole cell is struck out
};

// The part styles (ECMA-376 part 1, 18.8).
class Styles : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;

  // Of a cell's attribute `s`; the general one where there are none at all.
  // Throws DamagedWorkbook where there is none of that number: nobody knows what it shows.
  const CellStyle& style_of(std::size_t cell_format) const;

 private:
  enum class Table { none, number_formats, fonts, cell_formats };

  Table table_ = Table::none;
  std::map<std::size_t, NumberFormat> own_;  // by id
  std::vector<bool> struck_fonts_;
  std::vector<CellStyle> styles_;
};

}  // namespace districtd

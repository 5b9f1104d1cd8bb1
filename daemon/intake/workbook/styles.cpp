#include "daemon/intake/workbook/styles.h"

#include "daemon/intake/workbook/strings.h"

namespace districtd {

void Styles::start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "numFmts") table_ = Table::number_formats;
  if (name == "fonts") table_ = Table::fonts;
  if (name == "cellXfs") table_ = Table::cell_formats;
  if (table_ == Table::number_formats && name == "numFmt") {
    std::size_t id = 0;
    if (!read_whole(attributes["numFmtId"], id)) return;
    own_[id] = number_format(unescaped(attributes["formatCode"]));
  }
  if (table_ == Table::fonts && name == "font") struck_fonts_.push_back(false);
  if (table_ == Table::fonts && name == "strike" && !struck_fonts_.empty()) {
    const std::string_view value = attributes["val"];
    struck_fonts_.back() = value.empty() || is_true(value);
  }
  if (table_ == Table::cell_formats && name == "xf") {
    std::size_t id = 0;
    std::size_t font = 0;
    read_whole(attributes["numFmtId"], id);
    read_whole(attributes["fontId"], font);
    const auto own = own_.find(id);
    CellStyle& style = styles_.emplace_back();
    style.format = own != own_.end() ? own->second : builtin_number_format(id);
    style.is_struck = font < struck_fonts_.size() && struck_fonts_[font];
  }
}

void Styles::end(std::string_view name) {
  if (name == "numFmts" || name == "fonts" || name == "cellXfs") table_ = Table::none;
}

const CellStyle& Styles::style_of(std::size_t cell_format) const {
  static const CellStyle kGeneral;
  if (styles_.empty()) return kGeneral;
  if (cell_format >= styles_.size()) throw DamagedWorkbook("单元格的样式不在样式表中");
  return styles_[cell_format];
}

}  // namespace districtd

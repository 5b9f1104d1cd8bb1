#include "daemon/intake/workbook.h"

#include <expat.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <orcus/sax_parser.hpp>
#include <string>
#include <utility>

#include "base/shortage.h"
#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/charset.h"
#include "daemon/intake/number_format.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/zip_directory.h"

namespace districtd {

namespace {

// liborcus' reader of whole workbooks leaves out inline strings and parts that are named from the
// root, both of which exporting programs write. Its XML reader is used here, and what a workbook's
// parts mean is read from ECMA-376 part 1, 18.

using Element = orcus::sax::parser_element;
using Attribute = orcus::sax::parser_attribute;

constexpr const char* kBroken = "内容不完整或已损坏";
constexpr std::size_t kMostColumns = 1'000;
constexpr std::size_t kMostRows = 1'048'576;

class TooLarge : public std::exception {};

class Damaged : public std::exception {
 public:
  explicit Damaged(std::string why) : why_(std::move(why)) {}
  const char* what() const noexcept override { return why_.c_str(); }

 private:
  std::string why_;
};

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Collects the attributes of an element, which come before its start; the parts derive from it.
class PartHandler : public orcus::sax_handler {
 public:
  void attribute(const Attribute& attribute) {
    attributes_.emplace_back(attribute.name, attribute.value);
  }

 protected:
  std::string take_attribute(std::string_view name) const {
    for (const auto& [key, value] : attributes_) {
      if (key == name) return value;
    }
    return {};
  }
  void clear_attributes() { attributes_.clear(); }

 private:
  std::vector<std::pair<std::string, std::string>> attributes_;
};

// liborcus 0.17 ends the process (assert) at some of what is not well formed: a part that breaks
// off within a name, a reference to what is beyond Unicode. So Expat reads each part first.
void check_well_formed(std::string_view part) {
  // In UTF-8 whatever the part declares, as liborcus reads it.
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate("UTF-8"), XML_ParserFree);
  if (!parser) throw std::bad_alloc();
  // ECMA-376 part 2, 7.2.2 allows no document type, and with it come entities of one's own.
  XML_SetUserData(parser.get(), parser.get());
  XML_SetStartDoctypeDeclHandler(
      parser.get(), [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
        XML_StopParser(static_cast<XML_Parser>(self), XML_FALSE);
      });
  static_assert(kMostUnpackedBytes <= std::numeric_limits<int>::max());
  if (XML_Parse(parser.get(), part.data(), static_cast<int>(part.size()), 1) != XML_STATUS_OK) {
    if (XML_GetErrorCode(parser.get()) == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    throw Damaged(kBroken);
  }
}

// `part` is empty where the workbook has none of that name.
template <typename Handler>
void parse(std::string part, Handler& handler) {
  if (part.empty()) return;
  if (!utf8::is_valid(part)) throw Damaged("其中的文字不是 UTF-8");
  check_well_formed(part);
  const std::size_t size = part.size();
  part += '\0';  // the parser looks at the byte behind the end of what is cut off
  orcus::sax_parser<Handler> parser(part.data(), size, handler);
  parser.parse();
}

struct Relation {
  std::string type;
  std::string target;
};

class RelationsReader : public PartHandler {
 public:
  std::map<std::string, Relation> relations;

  void start_element(const Element& element) {
    if (element.name == "Relationship") {
      relations[take_attribute("Id")] = {take_attribute("Type"), take_attribute("Target")};
    }
    clear_attributes();
  }
};

// XML Schema part 2, 3.2.2.
bool is_true(std::string_view flag) { return flag == "1" || flag == "true"; }

class WorkbookReader : public PartHandler {
 public:
  std::vector<std::pair<std::string, std::string>> sheets;  // name, id of the relation
  bool since_1904 = false;
  bool is_calculated_on_load = false;  // what is stored with its formulas need not be their result

  void start_element(const Element& element) {
    if (element.name == "sheet") sheets.emplace_back(take_attribute("name"), take_attribute("id"));
    if (element.name == "workbookPr") {
      since_1904 = is_true(take_attribute("date1904"));
    }
    if (element.name == "calcPr") {
      is_calculated_on_load = is_true(take_attribute("fullCalcOnLoad"));
    }
    clear_attributes();
  }
};

class StringsReader : public PartHandler {
 public:
  std::vector<std::string> strings;

  void start_element(const Element& element) {
    clear_attributes();
    if (element.name == "si") strings.emplace_back();
    if (element.name == "t") in_text_ = true;
    if (element.name == "rPh") is_phonetic_ = true;
  }
  void end_element(const Element& element) {
    if (element.name == "t") in_text_ = false;
    if (element.name == "rPh") is_phonetic_ = false;
  }
  void characters(std::string_view text, bool) {
    if (in_text_ && !is_phonetic_ && !strings.empty()) strings.back() += text;
  }

 private:
  bool in_text_ = false;
  bool is_phonetic_ = false;
};

// Number formats by cell format.
class StylesReader : public PartHandler {
 public:
  const NumberFormat& format_of(std::size_t cell_format) const {
    static const NumberFormat kGeneral;
    return cell_format < formats_.size() ? formats_[cell_format] : kGeneral;
  }

  void start_element(const Element& element) {
    if (element.name == "cellXfs") in_cell_formats_ = true;
    const auto id = number_of(take_attribute("numFmtId"));
    if (element.name == "numFmt" && id) own_[*id] = number_format(take_attribute("formatCode"));
    if (element.name == "xf" && in_cell_formats_) {
      const auto own = own_.find(id.value_or(0));
      formats_.push_back(own != own_.end() ? own->second : builtin_number_format(id.value_or(0)));
    }
    clear_attributes();
  }
  void end_element(const Element& element) {
    if (element.name == "cellXfs") in_cell_formats_ = false;
  }

 private:
  bool in_cell_formats_ = false;
  std::map<std::size_t, NumberFormat> own_;
  std::vector<NumberFormat> formats_;
};

// Rows and columns from 1.
struct CellPlace {
  std::size_t row = 0;  // 0 where only the column is said
  std::size_t column = 0;
};

// "C12".
CellPlace cell_place(std::string_view name) {
  CellPlace place;
  std::size_t at = 0;
  for (; at < name.size() && name[at] >= 'A' && name[at] <= 'Z'; ++at) {
    place.column = 26 * place.column + static_cast<std::size_t>(name[at] - 'A' + 1);
    if (place.column > 16'384) throw Damaged("单元格编号“" + std::string(name) + "”无效");
  }
  place.row = number_of(name.substr(at)).value_or(0);
  return place;
}

class SheetReader : public PartHandler {
 public:
  SheetReader(Sheet& sheet, const StringsReader& strings, const StylesReader& styles,
              const WorkbookReader& workbook, std::size_t& cells_left)
      : sheet_(sheet),
        strings_(strings),
        styles_(styles),
        workbook_(workbook),
        cells_left_(cells_left) {}

  void start_element(const Element& element) {
    if (element.name == "row") {
      row_ = number_of(take_attribute("r")).value_or(row_ + 1);
      column_ = 0;
    } else if (element.name == "c") {
      type_ = take_attribute("t");
      format_ = number_of(take_attribute("s")).value_or(0);
      place(take_attribute("r"));
      value_.clear();
      has_value_ = has_formula_ = false;
      formula_.clear();
      formula_range_.clear();
    } else if (element.name == "f") {
      has_formula_ = true;
      if (take_attribute("t") == "array") formula_range_ = take_attribute("ref");
    }
    in_formula_ = element.name == "f";
    has_value_ = has_value_ || element.name == "v" || element.name == "is";
    in_value_ = element.name == "v" || (element.name == "t" && type_ == "inlineStr");
    is_phonetic_ = is_phonetic_ || element.name == "rPh";
    clear_attributes();
  }
  void end_element(const Element& element) {
    in_value_ = in_formula_ = false;
    if (element.name == "rPh") is_phonetic_ = false;
    if (element.name == "c") put_cell();
    if (element.name == "sheetData") fill_ranges();
  }
  void characters(std::string_view text, bool) {
    if (in_value_ && !is_phonetic_) value_ += text;
    if (in_formula_ && formula_.size() < kMostFormulaBytes) formula_ += text;
  }

 private:
  static constexpr std::size_t kMostFormulaBytes = 1'000;

  // An array formula without a result, which stands for the other cells of its range as well.
  struct Range {
    CellPlace first;
    CellPlace last;
    std::string cell;
  };

  // "C12", or the cell after the last one.
  void place(std::string_view name) {
    if (name.empty()) {
      ++column_;
      return;
    }
    const CellPlace place = cell_place(name);
    column_ = place.column;
    if (place.row != 0) row_ = place.row;
  }

  // Programs that write formulas without calculating them store nothing, or the number 0 and that
  // all is to be calculated when the workbook is opened. An empty text is a result: IF(…,"").
  bool lacks_result() const {
    if (!has_formula_) return false;
    if (value_.empty()) return !(has_value_ && (type_ == "str" || type_ == "inlineStr"));
    const bool is_number = type_.empty() || type_ == "n";
    return workbook_.is_calculated_on_load && is_number && value_ == "0";
  }

  std::string text() const {
    if (type_ == "s") {
      const auto index = number_of(value_);
      return index && *index < strings_.strings.size() ? strings_.strings[*index] : "";
    }
    if (type_ == "b") return value_ == "1" ? "TRUE" : "FALSE";
    // What Excel shows for an error: #N/A, #REF!.
    if (type_ == "str" || type_ == "inlineStr" || type_ == "e") return value_;
    if (type_ == "d") return value_.substr(0, 10);
    double number = 0;
    const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), number);
    if (error != std::errc{}) return value_;
    return shown(number, styles_.format_of(format_), workbook_.since_1904);
  }

  // Empty rows and cells take memory too.
  void take_room(std::size_t more) {
    if (more > cells_left_) throw TooLarge();
    cells_left_ -= more;
  }

  // A formula without a result is shown itself, as Excel does where it is to show formulas: what is
  // made of it is not for a reader of cells to decide. One that shares another cell's has no text.
  void put_cell() {
    if (!lacks_result()) {
      if (!value_.empty()) put(text());
      return;
    }
    std::string cell = "=";
    cell += formula_.empty() ? "…" : utf8::cut(formula_, kMostFormulaBytes);
    if (const std::size_t colon = formula_range_.find(':'); colon != std::string::npos) {
      ranges_.push_back({cell_place(std::string_view(formula_range_).substr(0, colon)),
                         cell_place(std::string_view(formula_range_).substr(colon + 1)), cell});
    }
    put(std::move(cell));
  }

  // Only rows in which something stands: nothing is reported in the others. Every cell is counted,
  // for ranges may be many and overlap.
  void fill_ranges() {
    for (const Range& range : ranges_) {
      const std::size_t last_row = std::min(range.last.row, sheet_.rows.size());
      for (row_ = std::max<std::size_t>(range.first.row, 1); row_ <= last_row; ++row_) {
        for (column_ = std::max<std::size_t>(range.first.column, 1); column_ <= range.last.column;
             ++column_) {
          take_room(1);
          const auto& cells = sheet_.rows[row_ - 1];
          if (cells.empty() || (column_ <= cells.size() && !cells[column_ - 1].empty())) continue;
          put(range.cell);
        }
      }
    }
    ranges_.clear();
  }

  void put(std::string cell) {
    if (trim(cell).empty()) return;
    if (row_ == 0 || column_ == 0 || row_ > kMostRows) throw Damaged("单元格编号无效");
    if (column_ > kMostColumns) throw TooLarge();
    if (sheet_.rows.size() < row_) {
      take_room(row_ - sheet_.rows.size());
      sheet_.rows.resize(row_);
    }
    auto& cells = sheet_.rows[row_ - 1];
    if (cells.size() < column_) {
      take_room(column_ - cells.size());
      cells.resize(column_);
    }
    cells[column_ - 1] = std::move(cell);
  }

  Sheet& sheet_;
  const StringsReader& strings_;
  const StylesReader& styles_;
  const WorkbookReader& workbook_;
  std::size_t& cells_left_;  // of the workbook
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::string type_;
  std::size_t format_ = 0;
  std::string value_;
  bool has_value_ = false;  // the cell has an element for it, be it an empty one
  bool in_value_ = false;
  bool has_formula_ = false;
  bool in_formula_ = false;
  std::string formula_;
  std::string formula_range_;
  std::vector<Range> ranges_;
  bool is_phonetic_ = false;
};

// The name of a part that a relation of a part in `folder` ("xl/") leads to.
std::string part_name(const std::string& folder, std::string target) {
  if (target.starts_with('/')) return target.substr(1);
  std::string base = folder;
  while (target.starts_with("../")) {
    target.erase(0, 3);
    if (!base.empty()) base.pop_back();
    base.erase(base.rfind('/') == std::string::npos ? 0 : base.rfind('/') + 1);
  }
  return base + target;
}

class Archive {
 public:
  Archive(std::string_view body, const ZipDirectory& directory)
      : body_(body), directory_(directory) {}

  // Empty where there is none. A part may be asked for more than once, but all that is unpacked has
  // its limit.
  std::string part(const std::string& name) {
    for (const ZipEntry& entry : directory_.entries) {
      if (entry.name != name) continue;
      if (entry.unpacked > left_) throw TooLarge();
      left_ -= entry.unpacked;
      auto content = unpack(body_, entry);
      if (!content) throw Damaged("其中的“" + name + "”不完整");
      return std::move(*content);
    }
    return {};
  }

  std::map<std::string, Relation> relations(const std::string& name) {
    RelationsReader reader;
    parse(part(name), reader);
    return std::move(reader.relations);
  }

 private:
  std::string_view body_;
  const ZipDirectory& directory_;
  std::uint64_t left_ = kMostUnpackedBytes;
};

std::vector<Sheet> read_sheets(Archive archive) {
  std::string workbook = "xl/workbook.xml";
  for (const auto& [id, relation] : archive.relations("_rels/.rels")) {
    if (relation.type.ends_with("/officeDocument")) workbook = part_name("", relation.target);
  }
  const std::size_t slash = workbook.rfind('/') + 1;  // 0 where there is none
  const std::string folder = workbook.substr(0, slash);
  const auto relations = archive.relations(folder + "_rels/" + workbook.substr(slash) + ".rels");

  StringsReader strings;
  StylesReader styles;
  WorkbookReader reader;
  parse(archive.part(workbook), reader);
  for (const auto& [id, relation] : relations) {
    const std::string name = part_name(folder, relation.target);
    if (relation.type.ends_with("/sharedStrings")) parse(archive.part(name), strings);
    if (relation.type.ends_with("/styles")) parse(archive.part(name), styles);
  }
  std::vector<Sheet> sheets;
  std::size_t cells_left = kMostWorkbookCells;
  for (const auto& [name, id] : reader.sheets) {
    const auto relation = relations.find(id);
    // Chart sheets and the like have no cells.
    if (relation == relations.end() || !relation->second.type.ends_with("/worksheet")) continue;
    Sheet& sheet = sheets.emplace_back(Sheet{name, {}});
    SheetReader cells(sheet, strings, styles, reader, cells_left);
    std::string part = archive.part(part_name(folder, relation->second.target));
    if (part.empty()) throw Damaged("缺少工作表“" + name + "”的内容");
    parse(std::move(part), cells);
  }
  return sheets;
}

RowError damaged(std::string_view why) {
  return explain(Refusal::damaged_workbook, 0, "", "", {why});
}

RowError too_large(std::string_view what, std::string_view most) {
  return explain(Refusal::workbook_too_large, 0, "", "", {what, most});
}

// What can be told before anything is unpacked.
std::optional<RowError> look_inside(const ZipDirectory& directory) {
  if (directory.is_encrypted) return explain(Refusal::encrypted_workbook, 0, "", "");
  const auto holds = [&](std::string_view piece) {
    return std::any_of(
        directory.entries.begin(), directory.entries.end(),
        [&](const ZipEntry& entry) { return entry.name.find(piece) != std::string::npos; });
  };
  for (const std::string_view macros : {"vbaProject.bin", "macrosheets/"}) {
    if (holds(macros)) return explain(Refusal::macro_workbook, 0, "", "", {macros});
  }
  if (directory.unpacked > kMostUnpackedBytes) {
    return too_large(std::to_string(directory.unpacked >> 20U) + " MiB",
                     std::to_string(kMostUnpackedBytes >> 20U) + " MiB");
  }
  if (!holds("workbook.xml")) return damaged("压缩包里没有 xl/workbook.xml，不是 xlsx");
  return std::nullopt;
}

}  // namespace

Result<std::vector<Sheet>, RowError> read_workbook(std::string_view body) {
  const auto directory = read_zip_directory(body);
  if (!directory) return damaged("压缩包不完整");
  if (auto error = look_inside(*directory)) return std::move(*error);
  try {
    std::vector<Sheet> sheets = read_sheets(Archive(body, *directory));
    if (sheets.empty()) return damaged("没有工作表");
    return sheets;
  } catch (const TooLarge&) {
    return too_large("过多的单元格", std::to_string(kMostWorkbookCells) + " 个、1000 列");
  } catch (const Damaged& e) {
    return damaged(e.what());
  } catch (const std::exception& e) {
    if (is_shortage(e)) throw;  // nothing is known of the workbook
    return damaged(kBroken);
  }
}

}  // namespace districtd

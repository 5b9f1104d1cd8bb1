#include "daemon/intake/workbook.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "base/shortage.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/workbook/package.h"
#include "daemon/intake/workbook/sheet_part.h"
#include "daemon/intake/workbook/strings.h"
#include "daemon/intake/workbook/styles.h"
#include "daemon/intake/workbook/workbook_part.h"
#include "daemon/intake/workbook/xml.h"
#include "daemon/intake/zip_directory.h"

namespace districtd {

namespace {

// The part of the list of sheets: what the package says, else its usual name.
std::string workbook_part_name(Package& package) {
  for (const auto& [id, relation] : package.relations_of("")) {
    if (relation.type.ends_with("/officeDocument")) return relation.target;
  }
  return "xl/workbook.xml";
}

std::vector<Sheet> read_sheets(Package& package) {
  const std::string part = workbook_part_name(package);
  const auto relations = package.relations_of(part);
  SharedStrings strings;
  Styles styles;
  WorkbookPart workbook;
  if (!package.read(part, workbook)) throw DamagedWorkbook("缺少“" + part + "”");
  for (const auto& [id, relation] : relations) {
    const bool is_strings = relation.type.ends_with("/sharedStrings");
    const bool is_styles = relation.type.ends_with("/styles");
    if (!is_strings && !is_styles) continue;
    XmlHandler& handler = is_strings ? static_cast<XmlHandler&>(strings) : styles;
    if (!package.read(relation.target, handler)) {
      throw DamagedWorkbook("缺少“" + relation.target + "”");
    }
  }
  std::vector<Sheet> sheets;
  std::size_t cells_left = kMostWorkbookCells;
  const SheetContext context{strings, styles, workbook, cells_left};
  for (const ListedSheet& listed : workbook.sheets) {
    const auto relation = relations.find(listed.relation);
    if (relation == relations.end()) {
      throw DamagedWorkbook("缺少工作表“" + listed.name + "”的内容");
    }
    // Chart sheets and the like have no cells.
    if (!relation->second.type.ends_with("/worksheet")) continue;
    Sheet& sheet = sheets.emplace_back(Sheet{listed.name});
    sheet.since_1904 = workbook.since_1904;
    sheet.is_hidden = listed.is_hidden;
    if (listed.is_hidden) continue;
    SheetPart cells(sheet, context);
    if (!package.read(relation->second.target, cells)) {
      throw DamagedWorkbook("缺少工作表“" + listed.name + "”的内容");
    }
    cells.complete();
  }
  return sheets;
}

RowError damaged(std::string_view why) {
  return explain(Refusal::damaged_workbook, 0, "", "", {why});
}

RowError too_large(std::string_view what, std::string_view most) {
  return explain(Refusal::workbook_too_large, 0, "", "", {what, most});
}

// What other programs pack into a zip archive, by a piece of the names in it.
struct OtherPackage {
  std::string_view piece;
  std::string_view what;
};
constexpr std::array<OtherPackage, 5> kOtherPackages = {
    {{"xl/workbook.bin", "这是二进制工作簿（xlsb）"},
     {"word/document.xml", "这是 Word 文档（docx）"},
     {"ppt/presentation.xml", "这是演示文稿（pptx）"},
     {"index/document.iwa", "这是 Numbers 表格"},
     {"content.xml", "这是 OpenDocument 表格（ods）"}}};

// What can be told before anything is unpacked.
std::optional<RowError> look_inside(const ZipDirectory& directory) {
  if (directory.is_encrypted) return explain(Refusal::encrypted_workbook, 0, "", "");
  std::vector<std::string> names;
  for (const ZipEntry& entry : directory.entries) names.push_back(part_key(entry.name));
  const auto holds = [&](std::string_view piece) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return name.find(piece) != std::string::npos;
    });
  };
  if (holds("vbaproject.bin"))
    return explain(Refusal::macro_workbook, 0, "", "", {"vbaProject.bin"});
  if (holds("macrosheets/")) return explain(Refusal::macro_workbook, 0, "", "", {"macrosheets/"});
  if (directory.unpacked > kMostUnpackedBytes) {
    return too_large(std::to_string(directory.unpacked >> 20U) + " MiB",
                     std::to_string(kMostUnpackedBytes >> 20U) + " MiB");
  }
  const bool is_workbook = std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return name.ends_with("workbook.xml");
  });
  if (is_workbook) return std::nullopt;
  for (const OtherPackage& other : kOtherPackages) {
    if (holds(other.piece)) return explain(Refusal::other_workbook, 0, "", "", {other.what});
  }
  const bool holds_files = holds(".xlsx") || holds(".xls") || holds(".csv") || holds(".et");
  return damaged(holds_files ? "这是压缩包，应解压后把里面的表逐个报送"
                             : "压缩包里没有 xl/workbook.xml，不是 xlsx");
}

}  // namespace

Result<std::vector<Sheet>, RowError> read_workbook(std::string_view body) {
  const auto directory = read_zip_directory(body);
  if (!directory) return damaged("压缩包不完整");
  if (auto error = look_inside(*directory)) return std::move(*error);
  try {
    Package package(body, *directory);
    std::vector<Sheet> sheets = read_sheets(package);
    if (sheets.empty()) return damaged("没有工作表");
    return sheets;
  } catch (const WorkbookTooLarge&) {
    return too_large("过多的单元格", std::to_string(kMostWorkbookCells) + " 个、1000 列");
  } catch (const DamagedWorkbook& e) {
    return damaged(e.what());
  } catch (const std::exception& e) {
    if (is_shortage(e)) throw;  // nothing is known of the workbook
    return damaged("内容不完整或已损坏");
  }
}

}  // namespace districtd

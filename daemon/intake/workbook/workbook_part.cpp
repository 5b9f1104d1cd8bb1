#include "daemon/intake/workbook/workbook_part.h"

#include "daemon/intake/workbook/strings.h"

namespace districtd {

void WorkbookPart::start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "sheet") {
    const std::string_view state = attributes["state"];
    sheets.push_back({unescaped(attributes["name"]), std::string(attributes.with_any_prefix("id")),
                      state == "hidden" || state == "veryHidden"});
  } else if (name == "workbookPr") {
    since_1904 = is_true(attributes["date1904"]);
  } else if (name == "calcPr") {
    is_calculated_on_load = is_true(attributes["fullCalcOnLoad"]);
  }
}

}  // namespace districtd

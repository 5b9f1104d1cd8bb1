// The part of a workbook that lists its sheets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/intake/workbook/xml.h"

namespace districtd {

struct ListedSheet {
  std::string name;
  std::string relation;    // the id of the relation that leads to its part
  bool is_hidden = false;  // hidden, or hidden so that no menu shows it
};

class WorkbookPart : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override;

  std::vector<ListedSheet> sheets;
  bool since_1904 = false;
  bool is_calculated_on_load = false;  // what is stored with its formulas need not be their result
};

}  // namespace districtd

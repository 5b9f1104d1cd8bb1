#include "daemon/status/programme_sections.h"

#include "daemon/domain/calendar.h"

namespace districtd {

std::string programme_heading(const Programme& programme, bool is_settled) {
  std::string text = programme.id + " 年度";
  if (is_settled) text += "（已于 " + to_string(programme.settles) + " 结账）";
  return text;
}

}  // namespace districtd

// What is shown of several programmes is shown one after the other.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/domain/programme.h"

namespace districtd {

// "2026 年度", "2026 年度（已于 2027-02-28 结账）".
std::string programme_heading(const Programme& programme, bool is_settled);

// The views of each programme, in order of its first one. A View has a `programme`; that of several
// views may be nullptr, which are then of one.
template <typename View>
std::vector<std::vector<const View*>> sections_by_programme(const std::vector<View>& views) {
  std::vector<std::vector<const View*>> sections;
  for (const View& view : views) {
    const auto is_of_it = [&](const auto& section) {
      return section.front()->programme == view.programme;
    };
    auto section = std::find_if(sections.rbegin(), sections.rend(), is_of_it);
    if (section == sections.rend()) {
      sections.emplace_back();
      section = sections.rbegin();
    }
    section->push_back(&view);
  }
  return sections;
}

}  // namespace districtd

// Against what a target's number is measured.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/domain/target.h"

namespace districtd::extract {

// Against what a number of growth is measured (基数).
enum class BaselineRule : std::uint8_t {
  none,          // the number itself is the goal
  year_on_year,  // 增长6%: against the same period of the year before
  year_before,   // 提高2个百分点, 增加50家: against the end of the year before
  base_year,     // 翻一番: against the base year, which the reviewer has to name
};
using districtd::to_string;
std::string_view to_string(BaselineRule rule);

}  // namespace districtd::extract

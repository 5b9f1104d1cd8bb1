#include "daemon/extract/drafts/report_year.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/utf8.h"

namespace districtd::extract {

int planned_year(std::string_view utf8) {
  utf8 = utf8.substr(0, 64UL << 10U);
  std::map<int, int> seen;
  int lines = 0;
  for (std::size_t i = 0; i + 4 <= utf8.size(); ++i) {
    if (utf8[i] == '\n') ++lines;
    const auto digit = [&](std::size_t k) { return utf8[i + k] >= '0' && utf8[i + k] <= '9'; };
    if (utf8[i] != '2' || utf8[i + 1] != '0' || !digit(2) || !digit(3)) continue;
    if (i > 0 && utf8[i - 1] >= '0' && utf8[i - 1] <= '9') continue;
    const auto after = utf8.substr(i + 4);
    const auto before = utf8.substr(0, i);
    const bool is_year = after.starts_with("年") || before.ends_with("大干");
    if (!is_year || before.ends_with("到") || before.ends_with("至")) continue;
    const int year = 2000 + (utf8[i + 2] - '0') * 10 + (utf8[i + 3] - '0');
    seen[year] += lines < 3 ? 2 : 1;
  }
  int latest = 0;
  for (const auto& [year, times] : seen) {
    if (times >= 2) latest = year;
  }
  return latest;
}

std::string title_of(std::string_view utf8) {
  constexpr std::size_t kMost = 120;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto end = std::min(utf8.find('\n', at), utf8.size());
    const auto line = trim(utf8.substr(at, end - at));
    at = end + 1;
    if (line.empty()) continue;
    return std::string{utf8::cut(line, kMost)};
  }
  return "";
}

bool half_year_is_over(std::string_view utf8) {
  utf8 = utf8.substr(0, 64UL << 10U);
  constexpr std::size_t kLongestHeading = 120;  // bytes
  constexpr std::string_view kBack[] = {"总结", "情况", "回顾", "报告", "完成", "进展"};
  constexpr std::string_view kAhead[] = {"打算", "安排", "任务", "计划", "部署", "重点", "工作"};
  const auto holds = [](std::string_view line, const auto& words) {
    return std::any_of(std::begin(words), std::end(words), [line](std::string_view word) {
      return line.find(word) != std::string_view::npos;
    });
  };
  for (std::size_t at = 0; at < utf8.size();) {
    const auto end = std::min(utf8.find('\n', at), utf8.size());
    const auto line = trim(utf8.substr(at, end - at));
    at = end + 1;
    if (line.size() > kLongestHeading || line.find("。") != std::string_view::npos) continue;
    const auto half = line.find("半年");
    if (half == std::string_view::npos) continue;
    if (line.find("上半年") != std::string_view::npos && holds(line, kBack)) return true;
    if (line.find("下半年") != std::string_view::npos && holds(line, kAhead)) return true;
  }
  return false;
}

}  // namespace districtd::extract

#include "daemon/intake/remarks.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "daemon/intake/columns.h"

namespace districtd {

namespace {

// Also "合　计", as it is spread over a wide cell.
bool is_sum(std::string_view cell) {
  constexpr std::array<std::string_view, 4> kSums = {"合计", "总计", "小计", "共计"};
  constexpr std::size_t kMostBytes = 30;
  if (cell.empty() || cell.size() > kMostBytes) return false;
  return std::find(kSums.begin(), kSums.end(), compared(cell).name) != kSums.end();
}

// What a footer begins with: a label with a colon, or a cell of its own before who or what it is.
bool is_footer(std::string_view cell) {
  constexpr std::array<std::string_view, 46> kLabels = {
      "注",         "备注",     "说明",       "填表说明",      "填报说明",   "填报人",
      "填表人",     "审核人",   "审批人",     "复核人",        "制表人",     "制表",
      "审核",       "复核",     "负责人",     "单位负责人",    "部门负责人", "主要负责人",
      "分管负责人", "分管领导", "主管领导",   "统计负责人",    "经办人",     "联系人",
      "联系电话",   "联系方式", "电话",       "手机",          "手机号",     "手机号码",
      "传真",       "邮箱",     "电子邮箱",   "数据来源",      "资料来源",   "填报单位",
      "报送单位",   "填表单位", "填报日期",   "填表日期",      "报送日期",   "制表日期",
      "填报时间",   "报出日期", "单位(盖章)", "填报单位(盖章)"};
  constexpr std::size_t kMostBytes = 200;
  std::string text;
  const std::string narrowed = narrow(trim(cell).substr(0, kMostBytes));
  for (const char c : narrowed) {
    if (c != ' ') text += c;
  }
  return std::any_of(kLabels.begin(), kLabels.end(), [&](std::string_view label) {
    if (!text.starts_with(label)) return false;
    const std::string_view rest = std::string_view(text).substr(label.size());
    return rest.empty() || rest.starts_with(':') || rest.starts_with("(签字)") ||
           rest.starts_with("(盖章)") ||
           (label == "注" && rest.front() >= '1' && rest.front() <= '9');
  });
}

}  // namespace

bool is_remark(std::span<const std::string_view> cells, std::size_t target,
               std::string_view header) {
  const std::string_view named = target < cells.size() ? trim(cells[target]) : "";
  if (!named.empty() && named == header) return true;
  // The row of a statistical table that numbers its columns: 甲, 乙, 1, 2.
  if (named == "甲" || named == "乙" || named == "丙") return true;
  // Where the target is blank a sum is no further row of the target above it.
  if (named.empty() ? std::any_of(cells.begin(), cells.end(), is_sum) : is_sum(named)) return true;
  const auto first = std::find_if(cells.begin(), cells.end(),
                                  [](std::string_view cell) { return !trim(cell).empty(); });
  return first != cells.end() && is_footer(*first);
}

bool is_sum_row(std::span<const std::string_view> cells) {
  return std::any_of(cells.begin(), cells.end(), is_sum);
}

bool is_note_row(std::span<const std::string_view> cells) {
  constexpr std::array<std::string_view, 4> kBegins = {"注", "备注", "说明", "以上"};
  const auto first = std::find_if(cells.begin(), cells.end(),
                                  [](std::string_view cell) { return !trim(cell).empty(); });
  if (first == cells.end()) return false;
  const std::string_view text = trim(*first);
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [&](std::string_view begin) { return text.starts_with(begin); });
}

}  // namespace districtd

#include "daemon/domain/explanation_text.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace districtd {

namespace {

// What is said of any figure and explains none. docs/填报说明.md lists them.
constexpr std::array<std::string_view, 36> kStock = {
    "核实无误",   "经核实无误", "已核实无误", "数据核实无误", "核对无误",   "已核对无误",
    "经核对无误", "核实",       "已核实",     "经核实",       "已核对",     "核对",
    "无误",       "情况属实",   "属实",       "数据属实",     "经核实属实", "数据无误",
    "准确无误",   "数据准确",   "数据正确",   "正确",         "准确",       "无",
    "无异常",     "正常",       "情况正常",   "无情况",       "无说明",     "没有",
    "是",         "同上",       "同上期",     "见备注",       "详见备注",   "ok"};

constexpr std::array<std::string_view, 24> kMarks = {"，", "。", "、", "；", "：", "！", "“",  "”",
                                                     "（", "）", "　", "—",  ",",  ".",  ";",  ":",
                                                     "!",  "\"", "(",  ")",  " ",  "\t", "\n", "-"};

std::string bare_words(std::string_view text) {
  std::string bare = lower_ascii(narrow(text));
  for (const std::string_view mark : kMarks) {
    for (std::size_t at = bare.find(mark); at != bare.npos; at = bare.find(mark, at)) {
      bare.erase(at, mark.size());
    }
  }
  return bare;
}

}  // namespace

bool explains(std::string_view text, std::string_view before) {
  const std::string said = bare_words(text);
  if (said.empty() || std::find(kStock.begin(), kStock.end(), said) != kStock.end()) return false;
  return said != bare_words(before);
}

}  // namespace districtd

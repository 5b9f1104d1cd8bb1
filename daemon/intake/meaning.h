// What the words of a table say that a figure is: the total to date, or something else that is
// never taken for it. Pure. docs/填报说明.md lists the words for clerks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace districtd {

enum class Meaning {
  unsaid,     // nothing is said: taken for the total to date
  actual,     // 实际, 完成: what was reached; of which span is not said
  total,      // 累计, 自年初, 1-本月, 全区: the total to date
  plan,       // 计划, 目标, 任务, 预计
  growth,     // 同比, 增长, 增速
  single,     // 当月, 本月, 当季, 分月: of a span that does not begin with the year
  last_year,  // 上年, 去年, 同期
  part,       // 其中, 子项
  change,     // 增量, 较上月
  share,      // 完成率, 占比
  rest,       // 剩余, 缺口
};

// In Chinese, for a sentence that goes on: "计划数", "单月（单季）数".
std::string_view words_of(Meaning meaning);

// Whether a figure of which that is said may be the target's total to date.
constexpr bool may_be_total(Meaning meaning) { return meaning <= Meaning::total; }

// A cell as the functions below take it: as compared() makes it (columns.h), with its brackets.
std::string words_compared(std::string_view cell);

// Of a column's heading. All of these take text as words_compared() makes it: narrow, without
// blanks and in lower case; with what stands in brackets.
Meaning meaning_of_heading(std::string_view heading);

// Of a title above a table, which holds for figures of which nothing nearer says what they are.
Meaning meaning_of_title(std::string_view title);

// Of a remark below a table: "注:以上为当月数".
Meaning meaning_of_remark(std::string_view remark);

// Of a cell beside a figure that says what its row is: "计划", "实际", "同比增长(%)", "其中:民间投
// 资", "全区". Only a cell that says nothing else counts: nullopt for all other text.
std::optional<Meaning> meaning_of_label(std::string_view cell);

// Whether the cells below the heading tell parts of a target apart: "子项", "乡镇(街道)".
bool names_parts(std::string_view heading);

// A heading that is made of nothing but words for a total to date or what was reached: "自年初累
// 计", "本月止累计完成数", "1-本月", "累计完成投资额". nullopt for all others. `period_words` is
// what a heading begins with that names a period ("1-6月底") and is not part of the text.
std::optional<Meaning> figure_heading(std::string_view heading);

}  // namespace districtd

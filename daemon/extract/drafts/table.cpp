#include "daemon/extract/drafts/table.h"

#include <algorithm>
#include <array>

#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kLongest = 14;  // characters of a heading

bool holds(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::u32string_view word) {
    return text.find(word) != std::u32string_view::npos;
  });
}

int year_named(std::u32string_view text) {
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    if (text[i] != U'2' || text[i + 1] != U'0' || !is_digit(text[i + 2]) ||
        !is_digit(text[i + 3])) {
      continue;
    }
    return 2000 + static_cast<int>(text[i + 2] - U'0') * 10 + static_cast<int>(text[i + 3] - U'0');
  }
  return 0;
}

}  // namespace

TableColumn column_of(std::u32string_view heading, int year) {
  TableColumn column;
  if (heading.empty() || heading.size() > kLongest) return column;
  column.year = year_named(heading);
  const auto is = [&](Column sort) {
    column.sort = sort;
    return column;
  };
  if (holds(heading, {U"序号", U"编号"})) return is(Column::item);
  if (holds(heading, {U"备注", U"责任人", U"责任领导", U"联系人", U"分管领导", U"包联领导"})) {
    return is(Column::note);
  }
  if (holds(heading, {U"配合", U"协办", U"协同", U"参与单位"})) return is(Column::support);
  if (holds(heading, {U"责任单位", U"责任部门", U"牵头", U"主办单位", U"主管部门", U"承办单位",
                      U"实施单位", U"落实单位"})) {
    return is(Column::lead);
  }
  if (holds(heading, {U"时限", U"完成时间", U"时间节点", U"期限"})) return is(Column::due);
  if (heading.starts_with(U"单位") || holds(heading, {U"计量单位"})) return is(Column::unit);
  if ((column.year != 0 && column.year < year) ||
      holds(heading, {U"上年", U"去年", U"完成情况", U"完成数", U"完成值", U"实绩", U"实际",
                      U"基数", U"同比", U"进展"})) {
    return is(Column::past);
  }
  const bool is_task =
      holds(heading, {U"任务", U"内容", U"事项", U"项目", U"名称", U"措施", U"工作"});
  if (holds(heading, {U"目标值", U"计划数", U"任务数", U"指标值"})) return is(Column::goal);
  if (!is_task && holds(heading, {U"目标", U"计划", U"预期"})) return is(Column::goal);
  if (column.year >= year && year != 0) return is(Column::goal);
  if (is_task || holds(heading, {U"指标"})) return is(Column::name);
  return column;
}

std::vector<TableColumn> columns_of(const std::vector<std::u32string>& cells, int year) {
  std::vector<TableColumn> columns;
  std::size_t known = 0;
  for (const std::u32string& cell : cells) {
    columns.push_back(column_of(cell, year));
    if (columns.back().sort != Column::other) ++known;
    const auto digits = std::count_if(cell.begin(), cell.end(), is_digit);
    const bool has_figure = digits > 0 && columns.back().year == 0;
    if (has_figure || cell.size() > kLongest) return {};
  }
  if (known < 2 || 2 * known < cells.size()) return {};
  return columns;
}

}  // namespace districtd::extract

#include "daemon/extract/drafts/table.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "daemon/extract/reading/quantities.h"
#include "daemon/extract/text/normal_text.h"
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

std::vector<Cell> cells_in(std::string_view text, char sign) {
  std::vector<Cell> cells;
  std::size_t at = 0;
  const auto shown = trim(text);
  if (sign == '|' && shown.starts_with('|')) at = text.find('|') + 1;
  while (at <= text.size()) {
    const auto end = std::min(text.find(sign, at), text.size());
    const auto cell = text.substr(at, end - at);
    if (end < text.size() || sign != '|' || !trim(cell).empty()) cells.push_back({cell, at});
    at = end + 1;
  }
  return cells;
}

std::vector<std::u32string> words_of(const std::vector<Cell>& cells, const Rules& rules) {
  std::vector<std::u32string> words;
  NormalText normal;
  for (const Cell& cell : cells) {
    normalise(cell.text, rules.spelling, normal);
    words.push_back(normal.chars);
  }
  return words;
}

GoalSentence::GoalSentence(const Cell& name, const Cell& goal, std::string_view unit,
                           const Rules& rules)
    : name_(trim(name.text)) {
  const auto begin_of = [](const Cell& cell) {
    return cell.begin + static_cast<std::size_t>(trim(cell.text).data() - cell.text.data());
  };
  const auto goal_text = trim(goal.text);
  name_begin_ = begin_of(name);
  goal_begin_ = begin_of(goal);
  goal_size_ = goal_text.size();
  text_ = name_;
  goal_at_ = text_.size();
  text_ += goal_text;
  // 5左右 in the column of %: the unit stands behind the figure.
  unit_at_ = goal_at_ + goal_text.find_last_of("0123456789") + 1;
  NormalText normal;
  normalise(goal_text, rules.spelling, normal);
  Quantities in_goal;
  find_quantities(normal, rules, in_goal);
  if (!in_goal.list.empty()) return;
  const auto shown = trim(unit);
  unit_size_ = shown.size();
  text_.insert(unit_at_, shown);
}

std::size_t GoalSentence::place(std::size_t at) const {
  if (at > unit_at_) at = std::max(unit_at_, at - std::min(at, unit_size_));
  if (at < goal_at_) return name_begin_ + at;
  return goal_begin_ + std::min(at - goal_at_, goal_size_);
}

Range GoalSentence::quote() const {
  const std::size_t left = std::min(place(0), place(goal_at_));
  const std::size_t right = std::max(place(goal_at_ - 1) + 1, place(text_.size()));
  return {left, right};
}

std::string GoalSentence::name_of(const std::string& drafted) const {
  constexpr std::size_t kShortest = 12;  // bytes
  const bool says_more = drafted != name_ && drafted.starts_with(name_);
  return name_.size() >= kShortest && says_more && !drafted.ends_with("增长") ? std::string{name_}
                                                                              : drafted;
}

}  // namespace districtd::extract

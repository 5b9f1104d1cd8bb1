// Tables: what each column holds, by its heading. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/extract/drafts/draft.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

enum class Column : std::uint8_t {
  other,
  item,     // 序号
  name,     // 指标, 任务
  goal,     // 2026年目标
  past,     // 2025年完成
  unit,     // 计量单位
  lead,     // 责任单位
  support,  // 配合单位
  due,      // 完成时限
  note,     // 备注, 责任人: nothing to read
};

struct TableColumn {
  Column sort = Column::other;
  int year = 0;  // that the heading names; 0: none
};

// What a heading of a column says; `other` where it is none. `year` is the year that is planned
// for.
TableColumn column_of(std::u32string_view heading, int year);

// The columns where the cells are headings: two of them at least say what stands below, and none
// holds a figure. Empty where they are a row of the table.
std::vector<TableColumn> columns_of(const std::vector<std::u32string>& cells, int year);

struct Cell {
  std::string_view text;
  std::size_t begin = 0;  // in the piece
};

// The cells of a row between `sign`s: tabs, | or newlines. | at both ends of a row divides nothing.
std::vector<Cell> cells_in(std::string_view text, char sign);

// Each cell in the characters that the rules are written in.
std::vector<std::u32string> words_of(const std::vector<Cell>& cells, const Rules& rules);

// 指标 and 2026年目标 in two cells, read as one sentence: 优良率 | 95以上 | % is 优良率95%以上.
class GoalSentence {
 public:
  // The cells, and the text that stands below 计量单位; "" where no column does.
  GoalSentence(const Cell& name, const Cell& goal, std::string_view unit, const Rules& rules);

  const std::string& text() const { return text_; }
  // Where byte `at` of the sentence stands in the piece.
  std::size_t place(std::size_t at) const;
  // From cell to cell, bytes of the piece.
  Range quote() const;
  // The cell is the name, whatever the other one says beside the figure.
  std::string name_of(const std::string& drafted) const;

 private:
  std::string_view name_;
  std::size_t name_begin_ = 0;  // in the piece
  std::size_t goal_begin_ = 0;
  std::size_t goal_size_ = 0;
  std::string text_;
  std::size_t goal_at_ = 0;  // in the sentence
  std::size_t unit_at_ = 0;
  std::size_t unit_size_ = 0;
};

}  // namespace districtd::extract

// Tables: what each column holds, by its heading. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/domain/calendar.h"
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

}  // namespace districtd::extract

// The columns of a submission and what its header calls them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/submission.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

enum class Column {
  target,
  as_of,
  value,
  note,
  programme,
  basis,
  progress,  // this and the next two: a Narrative's parts, in their order
  problems,
  next_steps,
  explanation,
};
inline constexpr std::size_t kColumns = 10;

struct ColumnName {
  std::string_view english;
  std::string_view chinese;
};
inline constexpr std::array<ColumnName, kColumns> kColumnNames = {
    {{"target", "指标"},
     {"as_of", "截至日期"},
     {"value", "数值"},
     {"note", "备注"},
     {"programme", "年度"},
     {"basis", "数据性质"},
     {"narrative_progress", "进展情况"},
     {"narrative_problems", "存在问题"},
     {"narrative_next_steps", "下一步打算"},
     {"explanation", "核实说明"}}};

inline constexpr std::array kNarrativeColumns = {Column::progress, Column::problems,
                                                 Column::next_steps};

// What one department's tables need to be told beyond the usual names: [[intake.mapping]].
struct ColumnMapping {
  std::string department;
  std::array<std::vector<std::string>, kColumns> names;  // more names of each column
  std::vector<std::string> unit_names;                   // of a column with the unit of each row
  std::string sheet;        // the workbook's sheet; "": all that are seen and hold one
  std::optional<int> year;  // of dates that have none; empty: the target's period says it
  Percentages percentages = Percentages::ambiguous;
  friend bool operator==(const ColumnMapping&, const ColumnMapping&) = default;
};

inline const ColumnMapping kNoMapping{};

// The column of that plain name, in either language; blanks around it and the case do not matter.
std::optional<Column> column_of(std::string_view name);

// A header of a table: order is free, columns it does not know are ignored.
struct Header {
  std::array<std::optional<std::size_t>, kColumns> positions;  // target, as_of and value are set
  std::array<std::string, kColumns> names;                     // as written, trimmed
  std::size_t width = 0;
};

// Of a header in which every cell is one of the plain names; nullopt where it is none.
std::optional<Header> read_plain_header(std::span<const std::string_view> cells);

// A header's name as names are compared: narrow, in lower case, without blanks, newlines and what
// stands in brackets at its end. `bracketed` is that.
struct ComparedName {
  std::string name;
  std::string bracketed;
};
ComparedName compared(std::string_view name);

// Which column a header's cell names, by all names that are known for it.
struct NamedColumn {
  enum class What {
    target,
    as_of,
    value,
    note,
    programme,
    basis,
    progress,
    problems,
    next_steps,
    explanation,
    unit
  };
  What what;
  // 0: configured; 1: the plain names; 2: usual ones; 3: what may mean it; 4: what does where
  // nothing else is there
  int rank = 0;
};
std::optional<NamedColumn> named_column(const ComparedName& name, const ColumnMapping& mapping);

// 截止日期: the day of the figures, but beside a task (names_task) the day by which it has to be
// done.
bool names_deadline(const ComparedName& name);
bool names_task(const ComparedName& name);

}  // namespace districtd

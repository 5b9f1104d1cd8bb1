// The columns of a submission and what its header calls them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "collectors/submission.h"

namespace districtd {

enum class Column { target, as_of, value, note };
inline constexpr std::size_t kColumns = 4;

struct ColumnName {
  std::string_view english;
  std::string_view chinese;
};
inline constexpr std::array<ColumnName, kColumns> kColumnNames = {
    {{"target", "指标"}, {"as_of", "截至日期"}, {"value", "数值"}, {"note", "备注"}}};

// The column of that name, in either language; blanks around it and the case do not matter.
std::optional<Column> column_of(std::string_view name);

// A CSV header: order is free, columns it does not know are ignored.
struct Header {
  std::array<std::optional<std::size_t>, kColumns> positions;  // all but the note's are set
  std::array<std::string, kColumns> names;                     // as written, trimmed
  std::size_t width = 0;
};

// Or missing_column, duplicate_column; `row` is where the header stands.
std::variant<Header, RowError> read_header(std::span<const std::string_view> cells,
                                           std::int64_t row);

}  // namespace districtd

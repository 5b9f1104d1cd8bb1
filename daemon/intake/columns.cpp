#include "daemon/intake/columns.h"

#include "daemon/intake/refusals.h"
#include "daemon/intake/text.h"

namespace districtd {

namespace {

RowError missing(std::span<const std::string_view> cells, std::int64_t row,
                 const ColumnName& column) {
  constexpr std::size_t kEnough = 300;
  std::string found;
  for (const std::string_view cell : cells) {
    if (!found.empty()) found += ',';
    found += trim(cell);
    if (found.size() > kEnough) break;
  }
  return explain(Refusal::missing_column, row, column.chinese, found,
                 {column.chinese, column.english, found});
}

}  // namespace

std::optional<Column> column_of(std::string_view name) {
  const std::string wanted = lower_ascii(trim(name));
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (wanted == kColumnNames[i].english || wanted == kColumnNames[i].chinese) {
      return static_cast<Column>(i);
    }
  }
  return std::nullopt;
}

std::variant<Header, RowError> read_header(std::span<const std::string_view> cells,
                                           std::int64_t row) {
  Header header;
  header.width = cells.size();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto column = column_of(cells[i]);
    if (!column) continue;
    const auto which = static_cast<std::size_t>(*column);
    const std::string_view name = trim(cells[i]);
    if (header.positions[which]) {
      return explain(Refusal::duplicate_column, row, name, name, {header.names[which], name});
    }
    header.positions[which] = i;
    header.names[which] = name;
  }
  for (const Column needed : {Column::target, Column::as_of, Column::value}) {
    const auto which = static_cast<std::size_t>(needed);
    if (!header.positions[which]) return missing(cells, row, kColumnNames[which]);
  }
  return header;
}

}  // namespace districtd

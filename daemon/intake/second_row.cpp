#include "daemon/intake/second_row.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "daemon/intake/header_choice.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/remarks.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

using Cells = std::vector<std::string>;

// "万元" or "(万元)".
UnitsSaid unit_alone(std::string_view cell) {
  const std::string narrowed = narrow(cell);
  std::string_view text = narrowed;
  if (text.starts_with('(') && text.ends_with(')')) text = trim(text.substr(1, text.size() - 2));
  auto unit = known_unit(text);
  UnitsSaid said;
  if (!unit) return said;
  said.text = text;
  said.units.push_back(std::move(*unit));
  return said;
}

// Where the figures of a header's column stand, and where it ends: a header above several columns
// stands over the first of them, and the others' cells are blank.
struct Span {
  FigureColumn* figures = nullptr;
  std::size_t end = 0;
};

std::vector<Span> spans_of(Layout& layout, std::size_t width) {
  std::vector<Span> spans;
  for (FigureColumn& figures : layout.figures) {
    Span span{&figures, figures.position + 1};
    while (span.end < width &&
           (span.end >= layout.cells.size() || trim(layout.cells[span.end]).empty())) {
      ++span.end;
    }
    spans.push_back(span);
  }
  return spans;
}

// A row of words without a target right below a header: "本月完成", "累计完成".
bool is_second_header(std::span<const std::string_view> cells, const Layout& layout,
                      const std::vector<Span>& spans) {
  const auto target = layout.header.positions[static_cast<std::size_t>(Column::target)];
  if (target) {
    if (is_remark(cells, *target, layout.header.names[static_cast<std::size_t>(Column::target)])) {
      return false;
    }
    if (*target < cells.size() && !trim(cells[*target]).empty()) return false;
  }
  bool is_below_figures = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = narrow(trim(cells[i]));
    if (cell.empty()) continue;
    if (cell_fault(cell) || (cell.front() >= '0' && cell.front() <= '9')) return false;
    is_below_figures |= std::any_of(spans.begin(), spans.end(), [i](const Span& span) {
      return span.figures->position <= i && i < span.end;
    });
  }
  return is_below_figures;
}

// What a second row of the header says below one cell of the first.
struct Below {
  Cells names;                       // without blanks
  std::optional<std::size_t> value;  // the column that names it best
  HeaderCell best;
  bool is_twice = false;  // another names it as well
  std::vector<RateColumn> growth;
  std::vector<RateColumn> shares;
};

Below names_below(const Span& span, const Cells& cells, const ColumnMapping& mapping) {
  Below below;
  int best_rank = 0;
  for (std::size_t i = span.figures->position; i < std::min(span.end, cells.size()); ++i) {
    const ComparedName name = compared(cells[i]);
    if (name.name.empty() || name.name == kCorrectionColumn) continue;
    below.names.emplace_back(trim(cells[i]));
    HeaderCell said = read_header_cell(cells[i], "", mapping);
    if (said.what == HeaderCell::What::growth) {
      below.growth.push_back({i, below.names.back(), said.units});
    } else if (said.what == HeaderCell::What::share) {
      below.shares.push_back({i, below.names.back(), said.units});
    }
    const bool is_value =
        said.what == HeaderCell::What::column && said.column.what == NamedColumn::What::value;
    if (!is_value) continue;
    const int rank = rank_of(said);
    if (below.value && rank > best_rank) continue;
    below.is_twice = below.value && rank == best_rank;
    below.value = i;
    best_rank = rank;
    below.best = std::move(said);
  }
  return below;
}

}  // namespace

std::optional<RowError> read_second_row(TableReader& table, Layout& layout,
                                        const ColumnMapping& mapping, Above& above) {
  if (!table.next()) return std::nullopt;
  const auto row = table.cells();
  const std::size_t width = std::max(layout.header.width, row.size());
  const std::vector<Span> spans = spans_of(layout, width);
  if (table.fault() || !is_second_header(row, layout, spans)) {
    table.put_back();
    return std::nullopt;
  }
  const Cells cells(row.begin(), row.end());
  for (const Span& span : spans) {
    FigureColumn& figures = *span.figures;
    Below below = names_below(span, cells, mapping);
    if (below.names.empty()) continue;
    if (UnitsSaid unit = unit_alone(below.names[0]);
        !unit.empty() && !below.value && below.names.size() == 1) {
      figures.units = std::move(unit);
      continue;
    }
    if (!below.value || below.is_twice) {
      return missing_column(below.names, table.row(), Column::value, "");
    }
    figures.position = *below.value;
    if (!below.best.units.empty()) figures.units = below.best.units;
    if (below.best.meaning != Meaning::unsaid) figures.meaning = below.best.meaning;
    figures.growth = std::move(below.growth);
    figures.shares = std::move(below.shares);
    if (below.names.size() > 1) {
      layout.notes.push_back("“" + figures.name + "”下面的几列中，按“" +
                             std::string(trim(cells[figures.position])) + "”列读取。");
    }
  }
  if (!layout.is_wide) {
    layout.header.positions[static_cast<std::size_t>(Column::value)] =
        layout.figures.front().position;
  }
  layout.was_given_back |= std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return trim(cell) == kCorrectionColumn;
  });
  const Cells upper = std::exchange(layout.cells, cells);
  above.keep(std::vector<std::string_view>(upper.begin(), upper.end()));
  layout.header.width = width;
  layout.row = table.row();
  return std::nullopt;
}

}  // namespace districtd

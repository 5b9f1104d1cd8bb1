#include "daemon/intake/layout.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/header_choice.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/second_row.h"

namespace districtd {

namespace {

constexpr std::size_t kMostRowsAbove = 50;

using Cells = std::vector<std::string>;

std::vector<std::string_view> views_of(const Cells& cells) { return {cells.begin(), cells.end()}; }

// What the row above says over each cell: its own cell there, or the last one to the left.
std::vector<std::string> spread(const Cells& above) {
  std::vector<std::string> uppers;
  std::string last;
  for (const std::string& cell : above) {
    if (!trim(cell).empty()) last = trim(cell);
    uppers.push_back(last);
  }
  return uppers;
}

// A header of two rows, of which cells that span both stand in the upper one.
Cells merged(const Cells& above, const Cells& below) {
  Cells cells = below;
  cells.resize(std::max(above.size(), below.size()));
  for (std::size_t i = 0; i < above.size(); ++i) {
    if (trim(cells[i]).empty()) cells[i] = above[i];
  }
  return cells;
}

// Takes over what the rows above say, and says what was chosen.
void complete(Layout& layout, const Above& above) {
  layout.notes.insert(layout.notes.begin(), above.notes.begin(), above.notes.end());
  layout.above = above;
  auto& positions = layout.header.positions;
  const auto as_of = static_cast<std::size_t>(Column::as_of);
  const bool is_by_period = layout.figures.front().date.has_value();
  if (is_by_period) {
    if (positions[as_of]) {
      layout.notes.push_back("列名写明了时期，“" + layout.header.names[as_of] + "”列没有读取。");
    }
    positions[as_of].reset();
    const std::string first = "“" + layout.figures.front().name + "”";
    const std::string columns = layout.figures.size() == 1
                                    ? first + "列"
                                    : first + "至“" + layout.figures.back().name + "”各列";
    layout.notes.push_back(columns + "按截至当期最后一天的累计数读取。");
  }
  if (!layout.figures.front().target.empty()) {
    layout.notes.emplace_back("表中每列是一个目标，按列名读取。");
  }
  layout.has_day = is_by_period || !positions[as_of];
  if (is_by_period || positions[as_of]) return;
  if (!layout.as_of) layout.as_of = *above.as_of();
  layout.notes.push_back(layout.as_of->is_titled
                             ? "表中没有截至日期列，按标题中的“" + layout.as_of->text +
                                   "”读取，各数是截至当期最后一天的累计数。"
                             : "表中没有截至日期列，按表上方的“" + layout.as_of->text + "”读取。");
}

struct Found {
  HeaderChoice choice;
  std::int64_t row = 0;
  Cells cells;
};

// The header that a row is, by itself or together with the row above it.
Found read_header(const Cells& cells, std::int64_t row, const Cells& before, const Above& above,
                  const LayoutWords& words) {
  Found found{choose_columns(cells, {}, row, words), row, cells};
  if (is_header(found.choice, above) || before.empty()) return found;
  HeaderChoice two = choose_columns(merged(before, cells), spread(before), row, words);
  if (!is_header(two, above)) return found;
  two.layout.cells = cells;
  found.choice = std::move(two);
  return found;
}

}  // namespace

Result<Layout, NoLayout> find_layout(TableReader& table, const LayoutWords& words) {
  Above above(words.catalogue);
  Cells before;
  std::optional<HeaderChoice> best;
  for (std::size_t rows = 0; rows < kMostRowsAbove && table.next();) {
    if (const auto fault = table.fault()) {
      if (best && best->score > 0) break;
      return NoLayout{*fault};
    }
    if (is_blank_row(table.cells())) continue;
    ++rows;
    const Cells cells(table.cells().begin(), table.cells().end());
    Found found = read_header(cells, table.row(), before, above, words);
    HeaderChoice& choice = found.choice;
    choice.days_above = above.days();
    if (is_header(choice, above)) {
      use_dropped_day(choice, above);
      if (auto error = read_second_row(table, choice.layout, words.mapping, above)) {
        return NoLayout{std::move(*error), choice.score};
      }
      complete(choice.layout, above);
      return std::move(choice.layout);
    }
    if (choice.duplicate && choice.score >= 3) return NoLayout{*choice.duplicate, choice.score};
    if (!best || choice.score > best->score) best = std::move(choice);
    above.read(views_of(cells));
    above.keep(views_of(cells));
    before = cells;
  }
  if (!best) {
    return NoLayout{missing_column({}, 0, Column::target, "")};
  }
  return NoLayout{what_is_missing(*best), best->score};
}

NextHeader next_header(std::span<const std::string_view> cells, TableReader& table,
                       const Layout& now, const Above& between, const LayoutWords& words) {
  NextHeader next;
  const Cells row(cells.begin(), cells.end());
  if (row == now.cells && !between.says_something()) return next;
  Above above = between;
  above.inherit(now.above);
  HeaderChoice choice = choose_columns(row, {}, table.row(), words);
  const auto named = [&](Column column) {
    return choice.layout.header.positions[static_cast<std::size_t>(column)].has_value();
  };
  // A row of data names no column; a row that names the target and its figures is a header.
  const bool is_whole = is_header(choice, above);
  next.is_header = is_whole || choice.duplicate ||
                   (named(Column::target) && choice.score >= 2 && !begins_with_figures(row));
  if (!next.is_header) {
    // The target alone, above a row that names the rest: "指标,年度计划,完成".
    next.is_header = named(Column::target) && choice.names_other_figures;
  }
  if (!next.is_header) return next;
  if (!is_whole) {
    choice.days_above = above.days();
    next.problem = choice.duplicate ? *choice.duplicate : what_is_missing(choice);
    return next;
  }
  use_dropped_day(choice, above);
  if (auto error = read_second_row(table, choice.layout, words.mapping, above)) {
    next.problem = std::move(error);
    return next;
  }
  complete(choice.layout, above);
  next.layout = std::move(choice.layout);
  return next;
}

}  // namespace districtd

#include "daemon/intake/table_rows.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "daemon/intake/remarks.h"

namespace districtd {

namespace {

using Cells = std::span<const std::string_view>;

// Nothing but blank cells lies beyond the header's last column: Excel adds those.
bool is_too_wide(Cells cells, const Header& header) {
  return cells.size() > header.width && !is_blank_row(cells.subspan(header.width));
}

// NAME.errors.csv puts an apostrophe before what a spreadsheet would run; here it comes off again.
void take_off_apostrophes(std::vector<std::string_view>& cells) {
  for (std::string_view& cell : cells) {
    if (cell.size() > 1 && cell[0] == '\'' &&
        std::string_view("=+-@\t\r").find(cell[1]) != std::string_view::npos) {
      cell.remove_prefix(1);
    }
  }
}

// Also "-3" and "(35)".
bool looks_like_a_figure(std::string_view text) {
  const std::size_t first = text.find_first_not_of("-+(.");
  return first != text.npos && text[first] >= '0' && text[first] <= '9';
}

// "2025年", "2025": a year and nothing else.
std::optional<int> year_alone(std::string_view text) {
  if (text.ends_with("年")) text.remove_suffix(std::string_view("年").size());
  if (text.size() != 4 || !text.starts_with("20")) return std::nullopt;
  if (text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  return 1000 * (text[0] - '0') + 100 * (text[1] - '0') + 10 * (text[2] - '0') + (text[3] - '0');
}

class TableRows {
 public:
  TableRows(TableReader& table, Layout layout, const LayoutWords& words, Rows& rows)
      : table_(table),
        layout_(std::move(layout)),
        words_(words),
        rows_(rows),
        between_(words.catalogue) {}

  void read() {
    std::vector<std::string_view> cells;
    while (table_.next()) {
      if (const auto fault = table_.fault()) {
        rows_.refuse(table_.row(), table_.cells(), [&] { return *fault; });
        continue;
      }
      if (!layout_.was_given_back) {
        take(table_.cells());
        continue;
      }
      cells.assign(table_.cells().begin(), table_.cells().end());
      take_off_apostrophes(cells);
      take(cells);
    }
    for (const auto& remark : remarks_) {
      rows_.read_below(std::vector<std::string_view>(remark.begin(), remark.end()));
    }
  }

 private:
  void take(Cells cells);
  bool take_header(Cells cells);
  void take_remark(Cells cells);
  bool is_statement(Cells cells) const;
  bool looks_like_a_header(Cells cells) const;
  bool has_figures(Cells cells) const;
  bool has_data(Cells cells) const;
  bool has_day(Cells cells) const;
  void use_what_was_said();
  void take_data(Cells cells);
  void label(Cells cells, RowContext& context) const;
  std::string_view target_of(Cells cells) const {
    const auto& position = layout_.header.positions[static_cast<std::size_t>(Column::target)];
    return position && *position < cells.size() ? trim(cells[*position]) : std::string_view();
  }
  bool has_targets_above() const { return !layout_.figures.front().target.empty(); }

  TableReader& table_;
  Layout layout_;
  const LayoutWords& words_;
  Rows& rows_;
  Above between_;                                  // said since the last row of data
  std::vector<std::vector<std::string>> remarks_;  // since then, as they came
  std::optional<RowError> problem_;                // of the header at hand, which cannot be read
};

void TableRows::take(Cells cells) {
  if (is_blank_row(cells)) return;
  const std::string_view target = target_of(cells);
  const bool is_known = !target.empty() && rows_.knows(target);
  if (!is_known) {
    const auto which = static_cast<std::size_t>(Column::target);
    const auto& position = layout_.header.positions[which];
    if (take_header(cells)) return;
    const bool is_note =
        is_remark(cells, position.value_or(cells.size()), layout_.header.names[which]) &&
        !(has_targets_above() && has_figures(cells));  // the sum of towns is the district's
    const bool has_words_only = has_targets_above() ? !has_figures(cells) && !has_day(cells)
                                                    : !has_data(cells) && rows_.is_heading(cells);
    if (is_note || has_words_only || is_statement(cells)) return take_remark(cells);
  }
  if (problem_) {
    RowError error = *problem_;
    error.row = table_.row();
    rows_.refuse(table_.row(), cells, [&] { return error; });
    return;
  }
  use_what_was_said();
  if (has_fault_of_width(cells, table_.row(), layout_.header, rows_)) return;
  take_data(cells);
}

bool TableRows::has_figures(Cells cells) const {
  return std::any_of(
      layout_.figures.begin(), layout_.figures.end(), [&](const FigureColumn& figures) {
        return figures.position < cells.size() && !trim(cells[figures.position]).empty();
      });
}

// Whether anything stands where the day or the figures do.
bool TableRows::has_data(Cells cells) const {
  const auto as_of = layout_.header.positions[static_cast<std::size_t>(Column::as_of)];
  const bool has_day = as_of && *as_of < cells.size() && !trim(cells[*as_of]).empty();
  return has_day || has_figures(cells);
}

bool TableRows::has_day(Cells cells) const {
  const auto as_of = layout_.header.positions[static_cast<std::size_t>(Column::as_of)];
  return as_of && *as_of < cells.size() && read_written_date(trim(cells[*as_of]));
}

// Words where figures stand, or the name of a column where the target stands.
bool TableRows::looks_like_a_header(Cells cells) const {
  constexpr std::array<std::string_view, 3> kStates = {"完成", "未完成", "已完成"};
  const auto as_of = layout_.header.positions[static_cast<std::size_t>(Column::as_of)];
  std::size_t words = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view cell = trim(cells[i]);
    if (cell.empty() || i == as_of || cell.size() > 90) continue;
    if (std::find(kStates.begin(), kStates.end(), cell) != kStates.end()) continue;
    const HeaderCell said = read_header_cell(cell, "", words_.mapping);
    const bool is_day = said.what == HeaderCell::What::period && said.date.day != 0;
    words += said.what != HeaderCell::What::unknown && said.what != HeaderCell::What::nothing &&
                     said.what != HeaderCell::What::formula && !is_day
                 ? 1
                 : 0;
  }
  return words >= 2;
}

bool TableRows::take_header(Cells cells) {
  const bool is_same =
      std::equal(cells.begin(), cells.end(), layout_.cells.begin(), layout_.cells.end());
  if (is_same && !between_.says_something()) return false;
  if (!looks_like_a_header(cells)) return false;
  NextHeader next = next_header(cells, table_, layout_, between_, words_);
  if (!next.is_header) return false;
  between_ = Above(words_.catalogue);
  remarks_.clear();
  if (next.layout) {
    problem_.reset();
    layout_ = std::move(*next.layout);
    rows_.change_layout(layout_, true);
    return true;
  }
  problem_ = std::move(next.problem);
  rows_.refuse(table_.row(), cells, [&] { return *problem_; });
  return true;
}

// A row without figures and without a target that says a unit, a day or a kind of figures.
bool TableRows::is_statement(Cells cells) const {
  for (const FigureColumn& figures : layout_.figures) {
    if (figures.position < cells.size() && looks_like_a_figure(trim(cells[figures.position]))) {
      const bool is_first = target_of(cells).empty() && figures.position == 0;
      if (!is_first) return false;
    }
  }
  if (target_of(cells).empty()) return false;
  Above said(words_.catalogue);
  said.read(cells);
  return said.says_something();
}

void TableRows::take_remark(Cells cells) {
  constexpr std::size_t kMostRemarks = 1000;
  rows_.count_remark(table_.row(), cells);
  if (is_sum_row(cells)) return;
  between_.read(cells);
  between_.keep(cells);
  if (is_note_row(cells)) {
    rows_.read_below(cells);
  } else if (remarks_.size() < kMostRemarks) {
    remarks_.emplace_back(cells.begin(), cells.end());
  }
}

// What stands between rows of data holds for those that follow.
void TableRows::use_what_was_said() {
  if (remarks_.empty()) return;
  if (between_.says_something()) {
    between_.inherit(layout_.above);
    layout_.above = between_;
    if (layout_.as_of) {
      if (const DateAbove* const day = between_.as_of()) layout_.as_of = *day;
    }
    layout_.row = table_.row();
    layout_.notes = between_.notes;
    rows_.change_layout(layout_, false);
  }
  between_ = Above(words_.catalogue);
  remarks_.clear();
}

// What the cells beside the figures say of the row.
void TableRows::label(Cells cells, RowContext& context) const {
  for (const LabelColumn& column : layout_.labels) {
    if (column.position >= cells.size()) continue;
    const std::string_view cell = trim(cells[column.position]);
    if (cell.empty()) continue;
    if (const auto year = year_alone(cell)) {
      context.label_year = year;
      context.label_text = cell;
      continue;
    }
    std::optional<Meaning> said = meaning_of_label(words_compared(cell));
    // Below targets without days each row is of something: a town, a project.
    const bool may_be_part = column.names_parts || (has_targets_above() && layout_.has_day);
    const bool is_part = may_be_part && !looks_like_a_figure(cell) && !is_empty_mark(cell);
    if (!said && is_part) said = Meaning::part;
    if (!said || (context.label != Meaning::unsaid && may_be_total(*said))) continue;
    context.label = *said;
    context.label_text = cell;
  }
}

void TableRows::take_data(Cells cells) {
  Row row = row_of(cells, table_.row(), layout_.header);
  if (layout_.unit_position && *layout_.unit_position < cells.size()) {
    row.unit = cells[*layout_.unit_position];
  }
  RowContext context;
  context.layout = &layout_;
  context.is_wide = layout_.is_wide;
  context.cells = cells;
  row.context = &context;
  label(cells, context);
  for (const FigureColumn& figures : layout_.figures) {
    context.figures = &figures;
    row.cells[static_cast<std::size_t>(Column::value)] =
        figures.position < cells.size() ? cells[figures.position] : std::string_view();
    if (!figures.target.empty()) {
      row.cells[static_cast<std::size_t>(Column::target)] = figures.target;
    }
    rows_.add(row, cells);
  }
  if (layout_.figures.size() > 1) rows_.add_words_beside_figures(row, cells);
}

}  // namespace

void read_table_rows(TableReader& table, Layout layout, const LayoutWords& words, Rows& rows) {
  TableRows(table, std::move(layout), words, rows).read();
}

bool has_fault_of_width(Cells cells, std::int64_t number, const Header& header, Rows& rows) {
  for (const Column needed : {Column::target, Column::as_of}) {
    const auto position = header.positions[static_cast<std::size_t>(needed)];
    if (!position || *position < cells.size()) continue;
    rows.refuse(number, cells, [&] {
      return explain(
          Refusal::too_few_columns, number, rows.name(needed), "",
          {std::to_string(cells.size()), rows.name(needed), std::to_string(header.width)});
    });
    return true;
  }
  if (!is_too_wide(cells, header)) return false;
  rows.refuse(number, cells, [&] {
    return explain(Refusal::too_many_columns, number, "", cells[header.width],
                   {std::to_string(cells.size()), "表头的", std::to_string(header.width)});
  });
  return true;
}

Row row_of(Cells cells, std::int64_t number, const Header& header) {
  Row row;
  row.number = number;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (header.positions[i] && *header.positions[i] < cells.size()) {
      row.cells[i] = cells[*header.positions[i]];
    }
  }
  return row;
}

}  // namespace districtd

#include "daemon/intake/layout.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/intake/refusals.h"
#include "daemon/intake/text.h"

namespace districtd {

namespace {

using What = NamedColumn::What;

constexpr std::size_t kMostRowsAbove = 50;
constexpr std::size_t kMostPreambleBytes = 65'536;

using Cells = std::vector<std::string>;

std::optional<Unit> unit_in_brackets(const ComparedName& name) {
  std::string_view text = name.bracketed;
  for (const std::string_view label : {"单位:", "计量单位:"}) {
    if (text.starts_with(label)) text.remove_prefix(label.size());
  }
  if (text.empty()) return std::nullopt;
  auto unit = Unit::parse(text);
  return unit && unit->is_known() && !unit->symbol().empty() ? unit : std::nullopt;
}

// What one row says as a header.
struct Candidate {
  Layout layout;
  std::array<int, 5> ranks{};  // by NamedColumn::What; 0 here is "none"
  std::optional<RowError> duplicate;
  int score = 0;  // how many of target, day, value it names
};

bool has(const Candidate& candidate, Column column) {
  return candidate.layout.header.positions[static_cast<std::size_t>(column)].has_value();
}

void put(Candidate& candidate, std::size_t position, std::string_view cell, NamedColumn column,
         std::int64_t row) {
  const auto which = static_cast<std::size_t>(column.what);
  const int rank = column.rank + 1;
  const std::string name(trim(cell));
  Layout& layout = candidate.layout;
  if (column.what == What::unit) {
    if (candidate.ranks[which] == 0) layout.unit_position = position;
    candidate.ranks[which] = rank;
    return;
  }
  std::string& known = layout.header.names[which];
  const int known_rank = candidate.ranks[which];
  if (known_rank == rank && !candidate.duplicate) {
    candidate.duplicate = explain(Refusal::duplicate_column, row, name, name, {known, name});
  }
  if (known_rank != 0 && known_rank != rank) {
    layout.notes.push_back("表头中“" + known + "”和“" + name + "”都可作“" +
                           std::string(kColumnNames[which].chinese) + "”列，按“" +
                           (rank < known_rank ? name : known) + "”列读取。");
  }
  if (known_rank != 0 && known_rank <= rank) return;
  candidate.ranks[which] = rank;
  layout.header.positions[which] = position;
  known = name;
  if (column.what == What::value) layout.unit = unit_in_brackets(compared(cell));
}

// `years` are the years that a row above gives to each cell, or empty.
Candidate read_candidate(const Cells& cells, std::int64_t row, const ColumnMapping& mapping,
                         const std::vector<std::string>& years) {
  Candidate candidate;
  Layout& layout = candidate.layout;
  layout.row = row;
  layout.header.width = cells.size();
  layout.cells = cells;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (formula_fault(trim(cells[i]))) {
      layout.notes.push_back("表头第 " + std::to_string(i + 1) + " 列是没有结果的公式“" +
                             std::string(cut(trim(cells[i]), 60)) + "”，这一列没有读取。");
      continue;
    }
    const ComparedName name = compared(cells[i]);
    if (name.name == kCorrectionColumn) layout.was_given_back = true;
    if (const auto column = named_column(name, mapping)) {
      put(candidate, i, cells[i], *column, row);
      continue;
    }
    const std::string dated = (i < years.size() ? years[i] : "") + name.name;
    if (auto date = read_written_date(dated)) {
      layout.periods.push_back({i, *date, std::string(trim(cells[i])), unit_in_brackets(name)});
    }
  }
  if (has(candidate, Column::value) && has(candidate, Column::as_of)) layout.periods.clear();
  for (const Column column : {Column::target, Column::as_of, Column::value}) {
    candidate.score += has(candidate, column) ? 1 : 0;
  }
  if (!layout.periods.empty()) candidate.score = has(candidate, Column::target) ? 3 : 0;
  return candidate;
}

// "2026年" over "1月", "2月" ...: the year of each cell of the row below.
std::vector<std::string> years_of(const Cells& above) {
  std::vector<std::string> years;
  std::string year;
  for (const std::string& cell : above) {
    const ComparedName name = compared(cell);
    if (!name.name.empty()) {
      const bool is_year = name.name.size() == 7 && name.name.ends_with("年") &&
                           name.name.find_first_not_of("0123456789") == 4;
      year = is_year ? name.name : "";
    }
    years.push_back(year);
  }
  return years;
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

// What follows a label such as "单位：" in a cell above the table, up to its end.
std::optional<std::string> after_label(const std::string& text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string::npos) return std::nullopt;
  std::string_view rest = trim(std::string_view(text).substr(at + label.size()));
  if (rest.starts_with(':')) rest = trim(rest.substr(1));
  const std::size_t end = rest.find_first_of(" ),;\t\n");
  return std::string(trim(rest.substr(0, end)));
}

void read_above(const Cells& cells, Layout& layout) {
  for (const std::string& cell : cells) {
    const std::string text = narrow(trim(cell));
    if (text.empty()) continue;
    if (formula_fault(text)) {
      layout.notes.push_back("表上方的公式“" + std::string(cut(text, 60)) +
                             "”没有结果，没有读取。");
      continue;
    }
    const auto unit_text = after_label(text, "单位:");
    const auto unit = unit_text ? Unit::parse(*unit_text) : std::nullopt;
    if (unit && unit->is_known() && !unit->symbol().empty() && !layout.unit) {
      layout.unit = unit;
      layout.notes.push_back("表上方写明单位为“" + *unit_text + "”，没有单位的数值按此读取。");
    } else if (unit_text && unit_text->find("、") != std::string::npos) {
      layout.notes.push_back("表上方的单位“" + *unit_text +
                             "”不止一个，没有采用；没有单位的数值按目标库的单位读取。");
    }
    for (const std::string_view label : {"截至", "数据时间", "统计时间", "数据日期"}) {
      const auto date_text = after_label(text, label);
      const auto date = date_text ? read_written_date(*date_text) : std::nullopt;
      if (!date || layout.as_of) continue;
      layout.as_of = date;
      layout.as_of_text = *date_text;
    }
  }
}

RowError missing(const Cells& cells, std::int64_t row, const ColumnName& column) {
  constexpr std::size_t kEnough = 300;
  std::string found;
  for (const std::string& cell : cells) {
    if (!found.empty()) found += ',';
    found += trim(cell);
    if (found.size() > kEnough) break;
  }
  return explain(Refusal::missing_column, row, column.chinese, found,
                 {column.chinese, column.english, found});
}

RowError what_is_missing(const Candidate& candidate) {
  for (const Column column : {Column::target, Column::as_of, Column::value}) {
    if (!has(candidate, column)) {
      return missing(candidate.layout.cells, candidate.layout.row,
                     kColumnNames[static_cast<std::size_t>(column)]);
    }
  }
  return missing(candidate.layout.cells, candidate.layout.row, kColumnNames[0]);
}

// Takes over what the rows above say, and says what was chosen.
void complete(Layout& layout, const Layout& above) {
  layout.notes.insert(layout.notes.begin(), above.notes.begin(), above.notes.end());
  layout.preamble = above.preamble;
  if (!layout.unit) layout.unit = above.unit;
  auto& positions = layout.header.positions;
  const auto value = static_cast<std::size_t>(Column::value);
  const auto as_of = static_cast<std::size_t>(Column::as_of);
  if (!layout.periods.empty()) {
    positions[value].reset();
    positions[as_of].reset();
    layout.notes.push_back("“" + layout.periods.front().name + "”至“" + layout.periods.back().name +
                           "”各列按截至当期最后一天的累计数读取。");
    return;
  }
  if (positions[as_of]) return;
  layout.as_of = above.as_of;
  layout.as_of_text = above.as_of_text;
  layout.notes.push_back("表中没有截至日期列，按表上方的“" + layout.as_of_text + "”读取。");
}

// Everything that a header has to name, given what stands above it.
bool is_header(const Candidate& candidate, const Layout& above) {
  if (!has(candidate, Column::target) || candidate.duplicate) return false;
  if (!candidate.layout.periods.empty()) return true;
  return has(candidate, Column::value) && (has(candidate, Column::as_of) || above.as_of);
}

void keep_above(const Cells& cells, Layout& above, std::size_t& bytes) {
  read_above(cells, above);
  for (const std::string& cell : cells) bytes += cell.size() + sizeof(std::string);
  if (bytes <= kMostPreambleBytes) above.preamble.push_back(cells);
}

}  // namespace

std::variant<Layout, RowError> find_layout(TableReader& table, const ColumnMapping& mapping) {
  Layout above;
  Cells before;
  std::optional<Candidate> best;
  std::size_t bytes = 0;
  for (std::size_t rows = 0; rows < kMostRowsAbove && table.next();) {
    if (const auto fault = table.fault()) {
      if (best && best->score > 0) break;
      return *fault;
    }
    if (is_blank_row(table.cells())) continue;
    ++rows;
    Cells cells(table.cells().begin(), table.cells().end());
    Candidate candidate = read_candidate(cells, table.row(), mapping, {});
    if (!is_header(candidate, above) && !before.empty()) {
      Candidate two = read_candidate(merged(before, cells), table.row(), mapping, years_of(before));
      if (is_header(two, above)) {
        candidate = std::move(two);
        candidate.layout.cells = cells;
      }
    }
    if (is_header(candidate, above)) {
      complete(candidate.layout, above);
      return std::move(candidate.layout);
    }
    if (candidate.duplicate && candidate.score >= 3) return *candidate.duplicate;
    if (!best || candidate.score > best->score) best = std::move(candidate);
    keep_above(cells, above, bytes);
    before = std::move(cells);
  }
  if (!best) return missing({}, 0, kColumnNames[0]);
  return what_is_missing(*best);
}

bool is_remark(std::span<const std::string_view> cells, std::size_t target,
               std::string_view header) {
  constexpr std::array<std::string_view, 15> kBegins = {
      "注:",         "备注:",   "说明:",     "填表说明:", "填报说明:",
      "填报人:",     "填表人:", "审核人:",   "制表人:",   "负责人:",
      "单位负责人:", "联系人:", "联系电话:", "数据来源:", "填报单位:"};
  constexpr std::array<std::string_view, 4> kSums = {"合计", "总计", "小计", "共计"};
  const std::string_view named = target < cells.size() ? trim(cells[target]) : "";
  if (!named.empty() && named == header) return true;
  if (std::find(kSums.begin(), kSums.end(), named) != kSums.end()) return true;
  const auto first = std::find_if(cells.begin(), cells.end(),
                                  [](std::string_view cell) { return !trim(cell).empty(); });
  if (first == cells.end()) return false;
  const std::string text = narrow(trim(*first).substr(0, 60));
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [&](std::string_view begin) { return text.starts_with(begin); });
}

}  // namespace districtd

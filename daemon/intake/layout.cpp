#include "daemon/intake/layout.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/value_reader.h"

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
  return known_unit(text);
}

struct DateAbove {
  WrittenDate date;
  std::string text;
  bool is_titled = false;  // it stands in a title, not behind a label
};

// What the rows above the header say.
struct Above {
  std::vector<Cells> preamble;
  std::size_t bytes = 0;  // of the rows, also of those that were too much to keep
  std::size_t title_bytes = 0;
  std::vector<std::string> notes;
  std::optional<Unit> unit;
  std::optional<DateAbove> labelled;
  std::vector<DateAbove> titled;  // different ones

  // Several periods in titles say nothing.
  const DateAbove* as_of() const {
    if (labelled) return &*labelled;
    return titled.size() == 1 ? &titled.front() : nullptr;
  }
};

// "万元" or "(万元)".
std::optional<Unit> unit_alone(std::string_view cell) {
  const std::string narrowed = narrow(cell);
  std::string_view text = narrowed;
  if (text.starts_with('(') && text.ends_with(')')) text = trim(text.substr(1, text.size() - 2));
  return known_unit(text);
}

// What one row says as a header.
struct Candidate {
  Layout layout;
  std::array<int, kColumns + 1> ranks{};  // by NamedColumn::What; 0 here is "none"
  std::optional<RowError> duplicate;
  int score = 0;  // how many of target, day, value it names
};

bool names(const Candidate& candidate, Column column) {
  return candidate.layout.header.positions[static_cast<std::size_t>(column)].has_value();
}

void place_column(Candidate& candidate, std::size_t position, std::string_view cell,
                  NamedColumn column, std::int64_t row) {
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
                             std::string(utf8::cut(trim(cells[i]), 60)) + "”，这一列没有读取。");
      continue;
    }
    const ComparedName name = compared(cells[i]);
    if (name.name == kCorrectionColumn) layout.was_given_back = true;
    if (const auto column = named_column(name, mapping)) {
      place_column(candidate, i, cells[i], *column, row);
      continue;
    }
    const std::string dated = (i < years.size() ? years[i] : "") + name.name;
    if (auto date = read_written_date(dated)) {
      layout.periods.push_back({i, *date, std::string(trim(cells[i])), unit_in_brackets(name)});
    }
  }
  if (names(candidate, Column::value) && names(candidate, Column::as_of)) layout.periods.clear();
  for (const Column column : {Column::target, Column::as_of, Column::value}) {
    candidate.score += names(candidate, column) ? 1 : 0;
  }
  if (!layout.periods.empty()) candidate.score = names(candidate, Column::target) ? 3 : 0;
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

// "填报日期：2026年7月" is not what the figures are of.
bool is_of_the_paper(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {"填报", "填表", "制表", "报送", "上报",
                                                      "打印", "更新", "日期", "时间"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

void read_title(std::string_view text, Above& above) {
  constexpr std::size_t kMostBytes = 4096;  // of all titles; what is longer is none
  above.title_bytes += text.size();
  if (above.title_bytes > kMostBytes || is_of_the_paper(text)) return;
  for (NamedPeriod& period : periods_in(text)) {
    const auto same = std::find_if(above.titled.begin(), above.titled.end(), [&](const auto& one) {
      const bool is_year_open = !one.date.year || !period.date.year;
      return one.date.month == period.date.month &&
             (is_year_open || one.date.year == period.date.year);
    });
    if (same == above.titled.end()) {
      above.titled.push_back({period.date, std::move(period.text), true});
    } else if (!same->date.year) {
      *same = {period.date, std::move(period.text), true};
    }
  }
}

void read_above(const Cells& cells, Above& above) {
  for (const std::string& cell : cells) {
    const std::string text = narrow(trim(cell));
    if (text.empty()) continue;
    if (formula_fault(text)) {
      above.notes.push_back("表上方的公式“" + std::string(utf8::cut(text, 60)) +
                            "”没有结果，没有读取。");
      continue;
    }
    const auto unit_text = after_label(text, "单位:");
    const auto unit = unit_text ? known_unit(*unit_text) : std::nullopt;
    if (unit && !above.unit) {
      above.unit = unit;
      above.notes.push_back("表上方写明单位为“" + *unit_text + "”，没有单位的数值按此读取。");
    } else if (unit_text && unit_text->find("、") != std::string::npos) {
      above.notes.push_back("表上方的单位“" + *unit_text +
                            "”不止一个，没有采用；没有单位的数值按目标库的单位读取。");
    }
    for (const std::string_view label : {"截至", "数据时间", "统计时间", "数据日期"}) {
      const auto date_text = after_label(text, label);
      const auto date = date_text ? read_written_date(*date_text) : std::nullopt;
      if (date && !above.labelled) above.labelled = DateAbove{*date, *date_text};
    }
    read_title(text, above);
  }
}

RowError missing(const Cells& cells, std::int64_t row, Column column, const Above& above) {
  constexpr std::size_t kEnough = 300;
  std::string found;
  for (const std::string& cell : cells) {
    if (!found.empty()) found += ',';
    found += trim(cell);
    if (found.size() > kEnough) break;
  }
  std::string several;
  std::string_view way = "请加上这一列，或改用填报说明中的列名";
  if (column == Column::as_of) {
    way = "请加上这一列，或在表上方写明“截至2026年6月30日”";
    if (above.titled.size() > 1) {
      several = "表上方写了不止一个时期，如“" + above.titled[0].text + "”和“" +
                above.titled[1].text + "”，不能判断是哪一个；";
    }
  } else if (cells.size() < 2) {
    way = "请核对文件是否放对，各列是否用英文逗号、制表符等分开";
  }
  const ColumnName& name = kColumnNames[static_cast<std::size_t>(column)];
  return explain(Refusal::missing_column, row, name.chinese, found,
                 {name.chinese, name.english, found, several, way});
}

RowError what_is_missing(const Candidate& candidate, const Above& above) {
  for (const Column column : {Column::target, Column::as_of, Column::value}) {
    if (!names(candidate, column)) {
      return missing(candidate.layout.cells, candidate.layout.row, column, above);
    }
  }
  return missing(candidate.layout.cells, candidate.layout.row, Column::target, above);
}

// Where the figures of a header's column stand, and where it ends: a header above several columns
// stands over the first of them, and the others' cells are blank.
struct Span {
  std::size_t* position = nullptr;
  std::optional<Unit>* unit = nullptr;
  std::size_t end = 0;
  std::string name;
};

std::vector<Span> spans_of(Layout& layout, std::size_t width) {
  std::vector<Span> spans;
  auto& value = layout.header.positions[static_cast<std::size_t>(Column::value)];
  for (PeriodColumn& period : layout.periods) {
    spans.push_back({&period.position, &period.unit, 0, period.name});
  }
  if (spans.empty() && value) {
    const auto which = static_cast<std::size_t>(Column::value);
    spans.push_back({&*value, &layout.unit, 0, layout.header.names[which]});
  }
  for (Span& span : spans) {
    span.end = *span.position + 1;
    while (span.end < width &&
           (span.end >= layout.cells.size() || trim(layout.cells[span.end]).empty())) {
      ++span.end;
    }
  }
  return spans;
}

// A row of words without a target right below a header: "本月完成", "累计完成".
bool is_second_header(std::span<const std::string_view> cells, const Layout& layout,
                      const std::vector<Span>& spans) {
  const auto target = static_cast<std::size_t>(Column::target);
  if (is_remark(cells, *layout.header.positions[target], layout.header.names[target])) return false;
  const std::size_t position = *layout.header.positions[target];
  if (position < cells.size() && !trim(cells[position]).empty()) return false;
  bool is_below_figures = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = narrow(trim(cells[i]));
    if (cell.empty()) continue;
    if (formula_fault(cell) || (cell.front() >= '0' && cell.front() <= '9')) return false;
    is_below_figures |= std::any_of(spans.begin(), spans.end(), [i](const Span& span) {
      return *span.position <= i && i < span.end;
    });
  }
  return is_below_figures;
}

// What a second row of the header says below one cell of the first.
struct Below {
  Cells names;                       // without blanks
  std::optional<std::size_t> value;  // the column that names it best
  bool is_twice = false;             // another names it as well
};

Below names_below(const Span& span, const Cells& cells, const ColumnMapping& mapping) {
  Below below;
  int best_rank = 0;
  for (std::size_t i = *span.position; i < std::min(span.end, cells.size()); ++i) {
    const ComparedName name = compared(cells[i]);
    if (name.name.empty() || name.name == kCorrectionColumn) continue;
    below.names.emplace_back(trim(cells[i]));
    const auto column = named_column(name, mapping);
    if (!column || column->what != What::value) continue;
    if (below.value && column->rank > best_rank) continue;
    below.is_twice = below.value && column->rank == best_rank;
    below.value = i;
    best_rank = column->rank;
  }
  return below;
}

// Below "6月" or "完成情况" a second row of the header may say what each of several columns is: the
// figures are in the one that names the value. What is missing, where none or more than one does.
std::optional<RowError> read_second_row(TableReader& table, Layout& layout,
                                        const ColumnMapping& mapping, Above& above) {
  if (!table.next()) return std::nullopt;
  const auto row = table.cells();
  const std::size_t width = std::max(layout.header.width, row.size());
  std::vector<Span> spans = spans_of(layout, width);
  if (table.fault() || !is_second_header(row, layout, spans)) {
    table.put_back();
    return std::nullopt;
  }
  const Cells cells(row.begin(), row.end());
  for (const Span& span : spans) {
    const Below below = names_below(span, cells, mapping);
    if (below.names.empty()) continue;
    if (auto unit = unit_alone(below.names[0]); unit && !below.value && below.names.size() == 1) {
      *span.unit = std::move(unit);
      continue;
    }
    if (!below.value || below.is_twice) {
      return missing(below.names, table.row(), Column::value, above);
    }
    *span.position = *below.value;
    const std::string& name = cells[*below.value];
    if (auto own = unit_in_brackets(compared(name))) *span.unit = std::move(own);
    if (below.names.size() > 1) {
      layout.notes.push_back("“" + span.name + "”下面的几列中，按“" + std::string(trim(name)) +
                             "”列读取。");
    }
  }
  layout.was_given_back |= std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return trim(cell) == kCorrectionColumn;
  });
  above.preamble.push_back(std::exchange(layout.cells, cells));
  layout.header.width = width;
  layout.row = table.row();
  return std::nullopt;
}

// Takes over what the rows above say, and says what was chosen.
void complete(Layout& layout, const Above& above) {
  layout.notes.insert(layout.notes.begin(), above.notes.begin(), above.notes.end());
  layout.preamble = above.preamble;
  if (!layout.unit) layout.unit = above.unit;
  auto& positions = layout.header.positions;
  const auto value = static_cast<std::size_t>(Column::value);
  const auto as_of = static_cast<std::size_t>(Column::as_of);
  if (!layout.periods.empty()) {
    positions[value].reset();
    positions[as_of].reset();
    const std::string first = "“" + layout.periods.front().name + "”";
    const std::string columns = layout.periods.size() == 1
                                    ? first + "列"
                                    : first + "至“" + layout.periods.back().name + "”各列";
    layout.notes.push_back(columns + "按截至当期最后一天的累计数读取。");
    return;
  }
  if (positions[as_of]) return;
  const DateAbove& day = *above.as_of();
  layout.as_of = day.date;
  layout.as_of_text = day.text;
  layout.notes.push_back(day.is_titled ? "表中没有截至日期列，按标题中的“" + day.text +
                                             "”读取，各数是截至当期最后一天的累计数。"
                                       : "表中没有截至日期列，按表上方的“" + day.text + "”读取。");
}

// Everything that a header has to name, given what stands above it.
bool is_header(const Candidate& candidate, const Above& above) {
  if (!names(candidate, Column::target) || candidate.duplicate) return false;
  if (!candidate.layout.periods.empty()) return true;
  return names(candidate, Column::value) && (names(candidate, Column::as_of) || above.as_of());
}

void keep_above(const Cells& cells, Above& above) {
  read_above(cells, above);
  for (const std::string& cell : cells) above.bytes += cell.size() + sizeof(std::string);
  if (above.bytes <= kMostPreambleBytes) above.preamble.push_back(cells);
}

}  // namespace

Result<Layout, NoLayout> find_layout(TableReader& table, const ColumnMapping& mapping) {
  Above above;
  Cells before;
  std::optional<Candidate> best;
  for (std::size_t rows = 0; rows < kMostRowsAbove && table.next();) {
    if (const auto fault = table.fault()) {
      if (best && best->score > 0) break;
      return NoLayout{*fault};
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
      if (auto error = read_second_row(table, candidate.layout, mapping, above)) {
        return NoLayout{std::move(*error), candidate.score};
      }
      complete(candidate.layout, above);
      return std::move(candidate.layout);
    }
    if (candidate.duplicate && candidate.score >= 3) {
      return NoLayout{*candidate.duplicate, candidate.score};
    }
    if (!best || candidate.score > best->score) best = std::move(candidate);
    keep_above(cells, above);
    before = std::move(cells);
  }
  if (!best) return NoLayout{missing({}, 0, Column::target, above)};
  return NoLayout{what_is_missing(*best, above), best->score};
}

namespace {

// Also "合　计", as it is spread over a wide cell.
bool is_sum(std::string_view cell) {
  constexpr std::array<std::string_view, 4> kSums = {"合计", "总计", "小计", "共计"};
  constexpr std::size_t kMostBytes = 30;
  if (cell.empty() || cell.size() > kMostBytes) return false;
  return std::find(kSums.begin(), kSums.end(), compared(cell).name) != kSums.end();
}

}  // namespace

bool is_remark(std::span<const std::string_view> cells, std::size_t target,
               std::string_view header) {
  constexpr std::array<std::string_view, 15> kBegins = {
      "注:",         "备注:",   "说明:",     "填表说明:", "填报说明:",
      "填报人:",     "填表人:", "审核人:",   "制表人:",   "负责人:",
      "单位负责人:", "联系人:", "联系电话:", "数据来源:", "填报单位:"};
  const std::string_view named = target < cells.size() ? trim(cells[target]) : "";
  if (!named.empty() && named == header) return true;
  // The row of a statistical table that numbers its columns: 甲, 乙, 1, 2.
  if (named == "甲" || named == "乙" || named == "丙") return true;
  // Where the target is blank a sum is no further row of the target above it.
  if (named.empty() ? std::any_of(cells.begin(), cells.end(), is_sum) : is_sum(named)) return true;
  const auto first = std::find_if(cells.begin(), cells.end(),
                                  [](std::string_view cell) { return !trim(cell).empty(); });
  if (first == cells.end()) return false;
  const std::string text = narrow(trim(*first).substr(0, 60));
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [&](std::string_view begin) { return text.starts_with(begin); });
}

}  // namespace districtd

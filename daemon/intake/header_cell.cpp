#include "daemon/intake/header_cell.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/refusals.h"

namespace districtd {

namespace {

using What = HeaderCell::What;

// "1-6月" and "上半年" begin with the year; "6月" does not say where it begins.
bool begins_with_the_year(std::string_view text, const WrittenDate& date) {
  constexpr std::array<std::string_view, 9> kFromJanuary = {
      "上半年", "前三季度", "前二季度", "前两季度", "截至", "年初", "全年", "底", "末"};
  constexpr std::array<std::string_view, 8> kRanges = {"1-", "1至", "1到",  "1~",
                                                       "1–", "1—",  "一至", "一-"};
  if (date.month == 1) return true;
  const auto has = [&](std::string_view word) { return text.find(word) != text.npos; };
  if (std::any_of(kFromJanuary.begin(), kFromJanuary.end(), has)) return true;
  return std::any_of(kRanges.begin(), kRanges.end(), [&](std::string_view range) {
    const std::size_t at = text.find(range);
    return at != text.npos && (at == 0 || text[at - 1] < '0' || text[at - 1] > '9');
  });
}

// "2026年" of "2026年计划"; "" where none.
std::string_view year_of(std::string_view upper) {
  constexpr std::string_view kYear = "年";
  const bool is_year = upper.size() >= 4 + kYear.size() && upper.starts_with("20") &&
                       upper.find_first_not_of("0123456789") == 4 &&
                       upper.substr(4).starts_with(kYear);
  return is_year ? upper.substr(0, 4 + kYear.size()) : std::string_view();
}

struct Period {
  WrittenDate date;
  std::string_view rest;
};

// A heading that begins with a period and goes on, if at all, with words for figures reached:
// "1-7月完成投资", "6月底累计".
std::optional<Period> period_heading(std::string_view name) {
  constexpr std::size_t kMostBytes = 60;
  constexpr std::array<std::string_view, 4> kOfPeriods = {"月", "季", "年", "底"};
  const bool may_go_on = std::any_of(kOfPeriods.begin(), kOfPeriods.end(), [&](auto word) {
    return name.find(word) != std::string_view::npos;
  });
  if (!may_go_on) {
    // A day, or nothing of the kind: most cells of a table.
    if (name.empty() || !((name[0] >= '0' && name[0] <= '9') || name[0] == 'q'))
      return std::nullopt;
    const auto date = read_written_date(name);
    return date ? std::optional(Period{*date, {}}) : std::nullopt;
  }
  std::optional<Period> found;
  for (std::size_t end = 1; end <= std::min(name.size(), kMostBytes); ++end) {
    if (end < name.size() && utf8::is_continuation(name[end])) continue;
    const auto date = read_written_date(name.substr(0, end));
    if (!date) continue;
    const std::string_view rest = name.substr(end);
    // What is left may end in words that say nothing themselves: 投资, 数.
    const bool is_whole =
        rest.empty() || figure_heading(rest) || figure_heading("完成" + std::string(rest));
    if (is_whole) found = Period{*date, rest};
  }
  return found;
}

Meaning worse(Meaning upper, Meaning own) { return may_be_total(upper) ? own : upper; }

bool read_period(const ComparedName& name, std::string_view upper, HeaderCell& cell) {
  const std::string dated = std::string(year_of(upper)) + name.name;
  const auto period = period_heading(dated);
  if (!period) return false;
  cell.what = What::period;
  cell.date = period->date;
  const Meaning own = meaning_of_heading(name.name + "(" + name.bracketed + ")");
  cell.meaning = own;
  if (may_be_total(own)) {
    const bool is_total = begins_with_the_year(name.name, period->date) || own == Meaning::total;
    // "6月完成投资" is of June alone, or of the year by then.
    cell.meaning = is_total                 ? Meaning::total
                   : own == Meaning::actual ? Meaning::single
                                            : Meaning::unsaid;
  }
  return true;
}

void settle(std::string_view upper, HeaderCell& cell) {
  const Meaning above = meaning_of_heading(upper);
  if (cell.meaning == Meaning::unsaid && above == Meaning::total) cell.meaning = Meaning::total;
  cell.meaning = worse(above, cell.meaning);
  if (may_be_total(cell.meaning)) return;
  cell.what = cell.meaning == Meaning::growth  ? What::growth
              : cell.meaning == Meaning::share ? What::share
                                               : What::otherwise;
}

}  // namespace

HeaderCell read_header_cell(std::string_view text, std::string_view upper,
                            const ColumnMapping& mapping) {
  HeaderCell cell;
  if (cell_fault(trim(text))) {
    cell.what = What::formula;
    return cell;
  }
  const ComparedName name = compared(text);
  if (name.name.empty()) return cell;
  const std::string above = compared(upper).name;
  cell.units = units_in_brackets(name.bracketed);
  if (const auto column = named_column(name, mapping)) {
    cell.what = What::column;
    cell.column = *column;
    if (column->what != NamedColumn::What::value || column->rank == 0) return cell;
    if (const auto date = read_written_date(name.bracketed)) {
      cell.what = What::period;
      cell.date = *date;
    }
    const Meaning own = meaning_of_heading(name.name);
    cell.meaning = may_be_total(own) ? worse(meaning_of_heading(name.bracketed), own) : own;
    settle(above, cell);
    return cell;
  }
  if (read_period(name, above, cell)) {
    settle(above, cell);
    return cell;
  }
  if (const auto meaning = figure_heading(name.name)) {
    cell.what = What::column;
    cell.column = {NamedColumn::What::value, *meaning == Meaning::total ? 2 : 3};
    cell.meaning = worse(meaning_of_heading(name.bracketed), *meaning);
    settle(above, cell);
    return cell;
  }
  constexpr std::array<std::string_view, 3> kSums = {"合计", "总计", "小计"};
  if (std::find(kSums.begin(), kSums.end(), name.name) != kSums.end()) {
    cell.what = What::sum;
    cell.meaning = Meaning::total;
    settle(above, cell);
    return cell;
  }
  cell.what = What::unknown;
  const Meaning own = meaning_of_heading(name.name + "(" + name.bracketed + ")");
  // "其中" is the heading of what tells parts apart, and not of their figures.
  if (!may_be_total(own) && !names_parts(name.name)) {
    cell.meaning = own;
    settle("", cell);
  }
  return cell;
}

int rank_of(const HeaderCell& cell) {
  const int rank = cell.column.rank;
  if (cell.column.what != NamedColumn::What::value || rank == 0) return rank;
  if (rank == 2 && cell.meaning == Meaning::total) return 1;
  return rank + 1;
}

}  // namespace districtd

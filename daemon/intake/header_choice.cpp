#include "daemon/intake/header_choice.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/refusals.h"

namespace districtd {

namespace {

using Cells = std::vector<std::string>;
using What = HeaderCell::What;

constexpr int kNoRank = 1000;

std::size_t at(Column column) { return static_cast<std::size_t>(column); }

bool names(const HeaderChoice& choice, Column column) {
  return choice.layout.header.positions[at(column)].has_value();
}

// Reads the cells of one row as a header, from left to right.
class Chooser {
 public:
  Chooser(const Cells& cells, const Cells& uppers, std::int64_t row, const LayoutWords& words)
      : cells_(cells), uppers_(uppers), row_(row), words_(words), choice_(words.catalogue) {
    ranks_.fill(kNoRank);
    Layout& layout = choice_.layout;
    layout.row = row;
    layout.header.width = cells.size();
    layout.cells = cells;
    has_task_ = std::any_of(cells.begin(), cells.end(),
                            [](const std::string& cell) { return names_task(compared(cell)); });
  }

  HeaderChoice choose() {
    for (std::size_t i = 0; i < cells_.size(); ++i) read(i);
    settle_figures();
    return std::move(choice_);
  }

 private:
  void read(std::size_t i);
  bool read_target(std::size_t i);
  void place(std::size_t i, const HeaderCell& cell);
  void place_figures(std::size_t i, const HeaderCell& cell);
  void settle_figures();
  void settle_periods();
  void drop_months_beside(const FigureColumn& sum);
  void give_rates(FigureColumn& figures);
  std::string name_of(std::size_t i) const { return std::string(trim(cells_[i])); }
  FigureColumn figures_of(std::size_t i, const HeaderCell& cell) const {
    FigureColumn figures;
    figures.position = i;
    figures.name = name_of(i);
    figures.meaning = cell.meaning;
    figures.units = cell.units;
    return figures;
  }

  const Cells& cells_;
  const Cells& uppers_;
  const std::int64_t row_;
  const LayoutWords& words_;
  HeaderChoice choice_;
  std::array<int, kColumns + 1> ranks_{};  // by NamedColumn::What
  bool has_task_ = false;
  std::optional<FigureColumn> value_;
  std::optional<FigureColumn> sum_;
  std::vector<FigureColumn> periods_;
  std::vector<FigureColumn> targets_;
  std::vector<RateColumn> growth_;
  std::vector<RateColumn> shares_;
};

bool Chooser::read_target(std::size_t i) {
  const std::string_view name = trim(cells_[i]);
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  const RowTarget* const target = words_.targets.find(name);
  if (target == nullptr || !target->is_own) return false;
  FigureColumn figures;
  figures.position = i;
  figures.name = figures.target = name;
  targets_.push_back(std::move(figures));
  return true;
}

void Chooser::read(std::size_t i) {
  Layout& layout = choice_.layout;
  const std::string upper = i < uppers_.size() ? uppers_[i] : "";
  const HeaderCell cell = read_header_cell(cells_[i], upper, words_.mapping);
  const auto other_figures = [&] {
    choice_.names_other_figures = true;
    if (choice_.other_figures.empty()) choice_.other_figures = name_of(i);
  };
  switch (cell.what) {
    case What::nothing:
      return;
    case What::formula:
      layout.notes.push_back("表头第 " + std::to_string(i + 1) + " 列是没有结果的公式“" +
                             std::string(utf8::cut(trim(cells_[i]), 60)) + "”，这一列没有读取。");
      return;
    case What::column:
      return place(i, cell);
    case What::period: {
      FigureColumn figures = figures_of(i, cell);
      figures.date = cell.date;
      periods_.push_back(std::move(figures));
      return;
    }
    case What::sum:
      if (!sum_) sum_ = figures_of(i, cell);
      return;
    case What::growth:
      if (!read_target(i)) growth_.push_back({i, name_of(i), cell.units});
      return other_figures();
    case What::share:
      if (!read_target(i)) shares_.push_back({i, name_of(i), cell.units});
      return other_figures();
    case What::otherwise:
      if (!read_target(i)) other_figures();
      return;
    case What::unknown:
      if (compared(cells_[i]).name == kCorrectionColumn) {
        layout.was_given_back = true;
      } else if (!read_target(i)) {
        layout.labels.push_back({i, name_of(i), names_parts(compared(cells_[i]).name)});
      }
      return;
  }
}

void Chooser::place(std::size_t i, const HeaderCell& cell) {
  if (cell.column.what == NamedColumn::What::value) return place_figures(i, cell);
  const auto which = static_cast<std::size_t>(cell.column.what);
  const int rank = rank_of(cell);
  const std::string name = name_of(i);
  Layout& layout = choice_.layout;
  if (cell.column.what == NamedColumn::What::unit) {
    if (ranks_[which] == kNoRank) layout.unit_position = i;
    ranks_[which] = std::min(ranks_[which], rank);
    return;
  }
  const bool is_deadline = cell.column.what == NamedColumn::What::as_of && rank > 0 && has_task_ &&
                           names_deadline(compared(cells_[i]));
  if (is_deadline) {
    choice_.deadline = name;
    return;
  }
  std::string& known = layout.header.names[which];
  const int known_rank = ranks_[which];
  if (known_rank == rank && !choice_.duplicate) {
    choice_.duplicate = explain(Refusal::duplicate_column, row_, name, name, {known, name});
  }
  if (known_rank != kNoRank && known_rank != rank) {
    layout.notes.push_back("表头中“" + known + "”和“" + name + "”都可作“" +
                           std::string(kColumnNames[which].chinese) + "”列，按“" +
                           (rank < known_rank ? name : known) + "”列读取。");
  }
  if (known_rank <= rank) return;
  ranks_[which] = rank;
  layout.header.positions[which] = i;
  known = name;
}

void Chooser::place_figures(std::size_t i, const HeaderCell& cell) {
  constexpr auto kValue = static_cast<std::size_t>(NamedColumn::What::value);
  const int rank = rank_of(cell);
  const std::string name = name_of(i);
  int& known_rank = ranks_[kValue];
  if (known_rank == rank && !choice_.duplicate) {
    choice_.duplicate = explain(Refusal::duplicate_column, row_, name, name, {value_->name, name});
  }
  if (known_rank != kNoRank && known_rank != rank) {
    choice_.layout.notes.push_back("表头中“" + value_->name + "”和“" + name +
                                   "”都可作“数值”列，按“" +
                                   (rank < known_rank ? name : value_->name) + "”列读取。");
  }
  if (known_rank <= rank) return;
  known_rank = rank;
  value_ = figures_of(i, cell);
}

// Beside a sum the months are of single months: their figures are not read.
void Chooser::drop_months_beside(const FigureColumn& sum) {
  if (periods_.size() == 1) {
    choice_.dropped_day = DateAbove{*periods_[0].date, periods_[0].name, false};
  }
  choice_.layout.notes.push_back("“" + periods_.front().name + "”" +
                                 (periods_.size() > 1 ? "等各列" : "列") + "旁边有“" + sum.name +
                                 "”列，按“" + sum.name + "”列读取。");
  periods_.clear();
}

// Where two columns are of the same day, the one counts that says that it is the total.
void Chooser::settle_periods() {
  const auto is_total = [](const FigureColumn& one) { return one.meaning == Meaning::total; };
  std::vector<FigureColumn> kept;
  for (FigureColumn& one : periods_) {
    const auto total = std::find_if(periods_.begin(), periods_.end(), [&](const auto& other) {
      return &other != &one && is_total(other) && other.date->month == one.date->month &&
             other.date->year == one.date->year && other.date->day == one.date->day;
    });
    if (is_total(one) || total == periods_.end()) {
      kept.push_back(one);
    } else {
      choice_.layout.notes.push_back("“" + one.name + "”列和“" + total->name +
                                     "”列是同一天的数，按写明累计的“" + total->name + "”列读取。");
    }
  }
  periods_ = std::move(kept);
}

void Chooser::give_rates(FigureColumn& figures) {
  // Of one month, or against the month before: no rate from the year's beginning.
  constexpr std::array<std::string_view, 6> kNotSince = {"同月", "当月", "本月",
                                                         "环比", "上月", "上季"};
  std::vector<RateColumn> since;
  for (const RateColumn& rate : growth_) {
    const bool is_of_month = std::any_of(
        kNotSince.begin(), kNotSince.end(),
        [&](std::string_view word) { return rate.name.find(word) != std::string::npos; });
    if (!is_of_month) since.push_back(rate);
  }
  figures.growth = since.empty() ? growth_ : since;
  // A share of the goal is no share that a target may be.
  for (const RateColumn& share : shares_) {
    const std::string name = compared(share.name).name;
    if (name == "占比" || name == "比重" || name == "所占比重") figures.shares.push_back(share);
  }
}

void Chooser::settle_figures() {
  Layout& layout = choice_.layout;
  settle_periods();
  const bool has_day = names(choice_, Column::as_of);
  const bool months_only =
      !periods_.empty() && std::none_of(periods_.begin(), periods_.end(), [](const auto& one) {
        return one.meaning == Meaning::total && one.date->month != 1;
      });
  if (value_ && has_day) periods_.clear();
  if (!value_ && sum_ && months_only) value_ = sum_;
  if (months_only && value_ && value_->meaning == Meaning::total && !periods_.empty()) {
    drop_months_beside(*value_);
  }
  auto& position = layout.header.positions[at(Column::value)];
  if (!periods_.empty()) {
    layout.figures = periods_;
    layout.is_wide = true;
    if (layout.figures.size() == 1) give_rates(layout.figures.front());
    choice_.score = names(choice_, Column::target) ? 3 : 0;
    if (value_) layout.header.names[at(Column::value)] = value_->name;
    return;
  }
  if (value_) {
    position = value_->position;
    layout.header.names[at(Column::value)] = value_->name;
    give_rates(*value_);
    layout.figures.push_back(*value_);
    if (ranks_[at(Column::value)] == 5) {
      layout.notes.push_back("“" + value_->name + "”列按实际完成的累计数读取。");
    }
  } else if (!names(choice_, Column::target) && !targets_.empty()) {
    layout.figures = targets_;
    layout.is_wide = true;
  }
  if (names(choice_, Column::as_of) && ranks_[at(Column::as_of)] == 4) {
    layout.notes.push_back("“" + layout.header.names[at(Column::as_of)] +
                           "”列按数据的截至日期读取。");
  }
  for (const Column column : {Column::target, Column::as_of, Column::value}) {
    choice_.score += names(choice_, column) ? 1 : 0;
  }
  if (!targets_.empty() && layout.is_wide) choice_.score += 2;
}

std::string listed(const Cells& cells) {
  constexpr std::size_t kEnough = 300;
  std::string found;
  for (const std::string& cell : cells) {
    if (!found.empty()) found += ',';
    found += trim(cell);
    if (found.size() > kEnough) break;
  }
  return found;
}

}  // namespace

HeaderChoice choose_columns(const Cells& cells, const Cells& uppers, std::int64_t row,
                            const LayoutWords& words) {
  return Chooser(cells, uppers, row, words).choose();
}

bool begins_with_figures(const Cells& cells) {
  return std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
    const std::string text = narrow(trim(cell));
    return !text.empty() && ((text.front() >= '0' && text.front() <= '9') || text.front() == '-');
  });
}

bool is_header(const HeaderChoice& choice, const Above& above) {
  if (choice.duplicate || choice.layout.figures.empty()) return false;
  const FigureColumn& first = choice.layout.figures.front();
  const bool has_day = first.date || names(choice, Column::as_of) || above.as_of() != nullptr ||
                       (choice.dropped_day && above.days().empty());
  if (!has_day) return false;
  if (names(choice, Column::target)) return true;
  // Targets above their figures; a row of data names its target too.
  const bool is_certain = names(choice, Column::as_of) || choice.layout.figures.size() > 1;
  return !first.target.empty() && is_certain && !begins_with_figures(choice.layout.cells);
}

void use_dropped_day(HeaderChoice& choice, const Above& above) {
  if (above.as_of() == nullptr && choice.dropped_day && !names(choice, Column::as_of)) {
    choice.layout.as_of = choice.dropped_day;
  }
}

RowError missing_column(const Cells& cells, std::int64_t row, Column column,
                        const std::string& because) {
  std::string_view way = "请加上这一列，或改用填报说明中的列名";
  if (column == Column::as_of) {
    way = "请加上这一列，或在表上方写明“截至2026年6月30日”";
  } else if (cells.size() < 2) {
    way = "请核对文件是否放对，各列是否用英文逗号、制表符等分开";
  }
  const ColumnName& name = kColumnNames[at(column)];
  const std::string found = listed(cells);
  return explain(Refusal::missing_column, row, name.chinese, found,
                 {name.chinese, name.english, found, because, way});
}

RowError what_is_missing(const HeaderChoice& choice) {
  const Layout& layout = choice.layout;
  for (const Column column : {Column::target, Column::value, Column::as_of}) {
    if (names(choice, column)) continue;
    if (column == Column::value && !layout.figures.empty()) continue;
    std::string because;
    if (column == Column::value && choice.names_other_figures) {
      because = "“" + choice.other_figures + "”不是截至当日的累计数；";
    }
    if (column == Column::as_of && !choice.deadline.empty()) {
      because = "“" + choice.deadline + "”在任务旁边是期限，不是数据的日期；";
    }
    if (column == Column::as_of && choice.days_above.size() > 1) {
      because += "表上方写了不止一个时期，如“" + choice.days_above[0].text + "”和“" +
                 choice.days_above[1].text + "”，不能判断是哪一个；";
    }
    return missing_column(layout.cells, layout.row, column, because);
  }
  return missing_column(layout.cells, layout.row, Column::target, "");
}

}  // namespace districtd

#include "daemon/intake/sheets.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "daemon/intake/refusals.h"

namespace districtd {

namespace {

constexpr std::size_t kMostNamed = 12;

// "“1月”、“2月”"; the first ones where there are many.
template <typename Names>
std::string quoted(const Names& names) {
  std::string text;
  std::size_t count = 0;
  for (const std::string& name : names) {
    if (++count > kMostNamed) return text + "等 " + std::to_string(names.size()) + " 张";
    text += (text.empty() ? "“" : "、“") + name + "”";
  }
  return text;
}

bool says_example(std::string_view text) {
  constexpr std::array<std::string_view, 14> kWords = {
      "示例",     "样表",     "样例",     "范例",     "例表",     "填写说明", "填报说明",
      "填表说明", "使用说明", "操作说明", "填写须知", "填报须知", "填写样式", "填表示范"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

// A title above the table that says so: "（样表）". What is longer than a title may mention it.
bool is_titled_example(const Layout& layout) {
  constexpr std::size_t kMostBytes = 120;
  for (const auto& row : layout.above.rows()) {
    for (const std::string& cell : row) {
      const std::string_view text = trim(cell);
      const bool is_remark = narrow(text.substr(0, 30)).find(':') != std::string::npos;
      if (text.size() <= kMostBytes && !is_remark && says_example(text)) return true;
    }
  }
  return false;
}

SheetColumns columns_of(const Layout& layout) {
  const auto position = [&](Column column) {
    return layout.header.positions[static_cast<std::size_t>(column)];
  };
  SheetColumns columns;
  columns.target = position(Column::target).value_or(0);
  columns.as_of = position(Column::as_of);
  for (const auto& shared :
       {position(Column::as_of), position(Column::note), layout.unit_position}) {
    if (shared) columns.shared.push_back(*shared);
  }
  for (const FigureColumn& figures : layout.figures) columns.values.push_back(figures.position);
  return columns;
}

// In what the tables of two sheets differ; "" where in nothing that decides what a figure means.
std::string difference(const Layout& a, const Layout& b) {
  if (a.is_wide != b.is_wide) return "有的按月（季）分列，有的不分";
  for (const Column column : {Column::target, Column::as_of, Column::value}) {
    const auto which = static_cast<std::size_t>(column);
    if (a.is_wide && column != Column::target) continue;
    const bool is_same =
        a.header.positions[which].has_value() == b.header.positions[which].has_value() &&
        compared(a.header.names[which]).name == compared(b.header.names[which]).name;
    if (is_same) continue;
    const std::string_view name = kColumnNames[which].chinese;
    const auto called = [&](const Layout& layout) {
      return layout.header.names[which].empty() ? std::string("没有")
                                                : "“" + layout.header.names[which] + "”";
    };
    return std::string(name) + "列不一样（" + called(a) + "和" + called(b) + "）";
  }
  if (a.unit_position.has_value() != b.unit_position.has_value()) return "有的有单位列，有的没有";
  return "";
}

// Reads the sheets one after the other.
class SheetChooser {
 public:
  explicit SheetChooser(const LayoutWords& words) : words_(words), mapping_(words.mapping) {}

  void look_at(const Sheet& sheet) {
    visible_.push_back(sheet.name);
    if (!mapping_.sheet.empty() && sheet.name != mapping_.sheet) return;
    SheetTable table(sheet);
    auto layout = find_layout(table, words_);
    if (!layout) return keep_closest(std::move(layout.error()), sheet);
    const bool is_example =
        mapping_.sheet.empty() && (says_example(sheet.name) || is_titled_example(*layout));
    if (is_example) return examples_.push_back(sheet.name);
    chosen_.tables.push_back({&sheet, std::move(table), std::move(*layout)});
    TableOnSheet& one = chosen_.tables.back();
    one.table.data_begins(columns_of(one.layout));
  }

  void hide(const Sheet& sheet) { hidden_.push_back(sheet.name); }

  ChosenSheets finish() && {
    if (!hidden_.empty()) {
      note("隐藏的工作表" + quoted(hidden_) + "没有读取；要报送的请取消隐藏后重新报送。");
    }
    if (chosen_.tables.empty()) return std::move(*this).without_table();
    if (!examples_.empty()) {
      note("工作表" + quoted(examples_) + "写明是示例或说明，没有读取。");
    }
    refuse_different_ones();
    if (chosen_.tables.empty()) return std::move(chosen_);
    std::vector<std::string> names;
    for (const TableOnSheet& one : chosen_.tables) names.push_back(one.sheet->name);
    if (visible_.size() > 1) note("读取的是工作表" + quoted(names) + "。");
    for (const auto& [name, why] : nearly_) {
      std::string sentence = "工作表“";
      sentence += name;
      sentence += "”没有读取：";
      sentence += why;
      note(std::move(sentence));
    }
    for (TableOnSheet& one : chosen_.tables) {
      const std::string of = chosen_.tables.size() > 1 ? "工作表“" + one.sheet->name + "”：" : "";
      for (const std::string& sentence : one.sheet->notes) note(of + sentence);
      for (std::string& sentence : one.layout.notes) sentence.insert(0, of);
    }
    return std::move(chosen_);
  }

 private:
  void note(std::string sentence) { chosen_.notes.push_back(std::move(sentence)); }

  void keep_closest(NoLayout none, const Sheet& sheet) {
    constexpr int kNearly = 2;  // of target, day and value: what lacks one only is meant as a table
    if (none.named >= kNearly) nearly_.emplace_back(sheet.name, none.why.message);
    const bool is_closer =
        !closest_ || none.named > closest_->named || (closest_->why.row == 0 && none.why.row != 0);
    if (!is_closer) return;
    closest_ = std::move(none);
    closest_sheet_ = &sheet;
  }

  void refuse_different_ones() {
    const Layout& first = chosen_.tables.front().layout;
    for (const TableOnSheet& other : chosen_.tables) {
      const std::string differs = difference(first, other.layout);
      if (differs.empty()) continue;
      const std::vector<std::string> names = {chosen_.tables.front().sheet->name,
                                              other.sheet->name};
      chosen_.why = explain(Refusal::sheets_differ, 0, "", "", {quoted(names), differs});
      chosen_.tables.clear();
      return;
    }
  }

  ChosenSheets without_table() && {
    if (closest_) {
      for (const std::string& sentence : closest_sheet_->notes) note(sentence);
    }
    if (!examples_.empty()) {
      chosen_.why = explain(Refusal::only_example_sheets, 0, "", "", {quoted(examples_)});
    } else if (!closest_) {
      chosen_.why = explain(Refusal::no_such_sheet, 0, "", mapping_.sheet,
                            {mapping_.sheet, quoted(visible_)});
    } else {
      chosen_.why = std::move(closest_->why);
      if (visible_.size() > 1) {
        note("没有一张工作表能找到完整的表头，下面说的是工作表“" + closest_sheet_->name + "”。");
      }
    }
    return std::move(chosen_);
  }

  const LayoutWords& words_;
  const ColumnMapping& mapping_;
  ChosenSheets chosen_;
  std::vector<std::string> visible_;
  std::vector<std::string> hidden_;
  std::vector<std::string> examples_;
  std::vector<std::pair<std::string, std::string>> nearly_;
  std::optional<NoLayout> closest_;
  const Sheet* closest_sheet_ = nullptr;
};

}  // namespace

ChosenSheets choose_sheets(const std::vector<Sheet>& sheets, const LayoutWords& words) {
  SheetChooser chooser(words);
  for (const Sheet& sheet : sheets) {
    if (sheet.is_hidden) {
      chooser.hide(sheet);
    } else {
      chooser.look_at(sheet);
    }
  }
  return std::move(chooser).finish();
}

}  // namespace districtd

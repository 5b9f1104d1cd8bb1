#include "daemon/intake/columns.h"

#include <algorithm>

#include "base/text.h"

namespace districtd {

namespace {

struct Synonym {
  std::string_view name;
  NamedColumn column;
};

using What = NamedColumn::What;

// docs/填报说明.md lists them for clerks.
constexpr std::array kSynonyms = {
    Synonym{"target", {What::target, 1}},
    Synonym{"指标", {What::target, 1}},
    Synonym{"指标名称", {What::target, 2}},
    Synonym{"目标名称", {What::target, 2}},
    Synonym{"目标编号", {What::target, 2}},
    Synonym{"指标编号", {What::target, 2}},
    Synonym{"主要指标", {What::target, 2}},
    Synonym{"考核指标", {What::target, 2}},
    Synonym{"工作指标", {What::target, 2}},
    Synonym{"目标任务", {What::target, 3}},
    Synonym{"目标", {What::target, 3}},
    Synonym{"重点任务", {What::target, 3}},
    Synonym{"工作任务", {What::target, 3}},
    Synonym{"任务名称", {What::target, 3}},
    Synonym{"任务", {What::target, 3}},
    Synonym{"项目名称", {What::target, 3}},
    Synonym{"事项", {What::target, 3}},
    Synonym{"三级指标", {What::target, 3}},
    Synonym{"as_of", {What::as_of, 1}},
    Synonym{"数据截至", {What::as_of, 2}},
    Synonym{"数据截至日期", {What::as_of, 2}},
    Synonym{"统计截至", {What::as_of, 2}},
    Synonym{"更新日期", {What::as_of, 4}},
    Synonym{"更新时间", {What::as_of, 4}},
    Synonym{"截至日期", {What::as_of, 1}},
    Synonym{"截至时间", {What::as_of, 2}},
    Synonym{"数据时间", {What::as_of, 2}},
    Synonym{"数据日期", {What::as_of, 2}},
    Synonym{"统计时间", {What::as_of, 2}},
    Synonym{"统计日期", {What::as_of, 2}},
    Synonym{"报告期", {What::as_of, 2}},
    Synonym{"所属期", {What::as_of, 2}},
    Synonym{"date", {What::as_of, 2}},
    Synonym{"截止日期", {What::as_of, 3}},
    Synonym{"截止时间", {What::as_of, 3}},
    Synonym{"日期", {What::as_of, 3}},
    Synonym{"时间", {What::as_of, 3}},
    Synonym{"月份", {What::as_of, 3}},
    Synonym{"value", {What::value, 1}},
    Synonym{"数值", {What::value, 1}},
    Synonym{"累计完成", {What::value, 2}},
    Synonym{"累计完成数", {What::value, 2}},
    Synonym{"累计完成值", {What::value, 2}},
    Synonym{"累计完成额", {What::value, 2}},
    Synonym{"累计完成投资", {What::value, 2}},
    Synonym{"累计完成情况", {What::value, 2}},
    Synonym{"累计数", {What::value, 2}},
    Synonym{"累计", {What::value, 2}},
    Synonym{"实际完成", {What::value, 2}},
    Synonym{"实际完成数", {What::value, 2}},
    Synonym{"实际完成值", {What::value, 2}},
    Synonym{"实际值", {What::value, 2}},
    Synonym{"完成数", {What::value, 2}},
    Synonym{"完成值", {What::value, 2}},
    Synonym{"完成额", {What::value, 2}},
    Synonym{"完成量", {What::value, 2}},
    Synonym{"指标值", {What::value, 4}},
    Synonym{"actual", {What::value, 2}},
    Synonym{"完成情况", {What::value, 3}},
    Synonym{"投资额", {What::value, 3}},
    Synonym{"完成投资", {What::value, 3}},
    Synonym{"完成投资额", {What::value, 3}},
    Synonym{"累计值", {What::value, 2}},
    Synonym{"本年累计", {What::value, 2}},
    Synonym{"本年累计完成", {What::value, 2}},
    Synonym{"年度累计", {What::value, 2}},
    Synonym{"实际数", {What::value, 2}},
    Synonym{"实际", {What::value, 3}},
    Synonym{"完成", {What::value, 3}},
    Synonym{"形象进度", {What::value, 3}},
    Synonym{"note", {What::note, 1}},
    Synonym{"备注", {What::note, 1}},
    Synonym{"说明", {What::note, 2}},
    Synonym{"情况说明", {What::note, 2}},
    Synonym{"备注说明", {What::note, 2}},
    Synonym{"narrative_progress", {What::progress, 1}},
    Synonym{"进展情况", {What::progress, 1}},
    Synonym{"工作进展", {What::progress, 2}},
    Synonym{"工作进展情况", {What::progress, 2}},
    Synonym{"narrative_problems", {What::problems, 1}},
    Synonym{"存在问题", {What::problems, 1}},
    Synonym{"存在的问题", {What::problems, 2}},
    Synonym{"主要问题", {What::problems, 2}},
    Synonym{"narrative_next_steps", {What::next_steps, 1}},
    Synonym{"下一步打算", {What::next_steps, 1}},
    Synonym{"下一步工作打算", {What::next_steps, 2}},
    Synonym{"下一步工作", {What::next_steps, 2}},
    Synonym{"下步打算", {What::next_steps, 2}},
    Synonym{"programme", {What::programme, 1}},
    Synonym{"年度", {What::programme, 1}},
    Synonym{"所属年度", {What::programme, 2}},
    Synonym{"考核年度", {What::programme, 2}},
    Synonym{"explanation", {What::explanation, 1}},
    Synonym{"核实说明", {What::explanation, 1}},
    Synonym{"核实情况", {What::explanation, 2}},
    Synonym{"basis", {What::basis, 1}},
    Synonym{"数据性质", {What::basis, 1}},
    Synonym{"unit", {What::unit, 1}},
    Synonym{"单位", {What::unit, 1}},
    Synonym{"计量单位", {What::unit, 1}},
};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool names_it(const std::vector<std::string>& names, const ComparedName& name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& one) {
    const ComparedName wanted = compared(one);
    return wanted.name == name.name &&
           (wanted.bracketed.empty() || wanted.bracketed == name.bracketed);
  });
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

std::optional<Header> read_plain_header(std::span<const std::string_view> cells) {
  Header header;
  header.width = cells.size();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto column = column_of(cells[i]);
    if (!column) return std::nullopt;
    const auto which = static_cast<std::size_t>(*column);
    if (header.positions[which]) return std::nullopt;
    header.positions[which] = i;
    header.names[which] = trim(cells[i]);
  }
  for (const Column needed : {Column::target, Column::as_of, Column::value}) {
    if (!header.positions[static_cast<std::size_t>(needed)]) return std::nullopt;
  }
  return header;
}

ComparedName compared(std::string_view name) {
  ComparedName result;
  const std::string narrowed = lower_ascii(narrow(name));
  for (std::size_t i = 0; i < narrowed.size();) {
    const std::string_view rest = std::string_view(narrowed).substr(i);
    const std::string_view trimmed = trim(rest);
    if (trimmed.empty()) break;
    i += static_cast<std::size_t>(trimmed.data() - rest.data());
    result.name += narrowed[i++];
  }
  if (result.name.ends_with(')')) {
    const std::size_t open = result.name.rfind('(');
    if (open != std::string::npos && open > 0) {
      result.bracketed = result.name.substr(open + 1, result.name.size() - open - 2);
      result.name.resize(open);
    }
  }
  return result;
}

bool names_deadline(const ComparedName& name) {
  constexpr std::array<std::string_view, 2> kNames = {"截止日期", "截止时间"};
  return is_one_of(name.name, kNames);
}

bool names_task(const ComparedName& name) {
  constexpr std::array<std::string_view, 7> kNames = {
      "目标任务", "重点任务", "工作任务", "任务名称", "任务", "项目名称", "事项"};
  return is_one_of(name.name, kNames);
}

std::optional<NamedColumn> named_column(const ComparedName& name, const ColumnMapping& mapping) {
  if (name.name.empty()) return std::nullopt;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (names_it(mapping.names[i], name)) return NamedColumn{static_cast<What>(i), 0};
  }
  if (names_it(mapping.unit_names, name)) return NamedColumn{What::unit, 0};
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.name == name.name) return synonym.column;
  }
  return std::nullopt;
}

}  // namespace districtd

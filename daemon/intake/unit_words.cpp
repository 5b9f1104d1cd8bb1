#include "daemon/intake/unit_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/meaning.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::size_t kMostUnitBytes = 64;
constexpr std::string_view kUnit = "单位";

bool ends_with_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.ends_with(word); });
}

std::string closed_up(std::string_view text) {
  std::string result;
  for (std::string_view rest = trim(text); !rest.empty(); rest = trim(rest)) {
    result += rest.front();
    rest.remove_prefix(1);
  }
  return result;
}

// "单 位" as "单位": words are spread over a wide cell by blanks.
std::string with_whole_words(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (!std::string_view(result).ends_with("单")) continue;
    const std::string_view next = trim(text.substr(i + 1));
    if (next.starts_with("位")) i = static_cast<std::size_t>(next.data() - text.data()) - 1;
  }
  return result;
}

bool ends_statement(std::string_view text) {
  constexpr std::array<std::string_view, 6> kEnds = {"。", "；", "，", "》", "】", "！"};
  return std::string_view(" ),;\t\n\r").find(text.front()) != std::string_view::npos ||
         take_any(text, kEnds);
}

// What stands at the beginning up to the end of the statement; brackets within belong to it.
std::string_view statement(std::string_view text) {
  bool is_open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' && i > 0) is_open = true;
    if (text[i] == ')' && is_open) {
      is_open = false;
      continue;
    }
    if (ends_statement(text.substr(i))) return text.substr(0, i);
  }
  return text;
}

// The word that ends right before `end`.
std::string_view word_before(std::string_view text, std::size_t end) {
  constexpr std::array<std::string_view, 5> kEnds = {"。", "；", "，", "、", "："};
  std::size_t begin = end;
  while (begin > 0) {
    const std::string_view before = text.substr(0, begin);
    if (std::string_view(" (),;:\t\n\r").find(before.back()) != std::string_view::npos) break;
    if (ends_with_any(before, kEnds)) break;
    --begin;
  }
  return text.substr(begin, end - begin);
}

UnitsSaid units_of(std::string_view text) {
  constexpr std::array<std::string_view, 3> kBetween = {"、", "和", "及"};
  UnitsSaid said;
  said.text = utf8::cut(text, kMostUnitBytes);
  std::string_view rest = text;
  std::string one;
  const auto close = [&] {
    if (one.empty()) return;
    if (auto unit = unit_in_words(one)) {
      said.units.push_back(std::move(*unit));
    } else {
      said.is_unknown = true;
    }
    one.clear();
  };
  while (!rest.empty()) {
    if (take_any(rest, kBetween)) {
      close();
      continue;
    }
    one += rest.front();
    rest.remove_prefix(1);
  }
  close();
  return said;
}

bool are_known(const UnitsSaid& said) {
  return !said.is_unknown && !said.units.empty() &&
         std::all_of(said.units.begin(), said.units.end(),
                     [](const Unit& unit) { return unit.is_known() && !unit.symbol().empty(); });
}

// "金额单位", "计量单位": the word before 单位 says that a unit follows, or that an office does.
bool is_of_figures(std::string_view label) {
  constexpr std::array<std::string_view, 13> kLabels = {"金额", "计量", "货币", "数据", "数值",
                                                        "核算", "投资", "产值", "面积", "数量",
                                                        "注",   "备注", "说明"};
  return label.empty() || ends_with_any(label, kLabels);
}

bool is_of_offices(std::string_view label) {
  constexpr std::array<std::string_view, 28> kLabels = {
      "填报", "责任", "牵头", "报送", "编制", "制表", "主管", "配合", "承办", "建设",
      "实施", "施工", "填表", "上报", "主办", "协办", "所属", "参建", "业主", "申报",
      "汇报", "负责", "落实", "考核", "监理", "设计", "事业", "企业"};
  return ends_with_any(label, kLabels);
}

// Behind 单位 at `after`: what it says, as far as it is about figures.
UnitsSaid behind_label(std::string_view label, std::string_view after, const Catalogue& catalogue) {
  constexpr std::array<std::string_view, 7> kJoins = {"均为", "统一为", "都为", "一律为",
                                                      "为",   "是",     "系"};
  constexpr std::array<std::string_view, 3> kColons = {":", "=", "("};
  if (is_of_offices(label)) return {};
  std::string_view rest = trim(after);
  const bool is_labelled = take_any(rest, kColons);
  const bool is_joined = !is_labelled && take_any(rest, kJoins);
  rest = trim(rest);
  const std::string_view text = statement(rest);
  if (text.empty() || text.size() > kMostUnitBytes) return {};
  UnitsSaid said = units_of(text);
  if (are_known(said)) return said;
  if (!is_labelled && !is_joined) return {};
  if (!is_of_figures(label) || names_organisation(text, catalogue)) return {};
  return said;
}

// "以万元为单位", "按亿元计", "均为万元", "金额:万元": what stands between them is a known unit.
UnitsSaid in_prose(std::string_view text) {
  constexpr std::array<std::string_view, 3> kBegins = {"以", "按", "用"};
  constexpr std::array<std::string_view, 6> kEnds = {"为单位", "为计量单位", "计算",
                                                     "填报",   "统计",       "计"};
  UnitsSaid said;
  for (const std::string_view end : kEnds) {
    for (std::size_t at = text.find(end); at != text.npos; at = text.find(end, at + end.size())) {
      // The last 以 before it: "以下金额均以万元为单位".
      const std::string_view before = text.substr(0, at);
      std::size_t begin = text.npos;
      for (const std::string_view word : kBegins) {
        const std::size_t last = before.rfind(word);
        if (last == text.npos) continue;
        const std::size_t behind = last + word.size();
        begin = begin == text.npos ? behind : std::max(begin, behind);
      }
      if (begin == text.npos || at - begin > kMostUnitBytes) continue;
      UnitsSaid found = units_of(trim(before.substr(begin)));
      const bool is_certain = end.ends_with("单位");
      if (are_known(found) || (is_certain && !found.empty())) return found;
    }
  }
  constexpr std::array<std::string_view, 6> kBefore = {
      "均为", "都为", "金额:", "金额为", "统一为", "数据为"};
  for (const std::string_view before : kBefore) {
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos) continue;
    UnitsSaid found = units_of(statement(trim(text.substr(at + before.size()))));
    if (are_known(found)) return found;
  }
  return said;
}

// "文旅投资完成情况表(万元)", and a cell with nothing but a unit.
UnitsSaid in_brackets_or_alone(std::string_view text) {
  std::string_view inner = text;
  if (text.ends_with(')')) {
    const std::size_t open = text.rfind('(');
    if (open == std::string_view::npos) return {};
    inner = text.substr(open + 1, text.size() - open - 2);
  }
  UnitsSaid said = units_of(trim(inner));
  return are_known(said) ? said : UnitsSaid{};
}

}  // namespace

std::optional<Unit> unit_in_words(std::string_view text) {
  constexpr std::array<std::string_view, 4> kMoney = {"(人民币)", "人民币", "rmb", "RMB"};
  const std::string bare = closed_up(narrow(text));
  std::string_view rest = bare;
  if (rest.size() > kMostUnitBytes) return std::nullopt;
  for (const std::string_view money : kMoney) {
    if (rest == money) break;
    if (rest.starts_with(money)) rest.remove_prefix(money.size());
    if (rest.ends_with(money)) rest.remove_suffix(money.size());
  }
  while (rest.starts_with('(') && rest.ends_with(')')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) return std::nullopt;
  return Unit::parse(rest);
}

bool names_organisation(std::string_view text, const Catalogue& catalogue) {
  constexpr std::array<std::string_view, 33> kEnds = {
      "局",     "委",     "办",   "院",     "镇",   "乡",     "街道", "中心", "公司",
      "集团",   "部",     "政府", "学校",   "医院", "办公室", "支队", "大队", "联合会",
      "银行",   "协会",   "总队", "管委会", "党委", "小学",   "中学", "大学", "分局",
      "服务站", "事务所", "园区", "厂",     "妇联", "团区委"};
  const std::string name = closed_up(narrow(text));
  if (name.empty()) return false;
  for (const Department& department : catalogue.departments()) {
    if (department.is_called(name) || name == department.id) return true;
  }
  if (known_unit(name)) return false;
  return ends_with_any(name, kEnds) || names_parts(name);
}

ChosenUnit choose_unit(const UnitsSaid& said, const Unit& of_target) {
  if (said.is_unknown) return {nullptr, true};
  const Unit* chosen = nullptr;
  for (const Unit& unit : said.units) {
    const auto base = of_target.base_of(1, unit);
    if (!base) continue;
    if (chosen == nullptr) {
      chosen = &unit;
      continue;
    }
    const double known = *of_target.base_of(1, *chosen);
    if (std::abs(known - *base) > 1e-9 * std::abs(known)) return {nullptr, true};
  }
  if (chosen == nullptr && !said.units.empty()) chosen = &said.units.front();
  return {chosen, false};
}

UnitsSaid units_in_brackets(std::string_view bracketed) {
  constexpr std::array<std::string_view, 4> kLabels = {"单位:", "计量单位:", "金额单位:", "单位"};
  constexpr std::array<std::string_view, 10> kOther = {"必填",       "选填", "可选", "填数字",
                                                       "数字",       "数值", "如有", "保留两位小数",
                                                       "阿拉伯数字", "项目"};
  constexpr std::size_t kMostNounBytes = 15;
  std::string_view text = bracketed;
  take_any(text, kLabels);
  if (text.empty()) return {};
  if (std::find(kOther.begin(), kOther.end(), text) != kOther.end()) return {};
  UnitsSaid said = units_of(text);
  if (are_known(said)) return said;
  const bool is_other = meaning_of_heading(text) != Meaning::unsaid || read_written_date(text) ||
                        figure_heading(text) || text.size() > kMostNounBytes;
  return is_other ? UnitsSaid{} : said;
}

UnitsSaid units_said_in(std::string_view written, bool is_title, const Catalogue& catalogue) {
  const std::string text = with_whole_words(narrow(trim(written)));
  for (std::size_t at = text.find(kUnit); at != std::string::npos;
       at = text.find(kUnit, at + kUnit.size())) {
    const std::string_view whole = text;
    UnitsSaid said =
        behind_label(word_before(whole, at), whole.substr(at + kUnit.size()), catalogue);
    if (!said.empty()) return said;
  }
  UnitsSaid said = in_prose(text);
  return said.empty() && is_title ? in_brackets_or_alone(text) : said;
}

void add_units(UnitsSaid& said, const UnitsSaid& more) {
  if (more.empty()) return;
  said.is_unknown |= more.is_unknown;
  if (said.text.empty()) {
    said.text = more.text;
  } else if (said.text != more.text) {
    said.text += "、" + more.text;
  }
  for (const Unit& unit : more.units) {
    if (std::find(said.units.begin(), said.units.end(), unit) == said.units.end()) {
      said.units.push_back(unit);
    }
  }
}

}  // namespace districtd

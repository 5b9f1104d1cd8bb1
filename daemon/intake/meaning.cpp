#include "daemon/intake/meaning.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "daemon/intake/columns.h"

namespace districtd {

namespace {

using Words = std::span<const std::string_view>;

bool has_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool is_any(std::string_view text, Words words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// Words by which a figure is said to be counted from the beginning of the year.
constexpr std::array<std::string_view, 16> kTotal = {
    "累计",   "年初",   "以来",   "至今",     "1-本月",   "1至本月",  "本月止", "本月末",
    "本月底", "至本月", "上半年", "前三季度", "前二季度", "前两季度", "截至",   "截止"};
constexpr std::array<std::string_view, 4> kActual = {"实际", "完成", "实绩", "达到"};
constexpr std::array<std::string_view, 12> kGrowth = {"同比",   "环比",   "增长",   "增速",
                                                      "增幅",   "增减",   "比上年", "比去年",
                                                      "较上年", "较去年", "比同期", "±"};
constexpr std::array<std::string_view, 10> kChange = {"增量",   "较上月", "比上月", "较上期",
                                                      "比上期", "较上季", "比上季", "较年初",
                                                      "比年初", "较上周"};
constexpr std::array<std::string_view, 4> kLastYear = {"上年", "去年", "同期", "往年"};
constexpr std::array<std::string_view, 8> kShare = {"占比",   "比重",   "完成率", "完成比例",
                                                    "百分比", "占年度", "占全年", "占目标"};
constexpr std::array<std::string_view, 11> kPlan = {
    "计划", "目标", "任务", "预期", "预计", "预估", "应完成", "下达", "拟完成", "序时", "指标数"};
// "目标完成情况" is of what was done.
constexpr std::array<std::string_view, 6> kOfDone = {"实际",     "完成情况", "执行情况",
                                                     "进展情况", "推进情况", "落实情况"};
constexpr std::array<std::string_view, 6> kRest = {"剩余", "缺口", "差额",
                                                   "尚缺", "尚需", "未完成"};
constexpr std::array<std::string_view, 19> kSingle = {
    "当月", "本月", "当季", "本季", "当期", "本期", "单月", "单季", "当日", "本日",
    "当周", "本周", "分月", "分季", "逐月", "逐季", "各月", "月度", "上月"};
constexpr std::array<std::string_view, 7> kSurelySingle = {"当月", "单月", "当季", "单季",
                                                           "上月", "上季", "上期"};

bool is_single(std::string_view text) {
  if (has_any(text, kSurelySingle)) return true;
  return has_any(text, kSingle) && !has_any(text, kTotal);
}

}  // namespace

std::string words_compared(std::string_view cell) {
  const ComparedName name = compared(cell);
  return name.bracketed.empty() ? name.name : name.name + "(" + name.bracketed + ")";
}

std::string_view words_of(Meaning meaning) {
  switch (meaning) {
    case Meaning::unsaid:
    case Meaning::actual:
    case Meaning::total:
      return "累计数";
    case Meaning::plan:
      return "计划数（目标、任务或预计数）";
    case Meaning::growth:
      return "增长率（同比、环比）";
    case Meaning::single:
      return "单月（单季、当期）的数";
    case Meaning::last_year:
      return "上年的数";
    case Meaning::part:
      return "其中的一部分";
    case Meaning::change:
      return "增量（与上期之差）";
    case Meaning::share:
      return "完成率或占比";
    case Meaning::rest:
      return "尚未完成的数";
  }
  return "";
}

Meaning meaning_of_heading(std::string_view heading) {
  if (has_any(heading, kGrowth)) return Meaning::growth;
  if (has_any(heading, kChange)) return Meaning::change;
  if (has_any(heading, kLastYear)) return Meaning::last_year;
  if (has_any(heading, kShare)) return Meaning::share;
  if (has_any(heading, kRest)) return Meaning::rest;
  if (has_any(heading, kPlan) && !has_any(heading, kOfDone)) return Meaning::plan;
  if (heading.starts_with("其中")) return Meaning::part;
  if (is_single(heading)) return Meaning::single;
  if (has_any(heading, kTotal)) return Meaning::total;
  return has_any(heading, kActual) ? Meaning::actual : Meaning::unsaid;
}

Meaning meaning_of_title(std::string_view title) {
  constexpr std::array<std::string_view, 12> kOfSpans = {"当月", "当季", "单月", "单季",
                                                         "当期", "本期", "本月", "本季",
                                                         "分月", "分季", "逐月", "各月"};
  constexpr std::array<std::string_view, 2> kByMonth = {"分月进度", "分月形象进度"};
  constexpr std::array<std::string_view, 5> kAlsoTotals = {"累计", "以来", "截至", "截止", "至今"};
  constexpr std::array<std::string_view, 9> kDone = {"完成", "执行", "进展", "实际", "落实",
                                                     "推进", "进度", "情况", "通报"};
  constexpr std::array<std::string_view, 4> kRates = {"增速", "增幅", "同比", "环比"};
  constexpr std::array<std::string_view, 8> kAndMore = {"及",   "和",   "与",   "、",
                                                        "总量", "对比", "比较", "完成"};
  if (has_any(title, kAlsoTotals)) return Meaning::unsaid;
  constexpr std::array<std::string_view, 5> kPlans = {"计划", "目标分解", "任务分解", "预计数",
                                                      "预测"};
  if (has_any(title, kPlans) && !has_any(title, kDone)) return Meaning::plan;
  if (has_any(title, kOfSpans) && !has_any(title, kByMonth)) return Meaning::single;
  if (has_any(title, kChange)) return Meaning::change;
  if (has_any(title, kRates) && !has_any(title, kAndMore)) return Meaning::growth;
  return Meaning::unsaid;
}

Meaning meaning_of_remark(std::string_view remark) {
  constexpr std::array<std::string_view, 5> kTotals = {"累计", "以来", "年初", "截至", "截止"};
  constexpr std::array<std::string_view, 14> kSingles = {
      "当月数", "当月完成", "当月值", "当月新增", "当月发生", "当季数", "当季完成",
      "本月数", "本月完成", "本季数", "单月数",   "单季数",   "为当月", "为本月"};
  constexpr std::array<std::string_view, 5> kPlans = {"计划数", "目标数", "任务数", "预计数",
                                                      "预测数"};
  constexpr std::array<std::string_view, 3> kChanges = {"增量", "较上月增", "比上月增"};
  if (has_any(remark, kTotals)) return Meaning::unsaid;
  if (has_any(remark, kSingles)) return Meaning::single;
  if (has_any(remark, kPlans)) return Meaning::plan;
  return has_any(remark, kChanges) ? Meaning::change : Meaning::unsaid;
}

std::optional<Meaning> meaning_of_label(std::string_view cell) {
  constexpr std::size_t kMostBytes = 60;
  constexpr std::array<std::string_view, 16> kWhole = {
      "全区", "全口径", "全县", "全市", "全镇", "合计", "总计",   "小计",
      "共计", "总量",   "总额", "总数", "总值", "全部", "全社会", "全域"};
  constexpr std::array<std::string_view, 44> kPieces = {
      "年度", "全年", "本年", "今年", "计划", "目标", "任务", "预计", "预期", "实际", "实绩",
      "已",   "完成", "累计", "至今", "年初", "自",   "同比", "环比", "增长", "增速", "增幅",
      "增减", "增量", "上年", "去年", "上月", "当月", "本月", "当季", "本季", "同期", "序时",
      "剩余", "占比", "比重", "率",   "数",   "值",   "额",   "量",   "较",   "比",   "情况"};
  constexpr std::array<std::string_view, 6> kMarks = {"(", ")", "%", "±", ":", "年"};
  if (cell.empty() || cell.size() > kMostBytes) return std::nullopt;
  if (cell.starts_with("其中")) return Meaning::part;
  if (is_any(cell, kWhole)) return Meaning::total;
  std::string_view rest = cell;
  bool any = false;
  while (!rest.empty()) {
    if (take_any(rest, kPieces)) {
      any = true;
    } else if (!take_any(rest, kMarks)) {
      return std::nullopt;
    }
  }
  if (!any) return std::nullopt;
  const Meaning meaning = meaning_of_heading(cell);
  return meaning == Meaning::unsaid ? std::nullopt : std::optional(meaning);
}

bool names_parts(std::string_view heading) {
  constexpr std::array<std::string_view, 22> kParts = {
      "其中", "子项",     "分项",     "细项", "明细", "子指标",   "分指标", "乡镇",
      "镇街", "街道",     "镇(街道)", "片区", "区域", "乡镇街道", "村",     "村(社区)",
      "社区", "责任乡镇", "属地",     "园区", "构成", "组成"};
  std::string_view bare = heading;
  if (bare.ends_with("名称")) bare.remove_suffix(std::string_view("名称").size());
  return is_any(heading, kParts) || is_any(bare, kParts) || heading.starts_with("乡镇(") ||
         heading.starts_with("镇(");
}

std::optional<Meaning> figure_heading(std::string_view heading) {
  constexpr std::array<std::string_view, 46> kPieces = {
      "本月累计", "自年初以来", "自年初",   "年初至今", "年初以来", "今年以来", "本年以来",
      "1-本月",   "1至本月",    "截至本月", "截至目前", "截止目前", "目前",     "至本月",
      "本月止",   "本月末",     "本月底",   "本年度",   "本年",     "今年",     "年度",
      "全年",     "累计",       "实际",     "实绩",     "已",       "完成",     "达到",
      "总",       "投资",       "金额",     "产值",     "数据",     "情况",     "数量",
      "数",       "值",         "额",       "量",       "底",       "末",       "止",
      "份",       "到位",       "的",       "至今"};
  std::string_view rest = heading;
  while (!rest.empty()) {
    if (!take_any(rest, kPieces)) return std::nullopt;
  }
  const Meaning meaning = meaning_of_heading(heading);
  const bool says = meaning == Meaning::total || meaning == Meaning::actual;
  return says ? std::optional(meaning) : std::nullopt;
}

}  // namespace districtd

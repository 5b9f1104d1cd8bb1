// Tables made by crossing what departments vary: layout, unit, wording of the period, container.
// What each means is known by how it was made: an observation that differs is a wrong number, and a
// refusal is allowed only where the making left something open.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/unit/fixture/targets.h"
#include "tests/unit/intake/containers.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

using Truth = std::map<std::pair<std::string, Date>, double>;  // target's id, day -> base units

Catalogue make_catalogue() {
  const auto target = [](std::string id, std::string name, Kind kind, std::string_view unit) {
    Target made = testing::annual(kind, kind == Kind::milestone ? 1 : 95, unit);
    made.id = std::move(id);
    made.name = std::move(name);
    return made;
  };
  std::vector<Target> targets = {
      target("d.invest", "文旅投资", Kind::cumulative, "亿元"),
      target("d.attract", "招商引资", Kind::cumulative, "万元"),
      target("d.jobs", "新增就业", Kind::cumulative, "人"),
      target("d.growth", "工业增加值增速", Kind::level, "%"),
      target("d.centre", "文化中心", Kind::milestone, ""),
  };
  return {{}, {{"culture-tourism", "区文旅局"}}, std::move(targets)};
}

const Catalogue& catalogue() {
  static const Catalogue made = make_catalogue();
  return made;
}

constexpr double kInvest = 1.26e9;  // yuan, end of June
constexpr double kAttract = 3.2e7;
constexpr double kInvestMay = 9.9e8;

std::string number(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g", value);
  return text.data();
}

// Where the unit of the bare figures is said, and what a table must look like for it.
struct Unitary {
  std::string name;
  std::string unit;    // "": each target's own
  std::string above;   // a row above the table
  std::string below;   // a row below it
  std::string header;  // behind the heading of the figures
  std::string column;  // a column 单位
  bool in_cell = false;
  bool must_refuse = false;  // it cannot be understood
};

std::vector<Unitary> unit_ways() {
  std::vector<Unitary> ways = {{"own", "", "", "", "", ""}};
  for (const std::string unit : {"万元", "亿元", "元"}) {
    ways.push_back({"column " + unit, unit, "", "", "", unit});
    ways.push_back({"header " + unit, unit, "", "", "(" + unit + ")", ""});
    ways.push_back({"wide header " + unit, unit, "", "", "（单位：" + unit + "）", ""});
    ways.push_back({"cell " + unit, unit, "", "", "", "", true});
  }
  for (const std::string above :
       {"单位：万元", "金额单位：人民币万元", "单 位：万元", "（单位：万元）",
        "单位:人民币（万元）", "计量单位：万元", "货币单位为万元", "以下金额均以万元为单位",
        "以万元为单位", "填报单位：区文旅局　　单位：万元", "数据单位：万元（人民币）",
        "完成情况汇总（万元）", "单位：万元、人", "金额：万元"}) {
    ways.push_back({"above " + above, "万元", above, "", "", ""});
  }
  for (const std::string below : {"注：单位为万元", "注：以上数据单位均为万元",
                                  "备注：金额单位：人民币万元", "说明：本表以万元为单位"}) {
    ways.push_back({"below " + below, "万元", "", below, "", ""});
  }
  for (const std::string none : {"单位：区文旅局", "填报单位：区文旅局", "责任单位：万达集团",
                                 "单位：孝顺镇", "牵头单位：区发改局"}) {
    ways.push_back({"office " + none, "", none, "", "", ""});
  }
  for (const std::string unknown :
       {"单位：千吨标煤", "金额单位：万镑", "单位：3万元", "单位：吨"}) {
    ways.push_back({"unknown " + unknown, "", unknown, "", "", "", false, true});
  }
  ways.push_back({"unknown below", "", "", "注：单位为吨标煤", "", "", false, true});
  ways.push_back({"unknown header", "", "", "", "(吨)", "", false, true});
  ways.push_back({"unknown column", "", "", "", "", "吨", false, true});
  ways.push_back({"office column", "", "", "", "", "区文旅局"});
  ways.push_back({"two above", "", "单位：万元", "注：单位为亿元", "", "", false, true});
  return ways;
}

double in(const std::string& unit, double base) {
  return unit == "亿元" ? base / 1e8 : unit == "万元" ? base / 1e4 : base;
}

// The cell of a figure of that target.
std::string figure(const Unitary& way, const std::string& own, double base) {
  const std::string unit = way.unit.empty() ? own : way.unit;
  return number(in(unit, base)) + (way.in_cell ? unit : "");
}

// The wordings of the end of June and of May, in a cell.
struct Days {
  std::string june;
  std::string may;
};
const std::vector<Days>& day_ways() {
  static const std::vector<Days> ways = {
      {"2026-06-30", "2026-05-31"},
      {"2026/6/30", "2026/5/31"},
      {"2026年6月", "2026年5月"},
      {"1-6月", "1-5月"},
      {"六月三十日", "五月三十一日"},
      {"2026-06-30T00:00:00+08:00", "2026-05-30T16:00:00Z"},
      {"2026-06-29 23:59:17", "2026-05-31 00:00:00"},
      {"20260630", "20260531"},
      {"46203", "46173"},
      {"截至6月底", "截至5月底"},
  };
  return ways;
}

struct Made {
  TableCells table;
  Truth truth;
  bool may_refuse = false;
};

constexpr std::size_t kLayouts = 13;

// The table of that layout; rows above and below are added to all of them.
Made make(std::size_t layout, const Unitary& way, const Days& days) {
  const auto invest = [&](double base) { return figure(way, "亿元", base); };
  const auto attract = [&](double base) { return figure(way, "万元", base); };
  const std::string& h = way.header;
  const Date june = date_of(2026, 6, 30);
  const Date may = date_of(2026, 5, 31);
  Made made;
  made.truth = {{{"d.invest", june}, kInvest}, {{"d.attract", june}, kAttract}};
  TableCells& t = made.table;
  bool has_unit_column = !way.column.empty();
  switch (layout) {
    case 0:  // plain
      t = {{"指标", "截至日期", "数值" + h},
           {"文旅投资", days.june, invest(kInvest)},
           {"招商引资", days.june, attract(kAttract)}};
      break;
    case 1:  // moved, with what does not matter
      t = {{"序号", "累计完成" + h, "备注", "指标名称", "数据时间", "年度目标"},
           {"1", invest(kInvest), "进展顺利", "文旅投资", days.june, "30"},
           {"2", attract(kAttract), "", "3.招商引资", days.june, "50000"}};
      break;
    case 2:  // the day above
      t = {{"截至2026年6月30日重点指标完成情况表"},
           {"指标", "累计完成" + h},
           {"文旅投资", invest(kInvest)},
           {"招商引资", attract(kAttract)}};
      break;
    case 3:  // wide, sums and single months
      t = {{"指标", "1-5月" + h, "6月" + h, "1-6月" + h},
           {"文旅投资", invest(kInvestMay), invest(kInvest - kInvestMay), invest(kInvest)},
           {"招商引资", "—", attract(1e6), attract(kAttract)}};
      made.truth[{"d.invest", may}] = kInvestMay;
      break;
    case 4:  // goal and actual side by side
      t = {{"三级指标", "指标", "截至日期", "年度指标值", "指标值", "实际完成值" + h},
           {"数量", "文旅投资", days.june, "30", "30", invest(kInvest)},
           {"数量", "招商引资", days.june, "50000", "50000", attract(kAttract)}};
      break;
    case 5:  // merged targets, two days
      t = {{"指标", "截至日期", "数值" + h},
           {"文旅投资", days.may, invest(kInvestMay)},
           {"", days.june, invest(kInvest)},
           {"招商引资", days.june, attract(kAttract)}};
      made.truth[{"d.invest", may}] = kInvestMay;
      break;
    case 6:  // targets as columns
      t = {{"截至日期", "文旅投资" + h, "招商引资" + h, "其他"},
           {days.june, invest(kInvest), attract(kAttract), "x"}};
      made.may_refuse = h.find("吨") != std::string::npos;
      break;
    case 7:  // a second header of another order
      t = {{"截至2026年6月30日"},
           {"指标", "累计完成" + h, "年度计划"},
           {"文旅投资", invest(kInvest), "30"},
           {"二、招商类"},
           {"指标", "年度计划", "累计完成" + h},
           {"招商引资", "50000", attract(kAttract)}};
      break;
    case 8:  // a table of statistics
      t = {{"2026年6月主要指标"},
           {"指标", "本月", "比去年同月增长(%)", "1-本月" + h, "比去年同期增长(%)"},
           {"文旅投资", "1", "3.1", invest(kInvest), "24.8"},
           {"招商引资", "2", "5", attract(kAttract), "7"}};
      break;
    case 9:  // parts below their total
      t = {{"2026年1-6月重点指标完成情况表"},     {"指标", "子项", "累计完成" + h},
           {"文旅投资", "全区", invest(kInvest)}, {"", "其中：民间投资", invest(5e8)},
           {"", "国有投资", invest(7.6e8)},       {"招商引资", "", attract(kAttract)}};
      made.may_refuse = true;  // the parts
      break;
    case 10:  // plan rows beside actual ones
      t = {{"指标", "类别", "1-5月" + h, "1-6月" + h},
           {"文旅投资", "实际", invest(kInvestMay), invest(kInvest)},
           {"", "计划", invest(1e9), invest(1.5e9)},
           {"", "上年同期", invest(7e8), invest(8e8)},
           {"", "同比增长(%)", "20", "25"},
           {"招商引资", "实际", "—", attract(kAttract)}};
      made.truth[{"d.invest", may}] = kInvestMay;
      break;
    case 11:  // a second day within the sheet
      t = {{"截至2026年5月31日"}, {"指标", "累计完成" + h},      {"文旅投资", invest(kInvestMay)},
           {"截至2026年6月30日"}, {"文旅投资", invest(kInvest)}, {"招商引资", attract(kAttract)}};
      made.truth[{"d.invest", may}] = kInvestMay;
      break;
    default:  // footers and sums, equal rows twice
      t = {{"指标", "截至日期", "数值" + h},
           {"文旅投资", days.june, invest(kInvest)},
           {"招商引资", days.june, attract(kAttract)},
           {"合计", days.june, "999"},
           {"文旅投资", days.june, invest(kInvest)},
           {"填报人：甲", "", "审核人：乙"},
           {"联系电话：0579-80000000", "填表日期：2026年7月3日", ""}};
      break;
  }
  if (has_unit_column) {
    bool below_header = false;
    for (auto& row : t) {
      const bool is_header = row.size() > 1 && !below_header;
      const bool is_second = below_header && row.size() > 1 && (row[0] == "指标");
      if (is_header || is_second) {
        row.emplace_back("单位");
        below_header = true;
      } else if (row.size() > 1) {
        row.push_back(way.column);
      }
    }
    if (layout == 6) made.may_refuse = true;  // one unit for all targets of the row
  }
  if (!way.above.empty()) t.insert(t.begin(), std::vector<std::string>{way.above});
  if (!way.below.empty()) t.push_back({way.below});
  return made;
}

std::string shown(const TableCells& table) {
  std::string text;
  for (const auto& row : table) {
    for (const std::string& cell : row) text += cell + " | ";
    text += "\n";
  }
  return text;
}

std::string shown(const Receipt& receipt) {
  std::string text;
  for (const RowError& error : receipt.errors) {
    text += std::to_string(error.row) + " " + error.code + " " + error.message + "\n";
  }
  for (const std::string& note : receipt.notes) text += note + "\n";
  return text;
}

// Whether every observation is true; where none may be refused, also whether all of them are there.
void expect_true(const Made& made, const Decoded& decoded, bool may_refuse, bool must_refuse) {
  for (const Observation& one : decoded.observations) {
    const auto known = made.truth.find({catalogue()[one.target].id, one.reading.as_of});
    ASSERT_NE(known, made.truth.end())
        << "WRONG NUMBER: " << catalogue()[one.target].id << " " << to_string(one.reading.as_of)
        << " = " << one.reading.value.to_column() << "\n"
        << shown(decoded.receipt);
    ASSERT_NEAR(one.reading.value.to_column(), known->second, 1e-6 * known->second)
        << "WRONG NUMBER\n"
        << shown(decoded.receipt);
  }
  if (must_refuse) {
    EXPECT_TRUE(decoded.observations.empty()) << shown(decoded.receipt);
    EXPECT_FALSE(decoded.receipt.errors.empty());
    return;
  }
  std::map<std::pair<std::string, Date>, int> found;
  for (const Observation& one : decoded.observations) {
    ++found[{catalogue()[one.target].id, one.reading.as_of}];
  }
  if (!may_refuse) {
    EXPECT_TRUE(decoded.receipt.errors.empty()) << shown(decoded.receipt);
    EXPECT_EQ(found.size(), made.truth.size()) << shown(decoded.receipt);
  }
  // What is not taken is said.
  if (found.size() < made.truth.size()) {
    EXPECT_FALSE(decoded.receipt.errors.empty());
  }
}

Decoded decode_made(Container container, const TableCells& table) {
  return decode(in_container(container, table), catalogue(), example_today());
}

TEST(GeneratedTablesTest, NoTableIsTakenOtherwiseThanItWasMade) {
  std::size_t variants = 0;
  std::size_t day = 0;
  for (std::size_t layout = 0; layout < kLayouts; ++layout) {
    for (const Unitary& way : unit_ways()) {
      for (const Container container : kContainers) {
        const Days& days = day_ways()[day++ % day_ways().size()];
        const Made made = make(layout, way, days);
        SCOPED_TRACE("layout " + std::to_string(layout) + ", unit " + way.name + ", container " +
                     std::to_string(static_cast<int>(container)) + "\n" + shown(made.table));
        const Decoded decoded = decode_made(container, made.table);
        expect_true(made, decoded, made.may_refuse, way.must_refuse);
        if (HasFatalFailure()) return;
        ++variants;
      }
    }
  }
  EXPECT_GE(variants, 200U);
}

TEST(GeneratedTablesTest, WhatIsSaidToBeNoTotalIsNeverTakenForOne) {
  struct Said {
    std::string title;    // above
    std::string heading;  // of the figures
    std::string label;    // a cell beside them
    std::string remark;   // below
  };
  std::vector<Said> ways;
  for (const std::string title :
       {"2026年文旅投资当月完成数", "2026年6月当月情况", "2026年二季度当季数", "2026年分月计划",
        "2026年重点项目投资计划表", "较上月增量", "2026年逐月完成情况", "单月数据"}) {
    ways.push_back({title, "数值", "", ""});
    ways.push_back({title, "完成数", "", ""});
  }
  // The last ones of the titles are plans, which a heading of what was reached outweighs.
  std::erase_if(ways, [](const Said& said) {
    return said.heading == "完成数" && said.title.find("计划") != std::string::npos;
  });
  for (const std::string heading :
       {"当月完成", "本月", "当季完成数", "计划数", "年度目标", "上年同期", "去年同期累计",
        "同比增长", "增量", "较上月", "完成数(当月)", "数值(计划)", "完成率", "其中：民间投资",
        "本期数", "剩余"}) {
    ways.push_back({"", heading, "", ""});
  }
  for (const std::string label : {"计划", "当月", "同比增长(%)", "上年同期", "其中：民间投资",
                                  "目标", "2025年", "当季", "增量", "年度计划", "本月完成"}) {
    ways.push_back({"", "数值", label, ""});
  }
  for (const std::string remark :
       {"注：以上为当月数", "注：表中数据为计划数", "说明：为当月新增，未累加"}) {
    ways.push_back({"", "数值", "", remark});
  }
  std::erase_if(ways,
                [](const Said& said) { return said.remark.find("未累加") != std::string::npos; });
  for (const Said& said : ways) {
    for (const Container container : kContainers) {
      TableCells table;
      if (!said.title.empty()) table.push_back({said.title});
      table.push_back({"指标", "类别", "截至日期", said.heading});
      table.push_back({"文旅投资", said.label, "2026-06-30", "2.5"});
      if (!said.remark.empty()) table.push_back({said.remark});
      SCOPED_TRACE(shown(table));
      const Decoded decoded = decode_made(container, table);
      EXPECT_TRUE(decoded.observations.empty()) << shown(decoded.receipt);
      EXPECT_FALSE(decoded.receipt.errors.empty());
    }
  }
}

TEST(GeneratedTablesTest, TheFigureOfAGrowthRateStandsInTheColumnOfGrowthRates) {
  for (const Container container : kContainers) {
    const TableCells table = {{"指标", "截至日期", "累计完成", "同比增长(%)"},
                              {"文旅投资", "2026-06-30", "12.6", "24.8"},
                              {"工业增加值增速", "2026-06-30", "320.5", "5.2"}};
    const Decoded decoded = decode_made(container, table);
    const Made made = {table,
                       {{{"d.invest", date_of(2026, 6, 30)}, kInvest},
                        {{"d.growth", date_of(2026, 6, 30)}, 0.052}},
                       false};
    expect_true(made, decoded, false, false);
  }
  const Decoded blank =
      decode_made(Container::csv, {{"指标", "截至日期", "累计完成", "同比增长(%)"},
                                   {"工业增加值增速", "2026-06-30", "320.5", ""}});
  ASSERT_EQ(blank.receipt.errors.size(), 1U);
  EXPECT_EQ(blank.receipt.errors[0].code, "rate_in_doubt");
}

// One table, rewritten: the short way of a plain CSV and every other way give the same.
TEST(GeneratedTablesTest, TheShortWayReadsAsTheLongOneDoes) {
  std::mt19937 random(20260708);
  const std::vector<std::string> targets = {"文旅投资", "招商引资",   "d.jobs",
                                            "文化中心", "无此目标",   "工业增加值增速",
                                            "",         "3.新增就业", "合计"};
  const std::vector<std::string> dates = {"2026-06-30", "2026-05-31", "2026年4月", "x",
                                          "",           "2026-12-31", "1-3月"};
  const std::vector<std::string> values = {"1",    "2.5",    "3万元", "95%", "0.5",   "x",   "—",
                                           "(35)", "三千五", "撤回",  "△3",  "1,234", "完成"};
  const std::vector<std::string> notes = {"", "进展", "当月", "计划"};
  const auto any = [&](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  const auto summary = [](const Decoded& decoded) {
    std::string text =
        std::string(to_string(decoded.outcome)) + " " + std::to_string(decoded.receipt.rows) + "\n";
    for (const Observation& one : decoded.observations) {
      text += std::to_string(one.row) + " " + std::to_string(one.target) + " " +
              to_string(one.reading.as_of) + " " + number(one.reading.value.to_column()) + " " +
              one.note + "\n";
    }
    return text + shown(decoded.receipt);
  };
  ColumnMapping other;  // names nothing that stands here, and so only asks for the long way
  other.department = "culture-tourism";
  other.names[0] = {"无此列"};
  for (int round = 0; round < 400; ++round) {
    TableCells table = {{"指标", "截至日期", "数值", "备注"}};
    const std::size_t rows = 1 + random() % 6;
    for (std::size_t i = 0; i < rows; ++i) {
      table.push_back({any(targets), any(dates), any(values), any(notes)});
    }
    SCOPED_TRACE(shown(table));
    const Submission csv = in_container(Container::csv, table);
    const std::string plain = summary(decode(csv, catalogue(), example_today()));
    EXPECT_EQ(plain, summary(decode(csv, catalogue(), example_today(), other)));
    for (const Container container : {Container::gbk, Container::utf16, Container::semicolons}) {
      EXPECT_EQ(plain, summary(decode_made(container, table)));
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace districtd

// How a status came about, in words and numbers that can be checked by hand.
#include "daemon/explanation/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/base/hidden_controls.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;
using ::testing::HasSubstr;

class ExplanationTest : public ::testing::Test {
 protected:
  // The steps by their titles, of one target with these readings.
  std::map<std::string, std::string> steps(Target target, std::vector<Reading> readings, Date on,
                                           std::vector<StoredObservation> history = {}) {
    target.section = "区文旅局";
    target.quote = "完成文旅投资30亿元以上";
    for (Target& change : target.changes) change.quote = "调整为36亿元";
    const Catalogue catalogue({{"r", "今日金东", day(2026, 3, 6), "题目"}},
                              {{"culture-tourism", "区文旅局"}}, {target});
    const Assessment assessment = assess(target, WorkingDays{}, readings, on);
    const Explanation explanation =
        explain({.catalogue = catalogue,
                 .target = 0,
                 .assessment = assessment,
                 .readings = readings,
                 .history = history,
                 .on = on,
                 .time_text = [](Time) { return std::string("2026-07-08 09:30"); }});
    EXPECT_EQ(explanation.status, assessment.status);
    std::map<std::string, std::string> result;
    for (const ExplanationStep& step : explanation.steps) result[step.title] = step.text;
    return result;
  }
};

TEST_F(ExplanationTest, NodesAreToldWithTheOneThatIsMissed) {
  Target target = testing::milestone();
  target.pace = Pace::nodes;
  target.nodes = {{"结顶", end_of(6), 0.5}, {"竣工", day(2026, 12, 31), 1}};
  target.leader = "张三";
  target.definition = "以竣工备案为准";
  const auto missed = steps(target, {{end_of(6), 0.42, day(2026, 7, 2)}}, day(2026, 7, 8));
  EXPECT_THAT(missed.at("节点"), HasSubstr("节点“结顶”（2026-06-30 应完成 50.0%）未完成"));
  EXPECT_THAT(missed.at("序时进度"), HasSubstr("2026-06-30 “结顶”完成 50.0%、2026-12-31"));
  EXPECT_THAT(missed.at("偏差"), HasSubstr("42.0% − 50.0% ＝ -8.0 个百分点"));
  EXPECT_EQ(missed.at("分工"), "分管领导：张三；口径：以竣工备案为准。");
  const auto early = steps(target, {{end_of(2), 0.1, day(2026, 3, 2)}}, day(2026, 3, 8));
  EXPECT_THAT(early.at("节点"), HasSubstr("下一节点“结顶”"));
  EXPECT_THAT(early.at("序时进度"), HasSubstr("还没有到期的节点"));
  EXPECT_FALSE(early.contains("偏差"));
  const auto near = steps(target, {{end_of(5), 0.1, day(2026, 6, 2)}}, day(2026, 6, 8));
  EXPECT_THAT(near.at("结果"), HasSubstr("离节点 2026-06-30 已近而未完成"));
  const auto ahead = steps(target, {{end_of(5), 0.6, day(2026, 6, 2)}}, day(2026, 6, 2));
  EXPECT_THAT(ahead.at("结果"), HasSubstr("下一节点已完成"));
  EXPECT_THAT(missed.at("门限"), HasSubstr("节点都按期完成"));
}

TEST_F(ExplanationTest, TheValueAYearAgoIsTold) {
  Target sum = cumulative(30, "亿元");
  sum.last_year = {{day(2025, 3, 31), 0.2}, {day(2025, 6, 30), 0.4}, {day(2025, 12, 31), 1}};
  sum.last_year_total = 27.5e8;
  EXPECT_EQ(steps(sum, {{end_of(6), 12.1e8, day(2026, 7, 2)}}, day(2026, 7, 8)).at("同比"),
            "上年同期（截至 2025-06-30）11 亿元，同比 +10.0%。");
}

TEST_F(ExplanationTest, WhatHasNoForecastSaysWhy) {
  const auto prediction = [&](Target target, double value) {
    target.id = "culture-tourism.investment";
    target.name = "文旅投资";
    const Reading reading{testing::end_of(6), value, testing::end_of(6)};
    return steps(target, {reading}, testing::day(2026, 7, 1))["预测"];
  };
  EXPECT_THAT(prediction(testing::milestone(), 0.4), HasSubstr("未经检验，不作预测"));
  EXPECT_THAT(prediction(testing::level(7, "%"), 0.06),
              HasSubstr("期限过去 75.0% 且报送满 3 期后才作预测"));
}

TEST_F(ExplanationTest, OfWhatIsOverNothingIsForetold) {
  const std::vector<Reading> readings = {
      {end_of(8), 16e8, {}}, {end_of(9), 18e8, {}}, {end_of(10), 20e8, {}}};
  EXPECT_TRUE(steps(cumulative(30, "亿元"), readings, end_of(11)).contains("预测"));
  EXPECT_FALSE(steps(cumulative(30, "亿元"), readings, day(2027, 1, 1)).contains("预测"));
}

TEST_F(ExplanationTest, ASumIsReckonedStepByStep) {
  const Target target = cumulative(30, "亿元");
  StoredObservation first;
  first.as_of = end_of(6);
  first.value = 12e8;
  first.superseded = true;
  StoredObservation second = first;
  second.value = 12.6e8;
  second.submission = "20260708-42";
  second.name = "6月.csv";
  second.superseded = false;
  const auto said =
      steps(target, {{end_of(6), 12.6e8, day(2026, 7, 8)}}, day(2026, 7, 20), {first, second});
  EXPECT_THAT(said.at("出处"), HasSubstr("今日金东《题目》（2026-03-06）“区文旅局”一节"));
  EXPECT_THAT(said.at("目标"), HasSubstr("至少 30 亿元；期间 2026-01-01 至 2026-12-31"));
  EXPECT_THAT(said.at("数据"), HasSubstr("累计完成 12.6 亿元，区文旅局于 2026-07-08 09:30 报送"
                                         "（6月.csv，报送编号 20260708-42）"));
  EXPECT_THAT(said.at("数据"), HasSubstr("更正过 1 次，此前为 12 亿元"));
  EXPECT_EQ(said.at("完成率"), "（12.6 − 0）÷（30 − 0）＝ 42.0%。");
  EXPECT_THAT(said.at("序时进度"), HasSubstr("已过 6 个月 ÷ 共 12 个月 ＝ 50.0%"));
  EXPECT_EQ(said.at("偏差"), "42.0% − 50.0% ＝ -8.0 个百分点。");
  EXPECT_EQ(said.at("结果"), "欠进度，红灯；自 2026-06-30 起，连续第 1 个月亮红灯。");
  EXPECT_THAT(said.at("报送"), HasSubstr("最近到期的一期截至 2026-06-30，最迟应于 2026-07-10"));
  EXPECT_THAT(said.at("预测"),
              HasSubstr("报送满 3 期后才作预测。要按期完成，此后每月需完成 2.9 亿元"));
  EXPECT_THAT(said.at("得分"), HasSubstr("本项得分 0.92，权重 1"));
}

TEST_F(ExplanationTest, TheMarginIsNamedWhereMessagesStillSayAWorseStatus) {
  const auto said = steps(cumulative(100, "个"),
                          {{end_of(5), 35, end_of(5)}, {end_of(6), 45.5, end_of(6)}}, end_of(6));
  EXPECT_THAT(said.at("结果"), HasSubstr("略滞后，黄灯"));
  EXPECT_THAT(said.at("门限"), HasSubstr("对外通知仍为欠进度：转好须越过门限 1.0 个百分点才通知"));
}

// "With a sentence that says why and until when."
TEST_F(ExplanationTest, EachNewStatusSaysWhyAndUntilWhen) {
  const Target sum = cumulative(30, "亿元");
  const std::vector<Reading> november = {{end_of(11), 28e8, end_of(11)}};
  EXPECT_THAT(steps(sum, november, day(2027, 1, 4)).at("结果"),
              HasSubstr("期满待报，灰灯：期限 2026-12-31 已过，期满数据尚未报来，等到 2027-01-10 "
                        "为止"));
  EXPECT_THAT(steps(sum, november, day(2027, 1, 11)).at("结果"),
              HasSubstr("期满数据最迟应于 2027-01-10 报送而至今未报"));
  EXPECT_THAT(steps(sum, {{end_of(12), 28e8, end_of(12)}}, day(2027, 1, 11)).at("结果"),
              HasSubstr("期限 2026-12-31 已过而未达到目标"));
  EXPECT_THAT(steps(sum, {{day(2027, 2, 3), 30e8, {}}}, day(2027, 2, 4)).at("结果"),
              HasSubstr("逾期完成，黄灯：期限 2026-12-31 之后才达到目标；自 2027-02-03"));
  const auto silent = steps(sum, {{end_of(3), 1e8, {}}}, day(2026, 6, 11)).at("结果");
  EXPECT_THAT(silent, HasSubstr("停报，灰灯：连续 2 期应报而未报，现状不明；报来数据即恢复评判。"
                                "停报前为欠进度，红灯"));
  Target quiet = sum;
  quiet.cadence = Cadence::none;
  EXPECT_THAT(steps(quiet, {{end_of(3), 9e8, {}}}, day(2026, 7, 1)).at("结果"),
              HasSubstr("最近一次数据截至 2026-03-31，此后再无数据"));
}

TEST_F(ExplanationTest, ACeilingIsKeptNotReached) {
  Target most = testing::ceiling(cumulative(100, "件"));
  EXPECT_THAT(steps(most, {{end_of(6), 30, {}}}, end_of(6)).at("结果"),
              HasSubstr("控制在序时内，绿灯"));
  EXPECT_THAT(steps(most, {{end_of(6), 60, {}}}, end_of(6)).at("结果"),
              HasSubstr("超出控制，红灯"));
  EXPECT_THAT(steps(most, {{end_of(12), 90, {}}}, day(2027, 1, 1)).at("结果"),
              HasSubstr("控制在目标内，绿灯：期满数据表明控制在目标内"));
  EXPECT_THAT(steps(most, {{end_of(6), 30, {}}}, day(2027, 1, 11)).at("结果"),
              HasSubstr("期满未报，红灯"));
  for (const auto& [title, text] : steps(most, {{end_of(6), 30, {}}}, end_of(6))) {
    EXPECT_EQ(text.find("超进度"), std::string::npos) << title << text;
  }
}

TEST_F(ExplanationTest, WhatIsExtendedOrProjectedSaysSo) {
  Target target = cumulative(100, "个");
  target.deadline = end_of(9);
  Target later = target;
  later.deadline = end_of(12);
  later.changed_from = later.decided = day(2026, 9, 15);
  target.changes.push_back(later);
  const auto said = steps(target, {{end_of(9), 98, {}}}, day(2026, 10, 5));
  EXPECT_THAT(said.at("目标"), HasSubstr("已延期：原期限 2026-09-30，现期限 2026-12-31"));
  Reading projected{end_of(6), 50, {}};
  projected.basis = Basis::projected;
  EXPECT_THAT(steps(cumulative(100, "个"), {projected}, end_of(6)).at("数据"),
              HasSubstr("预计数，不作为最终数"));
}

TEST_F(ExplanationTest, WhatACountNeedsIsAWholeNumber) {
  const auto said = steps(cumulative(1900, "套"), {{end_of(6), 950, {}}}, end_of(6));
  EXPECT_THAT(said.at("预测"), HasSubstr("此后每月需完成 159 套")) << "158.33";
}

TEST_F(ExplanationTest, ARateIsHeldAgainstItsGoal) {
  const auto said =
      steps(testing::level(95, "%"), {{end_of(6), 0.9466, end_of(6)}}, day(2026, 7, 1));
  EXPECT_FALSE(said.contains("完成率"));
  EXPECT_THAT(said.at("序时进度"), HasSubstr("任何日期都应达到目标值 95%"));
  EXPECT_EQ(said.at("偏差"), "实际 94.66%，应达 95%，偏差 -0.34 个百分点。");
}

TEST_F(ExplanationTest, TheThresholdsHaveTheUnitOfTheDeviation) {
  const auto said =
      steps(testing::level(200, "家"), {{end_of(6), 180, end_of(6)}}, day(2026, 7, 1));
  EXPECT_EQ(said.at("偏差"), "实际 180 家，应达 200 家，偏差 -10.0%。");
  EXPECT_EQ(said.at("门限"),
            "按差距占目标值的比例定灯：-10.0%。低于 -5.0% 为欠进度（红灯），低于 0.0% "
            "为略滞后（黄灯），达到 +10.0% 为超进度，其余为达进度。");
}

TEST_F(ExplanationTest, ALevelMayWaitForItsDeadlineToo) {
  const auto said = steps(testing::with_pace(testing::level(80, "%"), Pace::deadline),
                          {{end_of(6), 0.6, end_of(6)}}, day(2026, 7, 1));
  EXPECT_THAT(said.at("序时进度"), HasSubstr("期限 2026-12-31 之前不要求进度"));
  EXPECT_FALSE(said.contains("偏差"));
  EXPECT_FALSE(said.contains("门限"));
}

TEST_F(ExplanationTest, AMilestoneWaitsForItsDeadline) {
  const auto said = steps(testing::milestone(), {{end_of(10), 0.6, end_of(10)}}, day(2026, 11, 20));
  EXPECT_FALSE(said.contains("偏差"));
  EXPECT_FALSE(said.contains("门限"));
  EXPECT_THAT(said.at("序时进度"), HasSubstr("期限前 60 天起未完成的亮黄灯"));
  EXPECT_THAT(said.at("结果"),
              HasSubstr("略滞后，黄灯：离期限 2026-12-31 已近而未完成；自 2026-11-01"));
}

TEST_F(ExplanationTest, AChangeSaysByWhichGoalTheValueIsJudged) {
  Target target = cumulative(30, "亿元");
  Target later = target;
  later.goal = 36e8;
  later.changed_from = later.decided = day(2026, 7, 1);
  later.change_reason = "区政府第12次常务会议";
  target.changes.push_back(later);
  const auto june = steps(target, {{end_of(6), 15e8, end_of(6)}}, day(2026, 7, 10));
  EXPECT_THAT(june.at("目标"), HasSubstr("至少 30 亿元"));
  EXPECT_THAT(june.at("目标"),
              HasSubstr("目标自 2026-07-01 起调整（区政府第12次常务会议），此前的数据"
                        "仍按原目标评判"));
  const auto july = steps(target, {{end_of(7), 20e8, end_of(7)}}, day(2026, 8, 10));
  EXPECT_THAT(july.at("目标"), HasSubstr("至少 36 亿元"));
  EXPECT_THAT(july.at("目标"), HasSubstr("按调整后的目标评判"));
  EXPECT_THAT(july.at("出处"), HasSubstr("调整为36亿元"));
}

// Decided on 20 August for values from 1 August on, after the deadline had passed.
TEST_F(ExplanationTest, AnExtensionSaysWhenItWasDecidedAndWhatTheFirstPromiseWouldBe) {
  Target target = cumulative(30, "亿元");
  target.deadline = end_of(6);
  Target later = target;
  later.deadline = end_of(12);
  later.changed_from = day(2026, 8, 1);
  later.decided = day(2026, 8, 20);
  later.change_reason = "区政府第12次常务会议";
  target.changes.push_back(later);
  const std::vector<Reading> readings = {{end_of(6), 24e8, end_of(6)},
                                         {end_of(8), 27e8, end_of(8)}};
  const auto before = steps(target, readings, day(2026, 8, 19));
  EXPECT_THAT(before.at("目标"), ::testing::Not(HasSubstr("延期")));
  EXPECT_THAT(before.at("结果"), HasSubstr("逾期未完成"));
  const auto after = steps(target, readings, day(2026, 9, 5));
  EXPECT_THAT(after.at("目标"), HasSubstr("（区政府第12次常务会议，2026-08-20 决定）"));
  EXPECT_THAT(after.at("目标"), HasSubstr("已延期：原期限 2026-06-30，现期限 2026-12-31"));
  EXPECT_THAT(after.at("目标"), HasSubstr("按最初的承诺、不算任何调整，会是“逾期未完成”。"));
}

TEST_F(ExplanationTest, APledgeAndNothingReported) {
  const auto pledge = steps(testing::pledge(), {{end_of(6), 1, end_of(6)}}, day(2026, 7, 1));
  EXPECT_THAT(pledge.at("结果"), HasSubstr("已报送，不亮灯"));
  EXPECT_FALSE(pledge.contains("偏差"));
  const auto nothing = steps(cumulative(30, "亿元"), {}, day(2026, 3, 20));
  EXPECT_THAT(nothing.at("数据"), HasSubstr("尚未报送过数据"));
  EXPECT_THAT(nothing.at("报送"), HasSubstr("迟报：自 2026-02-11 起，连续 2 期未报"));
}

TEST_F(ExplanationTest, WhatIsWithdrawnIsNotJudged) {
  Target target = cumulative(30, "亿元");
  target.withdrawn = day(2026, 8, 1);
  target.withdrawal_reason = "区政府第12次常务会议";
  const auto said = steps(target, {{end_of(6), 15e8, end_of(6)}}, day(2026, 8, 1));
  EXPECT_THAT(said.at("结果"), HasSubstr("自 2026-08-01 起撤销（区政府第12次常务会议）"));
  EXPECT_EQ(said.size(), 2U);
}

TEST_F(ExplanationTest, AForecastIsGivenWithItsCertainty) {
  const auto said =
      steps(cumulative(100, "个"), {{end_of(4), 30, {}}, {end_of(5), 38, {}}, {end_of(6), 45, {}}},
            day(2026, 7, 1));
  EXPECT_THAT(said.at("预测"), HasSubstr("到期限预计完成"));
  EXPECT_THAT(said.at("预测"), HasSubstr("八成把握在"));
  EXPECT_THAT(said.at("预测"), HasSubstr("达到目标的概率"));
  EXPECT_THAT(said.at("预测"), HasSubstr("照至今的平均速度，将于 2027-02 完成"));
}

TEST_F(ExplanationTest, NothingIsHiddenFromATerminalAndAStepIsOneLine) {
  for (const std::string& hidden : hidden_controls()) {
    Explanation explanation;
    explanation.steps = {{"数据", "备注：" + hidden + "[2J"}};
    const std::string text = to_text(explanation, "标" + hidden + "题");
    EXPECT_FALSE(has_hidden_control(text)) << text;
    EXPECT_THAT(text, HasSubstr("1. 数据　备注：\\"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
    EXPECT_FALSE(has_hidden_control(to_json(explanation)));
  }
}

}  // namespace
}  // namespace districtd

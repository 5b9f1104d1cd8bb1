#include "daemon/domain/plausibility.h"

#include <gtest/gtest.h>

#include "daemon/domain/explanation_text.h"

namespace districtd {
namespace {

Target target_of(Kind kind, std::string_view unit, double goal) {
  Target target;
  target.id = "d.t";
  target.name = "指标";
  target.kind = kind;
  target.unit = Unit::parse(unit).value();
  target.goal = target.unit.to_base(goal);
  target.baseline = 0.0;
  target.start = date_of(2026, 1, 1);
  target.deadline = date_of(2026, 12, 31);
  return target;
}

Reading june(double value) { return {date_of(2026, 6, 30), value, Date{}}; }
std::optional<Reading> may(double value) { return Reading{date_of(2026, 5, 31), value, Date{}}; }
Oddities set_of(Oddity one) { return static_cast<Oddities>(one); }

TEST(PlausibilityTest, ACumulativeValueBelowTheOneBeforeIsADecrease) {
  const Target target = target_of(Kind::cumulative, "个", 100);
  EXPECT_EQ(oddities(target, june(49), may(50)), set_of(Oddity::decrease));
  EXPECT_EQ(oddities(target, june(50), may(50)), 0);
  EXPECT_EQ(oddities(target, june(49), std::nullopt), 0);
  EXPECT_EQ(oddities(target_of(Kind::level, "个", 100), june(49), may(50)), 0);
}

// A milestone that falls from 100 % to nothing was not done, or its figure is wrong.
TEST(PlausibilityTest, AMilestoneThatFallsIsADecrease) {
  const Target target = target_of(Kind::milestone, "", 1);
  EXPECT_EQ(oddities(target, june(0), may(1)), set_of(Oddity::decrease));
  EXPECT_EQ(oddities(target, june(1), may(1)), 0);
  const std::string said =
      sentence(Oddity::decrease, target, june(0), "0.0%", may(1), "100.0%", AfterOddity::held);
  EXPECT_NE(said.find("形象进度一般不会倒退"), std::string::npos) << said;
  EXPECT_NE(said.find("暂存"), std::string::npos) << said;
}

TEST(PlausibilityTest, OneAndAFifthOfAPersonIsNoCount) {
  const Target people = target_of(Kind::cumulative, "人", 100);
  EXPECT_TRUE(is_fraction_of_a_count(people, 1.2));
  EXPECT_FALSE(is_fraction_of_a_count(people, 12));
  EXPECT_FALSE(is_fraction_of_a_count(people, 0.1 * 30));
  EXPECT_FALSE(is_fraction_of_a_count(target_of(Kind::cumulative, "万人", 3), 12345.6));
  EXPECT_FALSE(is_fraction_of_a_count(target_of(Kind::level, "人", 3), 2.7)) << "an average";
  EXPECT_FALSE(is_fraction_of_a_count(target_of(Kind::cumulative, "亿元", 3), 1.2));
  EXPECT_FALSE(is_fraction_of_a_count(target_of(Kind::cumulative, "个", 1.5), 1.2))
      << "its goal is one itself";
}

TEST(PlausibilityTest, OnlyTheStepPastThreeTimesTheGoalIsAJump) {
  const Target target = target_of(Kind::cumulative, "个", 100);
  EXPECT_EQ(oddities(target, june(301), may(50)), set_of(Oddity::jump));
  EXPECT_EQ(oddities(target, june(301), std::nullopt), set_of(Oddity::jump));
  EXPECT_EQ(oddities(target, june(300), may(50)), 0);
  EXPECT_EQ(oddities(target, june(320), may(310)), 0);
}

TEST(PlausibilityTest, AShareOfAWholeCannotPass100PercentAndAGrowthCan) {
  Target target = target_of(Kind::level, "%", 95);
  EXPECT_TRUE(is_share(target));
  EXPECT_EQ(oddities(target, june(1.01), std::nullopt), set_of(Oddity::over_100_percent));
  EXPECT_EQ(oddities(target, june(1), std::nullopt), 0);
  target.is_share = false;
  EXPECT_EQ(oddities(target, june(1.01), std::nullopt), 0);
  Target growth = target_of(Kind::level, "%", 40);
  EXPECT_FALSE(is_share(growth));
  EXPECT_EQ(oddities(growth, june(1.01), std::nullopt), 0);
  growth.is_share = true;
  EXPECT_EQ(oddities(growth, june(1.01), std::nullopt), set_of(Oddity::over_100_percent));
}

TEST(PlausibilityTest, WhatIsDoneMayStayAsItIs) {
  EXPECT_TRUE(may_not_repeat(target_of(Kind::cumulative, "个", 100), june(99)));
  EXPECT_FALSE(may_not_repeat(target_of(Kind::cumulative, "个", 100), june(100)));
  EXPECT_TRUE(may_not_repeat(target_of(Kind::level, "%", 95), june(0.96)));
  EXPECT_FALSE(may_not_repeat(target_of(Kind::milestone, "", 1), june(1)));
  EXPECT_FALSE(may_not_repeat(target_of(Kind::milestone, "", 1), june(0.5)));
}

TEST(PlausibilityTest, TellsTheClerkWhatIsOddAndWhatBecomesOfIt) {
  const Target target = target_of(Kind::cumulative, "个", 100);
  EXPECT_EQ(
      sentence(Oddity::decrease, target, june(49), "49个", may(50), "50个", AfterOddity::taken),
      "“指标”截至 2026-06-30 为 49个，小于此前截至 2026-05-31 的 50个，"
      "而累计数一般不会减少；已收下，请核实，有误请更正。");
  EXPECT_EQ(sentence(Oddity::jump, target, june(301), "301个", may(50), "50个", AfterOddity::held),
            "“指标”截至 2026-06-30 为 301个，超过目标的三倍，可能是单位或小数点有误；"
            "已暂存，经督查室确认后才计入。");
}

TEST(PlausibilityTest, TheSentenceSaysWhatBecomesOfTheRow) {
  const Target target = target_of(Kind::cumulative, "个", 100);
  const auto said = [&](AfterOddity after) {
    return sentence(Oddity::decrease, target, june(49), "49个", may(50), "50个", after);
  };
  EXPECT_NE(said(AfterOddity::unexplained).find("请在“核实说明”列写明原因后重新报送"),
            std::string::npos);
  EXPECT_NE(said(AfterOddity::explained).find("已连同核实说明收下"), std::string::npos);
}

// The list of phrases stands in docs/填报说明.md.
TEST(ExplanationTextTest, StockPhrasesAndThePeriodBeforeExplainNothing) {
  for (const char* const text :
       {"", " ", "核实无误", "经核实，无误。", "情况属实", "无", "已核实", "OK"}) {
    EXPECT_FALSE(explains(text, "")) << text;
  }
  EXPECT_TRUE(explains("核实无误，系口径调整", ""));
  EXPECT_TRUE(explains("口径调整", "退出一个项目"));
  EXPECT_FALSE(explains("口径　调整。", "口径调整"));
}

}  // namespace
}  // namespace districtd

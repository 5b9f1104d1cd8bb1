// Whole sentences to targets: what counts and what does not, as docs/extraction.md says.
#include <gmock/gmock.h>

#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names(std::string_view text) {
  std::vector<std::string> result;
  for (const Draft& draft : drafts_of(text)) result.push_back(draft.name);
  return result;
}

TEST(TargetsTest, ASumIsCumulative) {
  const Draft draft = draft_of("完成文旅投资30亿元以上。");
  EXPECT_EQ(draft.name, "文旅投资");
  EXPECT_EQ(draft.kind, Kind::cumulative);
  EXPECT_EQ(draft.goal, 30);
  EXPECT_EQ(draft.unit, "亿元");
  EXPECT_EQ(draft.direction, Direction::at_least);
  EXPECT_EQ(to_string(draft.deadline), "2026-12-31");
  EXPECT_EQ(draft.quote, "完成文旅投资30亿元以上");
}

TEST(TargetsTest, ARateIsALevel) {
  const Draft draft = draft_of("推动村级医疗机构规范化率向95%迈进。");
  EXPECT_EQ(draft.kind, Kind::level);
  EXPECT_EQ(draft.commitment, Commitment::approach);
  EXPECT_EQ(draft.goal, 95);
  EXPECT_EQ(draft.quote, "推动村级医疗机构规范化率向95%迈进");
}

TEST(TargetsTest, GrowthHasTheYearBeforeAsItsBase) {
  const Draft draft = draft_of("地区生产总值增长5.5%左右。");
  EXPECT_EQ(draft.kind, Kind::level);
  EXPECT_TRUE(draft.is_about);
  EXPECT_EQ(draft.baseline, BaselineRule::year_on_year);
  EXPECT_THAT(draft.name, HasSubstr("地区生产总值"));
}

TEST(TargetsTest, ARangeHasAnUpperBound) {
  const Draft draft = draft_of("外贸进出口总额增长5.0%-5.5%。");
  EXPECT_EQ(draft.goal, 5);
  EXPECT_EQ(draft.goal_upper, 5.5);
}

TEST(TargetsTest, CeilingsAreAtMost) {
  EXPECT_EQ(draft_of("城镇登记失业率控制在4%以内。").direction, Direction::at_most);
  EXPECT_EQ(draft_of("居民消费价格涨幅2%左右。").direction, Direction::at_most);
  EXPECT_EQ(draft_of("综合融资成本降至3.5%以下。").direction, Direction::at_most);
  EXPECT_EQ(draft_of("审批时限压缩至3个工作日以内。").unit, "个工作日");
  EXPECT_EQ(draft_of("粮食产量不低于120万吨。").direction, Direction::at_least);
}

TEST(TargetsTest, ListsAreSeparateTargets) {
  EXPECT_THAT(names("城乡居民人均可支配收入分别增长4%、5%。"),
              ElementsAre("城镇居民人均可支配收入增长", "农村居民人均可支配收入增长"));
  EXPECT_THAT(names("开工、竣工项目12个、9个。"), ElementsAre("开工项目", "竣工项目"));
  EXPECT_THAT(names("建成无花果农事中心、冷链中心、产业中心。"),
              ElementsAre("无花果农事中心", "冷链中心", "产业中心"));
  EXPECT_THAT(names("新建佛手、花卉、苗木等千亩基地。"),
              ElementsAre("佛手千亩基地", "花卉千亩基地", "苗木千亩基地"));
}

TEST(TargetsTest, TwoIncomesGrowByTwoNumbers) {
  const auto drafts = drafts_of("两项收入分别增长4%、5%。");
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[0].goal, 4);
  EXPECT_EQ(drafts[1].goal, 5);
  EXPECT_NE(drafts[0].name, drafts[1].name);
}

TEST(TargetsTest, OneNumberForSeveralThings) {
  EXPECT_THAT(names("旅游接待人数、旅游总收入均增长12%以上。"),
              ElementsAre("旅游接待人数增长", "旅游总收入增长"));
}

TEST(TargetsTest, EventsAreMilestones) {
  const Draft draft = draft_of("加快源东乡卫生院新院区建设,确保年内投用。");
  EXPECT_EQ(draft.kind, Kind::milestone);
  EXPECT_EQ(draft.goal, 1);
  EXPECT_EQ(draft.name, "源东乡卫生院新院区");
  EXPECT_EQ(draft.quote, "加快源东乡卫生院新院区建设,确保年内投用");
  EXPECT_EQ(to_string(draft_of("三江口泵站6月底前建成。").deadline), "2026-06-30");
  EXPECT_EQ(draft_of("创成AAAA级旅游景区。").kind, Kind::milestone);
  EXPECT_EQ(draft_of("年内力争达到二级妇保院能力水平。").commitment, Commitment::strive);
  EXPECT_EQ(draft_of("8月底前出台《考核办法》。").name, "考核办法");
}

TEST(TargetsTest, DatedStepsOfOneThingAreItsNodes) {
  const Draft draft = draft_of("古城保护工程一季度开工、年内主体完工。");
  ASSERT_EQ(draft.nodes.size(), 2U);
  EXPECT_EQ(to_string(draft.nodes[0].deadline), "2026-03-31");
  EXPECT_EQ(to_string(draft.deadline), "2026-12-31");
}

TEST(TargetsTest, EachThingOfAListHasItsOwnDay) {
  const auto drafts = drafts_of("高铁北站三季度开工、中心医院新院区年底前主体封顶。");
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(to_string(drafts[0].deadline), "2026-09-30");
  EXPECT_EQ(to_string(drafts[1].deadline), "2026-12-31");
}

TEST(TargetsTest, ADayOfAMonthIsNoPast) {
  for (int day = 1; day <= 28; ++day) {
    const Draft draft = draft_of("体育公园9月" + std::to_string(day) + "日前建成开放。");
    EXPECT_EQ(to_string(draft.deadline), to_string(date_of(2026, 9, static_cast<unsigned>(day))));
  }
}

TEST(TargetsTest, WhereAChangeBeganIsNoGoal) {
  for (const std::string_view verb : {"扩大到", "增加到", "提高到", "增至"}) {
    const Draft draft = draft_of("2026年直接结算病种由5种" + std::string{verb} + "10种。");
    EXPECT_EQ(draft.goal, 10) << verb;
    EXPECT_EQ(draft.name, "直接结算病种") << verb;
  }
}

TEST(TargetsTest, WhatIsThereAlreadyIsNoGoal) {
  for (const std::string_view text :
       {"依托7个省级开发区、21个工业园区。", "服务好全市8.6万户经营主体。", "关爱1.2万名困境儿童。",
        "发挥38亿元产业基金撬动作用。", "盯紧186个省市重点项目。", "对首次入规企业奖励20万元。",
        "给予最高500万元补助。", "执行居民阶梯水价每吨2.8元。"}) {
    EXPECT_THAT(drafts_of("2026年工作安排\n" + std::string{text}), IsEmpty()) << text;
  }
  EXPECT_EQ(draft_of("2026年支持12家后备企业上市。").goal, 12);
  EXPECT_EQ(draft_of("服务企业1000家以上。").goal, 1000);
}

TEST(TargetsTest, NumbersInWordsCountWhereTheyAreMeant) {
  const Draft doctors = draft_of("深入实施“百名大学生村医”培养计划。");
  EXPECT_EQ(doctors.goal, 100);
  EXPECT_EQ(doctors.unit, "名");
  const Draft projects = draft_of("推进环积道山共富圈八大标志性项目建设。");
  EXPECT_EQ(projects.goal, 8);
  EXPECT_EQ(projects.name, "八大标志性项目");
  const Draft doubled = draft_of("力争工业总产值翻一番。");
  EXPECT_EQ(doubled.goal, 2);
  EXPECT_EQ(doubled.unit, "倍");
  EXPECT_EQ(doubled.baseline, BaselineRule::base_year);
}

TEST(TargetsTest, SizesOfThingsAreNoGoals) {
  const Draft draft = draft_of("引进投资10亿元以上项目3个。");
  EXPECT_EQ(draft.goal, 3);
  EXPECT_EQ(draft.unit, "个");
  EXPECT_THAT(drafts_of("推进总建筑面积12万平方米的安置房建设。"), IsEmpty());
  EXPECT_THAT(drafts_of("打造千亿级产业集群。"), IsEmpty());
}

TEST(TargetsTest, SlogansNamesAndThePastAreNoTargets) {
  for (const std::string_view text :
       {"高效运行“1833”联合指挥体系。", "以“四个最严”要求,强化监管。",
        "锚定“一枢纽、双千亿、三大湖”核心任务。", "打造“15分钟医疗服务圈”。",
        "为“十五五”开局平安护航。", "已建成矛调中心9个。", "2025年完成投资25亿元,增长8%。",
        "五年来,累计新建学校14所。", "同比增长5.6%。", "位列全省第18位。", "全面建成小康社会。",
        "建设更高水平平安金东。", "让优质医疗资源真正惠及千家万户。", "坚持“凡建必精品”理念。",
        "问题依然存在:工业投资占比仅为31%。"}) {
    EXPECT_THAT(drafts_of(text), IsEmpty()) << text;
  }
}

TEST(TargetsTest, TheNumberBeforeItGrewIsNone) {
  const Draft draft = draft_of("今年跨境电商交易额由18亿元提高到25亿元。");
  EXPECT_EQ(draft.goal, 25);
}

TEST(TargetsTest, DoubtHasReasons) {
  const Draft sure = draft_of("2026年,确保完成文旅投资30亿元以上。");
  EXPECT_GT(sure.confidence, 0.85);
  // Of what? A bare noun is no name.
  const Draft bare = draft_of("2026年,确保完成投资30亿元以上。");
  EXPECT_LT(bare.confidence, 0.5);
  EXPECT_FALSE(bare.reasons.empty());
  const Draft doubtful = draft_of("深入实施“百名大学生村医”培养计划。");
  EXPECT_LT(doubtful.confidence, 0.8);
  EXPECT_FALSE(doubtful.reasons.empty());
}

TEST(TargetsTest, NamesStayInTheReportsOwnCharacters) {
  const Draft draft = draft_of("居民健康檔案建檔率達到９５％以上。");
  EXPECT_EQ(draft.name, "居民健康檔案建檔率");
  EXPECT_EQ(draft.goal, 95);
  EXPECT_EQ(draft.unit, "%");
  EXPECT_EQ(draft.quote, "居民健康檔案建檔率達到９５％以上");
}

TEST(TargetsTest, ADepartmentWithoutNumbersGivesPledges) {
  const auto drafts = drafts_of(
      "区退役军人事务局\n联合人社等部门举办招聘会,开展订单式技能培训,牢固树立正确政绩观。\n"
      "区商务局\n引进首店20家。举办消费促进活动。\n");
  ASSERT_EQ(drafts.size(), 3U);
  EXPECT_EQ(drafts[0].kind, Kind::pledge);
  EXPECT_EQ(drafts[1].kind, Kind::pledge);
  EXPECT_LT(drafts[0].confidence, 0.7);
  EXPECT_EQ(drafts[2].kind, Kind::cumulative);
}

}  // namespace
}  // namespace districtd::extract

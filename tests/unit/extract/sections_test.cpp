// The tree of sections: what is a look-back, and until when; what time stands over a paragraph.
#include "daemon/extract/reading/sections.h"

#include <gmock/gmock.h>

#include "daemon/extract/reading/wrapping.h"
#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

Heading heading(int level, HeadingTime time, bool is_plan = false) {
  Heading result;
  result.level = level;
  result.time = time;
  result.is_plan = is_plan;
  return result;
}

TEST(SectionsTest, ALookBackHoldsUntilAHeadingOfItsLevel) {
  Sections sections;
  sections.enter(heading(1, HeadingTime::past));
  EXPECT_EQ(sections.scope(), Scope::past);
  sections.enter(heading(2, HeadingTime::future, true));  // (二)未来任务
  EXPECT_EQ(sections.scope(), Scope::past);
  EXPECT_FALSE(sections.have_planned());
  sections.enter(heading(1, HeadingTime::none));
  EXPECT_EQ(sections.scope(), Scope::unknown);
  sections.enter(heading(1, HeadingTime::future, true));
  EXPECT_EQ(sections.scope(), Scope::promise);
  EXPECT_TRUE(sections.have_planned());
}

TEST(SectionsTest, ALookBackOfTheTextHoldsUntilAPlan) {
  Sections sections;
  sections.begin_look_back();
  sections.enter(heading(1, HeadingTime::none));
  sections.enter(heading(1, HeadingTime::none));
  EXPECT_EQ(sections.scope(), Scope::past);
  Heading plan;
  plan.time = HeadingTime::future;
  plan.is_plan = true;
  sections.enter(plan);
  EXPECT_EQ(sections.scope(), Scope::promise);
}

TEST(SectionsTest, TimeIsInheritedFromTheHeadingUntilAnotherIsNamed) {
  const auto drafts = drafts_of(
      "二、“十五五”时期主要目标\n规上企业达到500家;研发投入强度达到3%。森林覆盖率达到52%。\n"
      "三、2026年工作\n新增规上企业40家。到2027年,培育链主企业8家。绿色工厂达到60家。\n");
  ASSERT_EQ(drafts.size(), 6U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(to_string(drafts[i].deadline), "2030-12-31");
  EXPECT_EQ(to_string(drafts[3].deadline), "2026-12-31");
  EXPECT_EQ(to_string(drafts[4].deadline), "2027-12-31");
  EXPECT_EQ(to_string(drafts[5].deadline), "2027-12-31");
}

TEST(SectionsTest, NoStartIsAfterItsDeadline) {
  for (const Draft& draft :
       drafts_of("责任清单\n1.2025年底前,确保建成城北水厂。\n2.新增学位30个。\n")) {
    EXPECT_LE(draft.start, draft.deadline) << draft.name;
  }
}

TEST(SectionsTest, DraftsBeforeThePlanAreCounted) {
  ReportSummary summary;
  extract("新增企业5家。新建学校2所。\n2026年工作安排\n新增企业6家。\n", built_in(), 2026,
          &summary);
  EXPECT_EQ(summary.before_plan, 2U);
}

TEST(WrappingTest, ALineThatCutsANumberGoesOn) {
  EXPECT_TRUE(goes_on("全年计划完成固定资产投资3500亿", "元,增长5%。", 0, built_in()));
  EXPECT_TRUE(goes_on("城镇调查失业率控制在百分点5%", "以内。", 0, built_in()));
  EXPECT_FALSE(goes_on("新增学位3200个。", "元旦以后", 0, built_in()));
  EXPECT_FALSE(goes_on("800个", "区卫健局", 0, built_in()));
  EXPECT_FALSE(goes_on("1.改造农村厕所1200座以及公厕20", "2.新建校园", 0, built_in()));
}

TEST(WrappingTest, DigitsWithBlanksAreReadOrDoubted) {
  EXPECT_EQ(draft_of("2026年,新增规上企业1 5 0 家。").goal, 150);
  EXPECT_GT(draft_of("2026年,新增规上企业1 5 0 家。").confidence, 0.5);
  const Draft unclear = draft_of("2026年,新增规上企业12 5家。");
  EXPECT_LT(unclear.confidence, 0.5);
  EXPECT_THAT(unclear.reasons, testing::Contains(testing::HasSubstr("空格")));
}

TEST(WrappingTest, AListNumberIsNoPartOfTheFigure) {
  const auto drafts = drafts_of(
      "2026年民生实事\n1.新建社区食堂20个。\n2.50个小区加装充电桩。\n3.4.5万亩农田改造。\n4."
      "460个村整治。\n");
  ASSERT_EQ(drafts.size(), 4U);
  EXPECT_EQ(drafts[1].goal, 50);
  EXPECT_EQ(drafts[2].goal, 4.5);
  EXPECT_EQ(drafts[3].goal, 460);
}

TEST(NodesTest, DatedStepsAreOneTarget) {
  const auto drafts = drafts_of("引水工程3月底前完成征地,6月底前管线贯通,12月底前通水。");
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_EQ(to_string(drafts[0].deadline), "2026-12-31");
  ASSERT_EQ(drafts[0].nodes.size(), 3U);
  EXPECT_EQ(to_string(drafts[0].nodes[0].deadline), "2026-03-31");
  EXPECT_EQ(drafts[0].nodes[1].text, "6月底前管线贯通");
}

TEST(OfficesTest, LeadAndSupportStandApart) {
  const auto drafts = drafts_of(
      "1.新建学校4所。(牵头单位:区教育局、区住建局;配合单位:区财政局)\n"
      "2.区城管局牵头,区公安分局配合,新增停车位900个。\n3.改造街巷40条。(区住建局)\n");
  ASSERT_EQ(drafts.size(), 3U);
  EXPECT_EQ(drafts[0].department, "区教育局");
  EXPECT_THAT(drafts[0].also_leads, testing::ElementsAre("区住建局"));
  EXPECT_THAT(drafts[0].with, testing::ElementsAre("区财政局"));
  EXPECT_EQ(drafts[1].department, "区城管局");
  EXPECT_THAT(drafts[1].with, testing::ElementsAre("区公安分局"));
  EXPECT_EQ(drafts[2].department, "区住建局");
}

TEST(TablesTest, TheGoalColumnIsFoundByItsHeading) {
  const auto drafts = drafts_of(
      "指标\t单位\t2025年完成\t2026年目标\t责任单位\n地区生产总值\t亿元\t412\t436\t区发改局\n"
      "城镇登记失业率\t%\t2.9\t4以内\t区人社局\n");
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[0].goal, 436);
  EXPECT_EQ(drafts[0].unit, "亿元");
  EXPECT_EQ(drafts[0].department, "区发改局");
  EXPECT_EQ(drafts[1].direction, Direction::at_most);
}

}  // namespace
}  // namespace districtd::extract

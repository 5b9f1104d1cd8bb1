// Lines, headings, departments, tails, tables.
#include "daemon/extract/reading/structure.h"

#include <gmock/gmock.h>

#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

Line line_of(std::string_view text) {
  NormalText normal;
  normalise(text, built_in().spelling, normal);
  return read_line(normal, built_in(), 2026);
}

TEST(StructureTest, DepartmentsAloneOnTheirLine) {
  for (const std::string_view name :
       {"区文旅局", "　区卫健局 ", "三、开发区管委会", "【县行政审批局】", "## 区教育局",
        "区审计局:", "市生态环境局临水分局"}) {
    EXPECT_EQ(line_of(name).sort, Line::Sort::department) << name;
  }
  for (const std::string_view text :
       {"加快形成新发展格局", "全区一盘棋", "聚焦服务大局", "完成投资30亿元"}) {
    EXPECT_NE(line_of(text).sort, Line::Sort::department) << text;
  }
}

TEST(StructureTest, HeadingsSayATime) {
  EXPECT_EQ(line_of("一、2025年工作回顾").heading.time, HeadingTime::past);
  EXPECT_EQ(line_of("二、2026年工作安排").heading.time, HeadingTime::future);
  EXPECT_EQ(line_of("一、2025年计划执行情况").heading.time, HeadingTime::past);
  EXPECT_EQ(line_of("三、存在的问题").heading.time, HeadingTime::aside);
  EXPECT_EQ(line_of("(一)做强现代产业").sort, Line::Sort::heading);
  EXPECT_EQ(line_of("(一)做强现代产业").level, 2);
}

TEST(StructureTest, AnItemWithANumberIsNoHeading) {
  const Line line = line_of("1.新建社区食堂10家");
  EXPECT_EQ(line.sort, Line::Sort::paragraph);
  EXPECT_EQ(line.level, 3);
  EXPECT_EQ(line.body, 2U);
}

TEST(StructureTest, RunInsNameTheDepartment) {
  const auto drafts = drafts_of("区住建局:改造小区28个。\n区人社局:开发公益性岗位300个。\n");
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[0].department, "区住建局");
  EXPECT_EQ(drafts[1].department, "区人社局");
  EXPECT_EQ(drafts[1].section, "区人社局");
}

TEST(StructureTest, TailsNameTheDepartmentAndTheDay) {
  const auto drafts = drafts_of(
      "1.新建5G基站260个。\n责任单位:市通信办\n完成时限:10月底\n2.改造管网22公里。\n牵头单位:"
      "市住建局\n"
      "3.改造小区6个。(责任单位:区住建局、区发改局,完成时限:11月底前)\n");
  ASSERT_EQ(drafts.size(), 3U);
  EXPECT_EQ(drafts[0].department, "市通信办");
  EXPECT_EQ(to_string(drafts[0].deadline), "2026-10-31");
  EXPECT_EQ(drafts[1].department, "市住建局");
  EXPECT_EQ(to_string(drafts[1].deadline), "2026-12-31");
  EXPECT_EQ(drafts[2].department, "区住建局");
  EXPECT_EQ(to_string(drafts[2].deadline), "2026-11-30");
}

TEST(StructureTest, RowsOfATable) {
  const auto drafts =
      drafts_of("序号\t任务\t责任单位\t时限\n1\t新增民宿床位800张\t区文旅局\t11月底\n");
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_EQ(drafts[0].department, "区文旅局");
  EXPECT_EQ(to_string(drafts[0].deadline), "2026-11-30");
  EXPECT_EQ(drafts[0].quote, "新增民宿床位800张");
}

TEST(StructureTest, TheReviewOfTheYearBeforeIsNotTaken) {
  const auto drafts = drafts_of(
      "政府工作报告\n一、2025年工作回顾\n完成投资302亿元,增长11.2%。改造小区42个以上。\n"
      "二、2026年工作安排\n完成投资350亿元。\n");
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_EQ(drafts[0].goal, 350);
}

TEST(StructureTest, OffsetsAreCharactersAndBytesOfTheWholeReport) {
  const std::string text = "标题\r\n区文旅局\r\n　　优化格局,完成文旅投资30亿元以上。\r\n";
  const Draft draft = draft_of(text);
  EXPECT_EQ(text.substr(draft.range.begin, draft.quote.size()), draft.quote);
  EXPECT_EQ(to_u32(text).substr(draft.offset, to_u32(draft.quote).size()), to_u32(draft.quote));
  EXPECT_EQ(draft.line, 3U);
}

TEST(StructureTest, TheYearThatIsPlannedFor) {
  EXPECT_EQ(planned_year("2026年工作要点\n2025年完成…2025年…2025年"), 2026);
  EXPECT_EQ(planned_year("学习“大干2026”动员大会精神"), 2026);
  EXPECT_EQ(planned_year("没有年份"), 0);
}

}  // namespace
}  // namespace districtd::extract

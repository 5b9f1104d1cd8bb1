// What the form of a draft says about whether it was read right.
#include <gmock/gmock.h>

#include "daemon/extract/targets/soundness.h"
#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// A target with the name, whose number is the first of the text.
FoundTarget doubted(std::string_view text, std::string_view name, Kind kind = Kind::cumulative) {
  Paragraph paragraph;
  read_paragraph(text, built_in(), 2026, paragraph);
  ParagraphScope scope;
  find_scopes(paragraph, 2026, {Scope::promise, Scope::unknown, false}, scope);
  FoundTarget target;
  target.name = name;
  target.kind = kind;
  target.confidence = 0.9;
  target.quote = {0, paragraph.text.size()};
  if (kind != Kind::milestone && !paragraph.quantities.list.empty()) {
    target.number = paragraph.quantities.list.front().number;
  }
  doubt_form(paragraph, scope, 0, built_in(), target);
  return target;
}

TEST(SoundnessTest, ANameHasANoun) {
  for (const std::string_view name : {"用好", "抓好", "新增", "建成", "主体", "合计", "投资"}) {
    EXPECT_LT(doubted("新增床位120张。", name).confidence, 0.5) << name;
  }
  for (const std::string_view name :
       {"新增床位", "造林绿化", "村医培训", "规上工业企业", "标准厂房"}) {
    EXPECT_THAT(doubted("新增床位120张。", name).reasons, IsEmpty()) << name;
  }
}

TEST(SoundnessTest, ANameIsNoHalfOfASentence) {
  for (const std::string_view name :
       {"确保项目投产、电机", "已建成矛调中心", "每批不", "督查考核结果占", "召开的常务会议第",
        "听取了部门的汇报", "由水库扩大", "围绕关键环节"}) {
    EXPECT_LT(doubted("新增床位120张。", name).confidence, 0.5) << name;
  }
  for (const std::string_view name :
       {"争取中央资金", "“已建成”平台", "向上争取专项债", "未来产业园"}) {
    EXPECT_THAT(doubted("新增床位120张。", name).reasons, IsEmpty()) << name;
  }
}

TEST(SoundnessTest, ANumberIsNotGluedToAWord) {
  EXPECT_LT(doubted("第3次会议。", "会议").confidence, 0.5);
  EXPECT_LT(doubted("辐射300万人口的消费市场。", "消费市场").confidence, 0.5);
  EXPECT_THAT(doubted("培训村医300名以上。", "培训村医").reasons, IsEmpty());
}

TEST(SoundnessTest, AVerbThatNobodyKnowsMayCountWhatIsThere) {
  const auto drafts = drafts_of("2026年工作安排\n捍卫128棵古树名木。\n");
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_LT(drafts[0].confidence, 0.5);
  EXPECT_THAT(drafts[0].reasons, Contains(HasSubstr("捍卫")));
  EXPECT_GE(drafts_of("2026年工作安排\n栽植128棵古树名木。\n")[0].confidence, 0.8);
}

TEST(SoundnessTest, WhatNobodyCouldLookAtIsNoMilestone) {
  EXPECT_LT(doubted("建成新格局。", "开放新格局", Kind::milestone).confidence, 0.6);
  EXPECT_THAT(doubted("建成大桥。", "滨河大桥", Kind::milestone).reasons, IsEmpty());
}

TEST(SoundnessTest, WhatStandsAmongTheDoneIsDoubted) {
  const auto drafts = drafts_of("已建成学校3所,拥有专利320项;新增床位120张。");
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_LT(drafts[0].confidence, 0.5);
  EXPECT_THAT(drafts[0].reasons, Contains(HasSubstr("已经做成")));
}

// A look-back whose heading nobody knows stands before the plan; what is sure of itself is kept.
TEST(SoundnessTest, WhatStandsBeforeThePlanIsDoubted) {
  const std::string told = "已建成学校3所,获得国家级荣誉2项。\n";
  const std::string leaks = "引进项目12个。\n开行班列40列。\n";
  const auto before = drafts_of(told + leaks + "二、2026年工作安排\n新建公园8个。\n");
  ASSERT_EQ(before.size(), 3U);
  EXPECT_LT(before[0].confidence, 0.5);
  EXPECT_LT(before[1].confidence, 0.5);
  EXPECT_GE(before[2].confidence, 0.8);
  // Without a heading that plans nothing is known to stand before one.
  EXPECT_GE(drafts_of(told + leaks)[0].confidence, 0.7);
  // Where nothing is told of the past, the drafts before are not a look-back.
  EXPECT_GE(drafts_of(leaks + "二、2026年工作安排\n新建公园8个。\n")[0].confidence, 0.7);
}

}  // namespace
}  // namespace districtd::extract

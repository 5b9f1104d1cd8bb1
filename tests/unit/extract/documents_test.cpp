// HTML and Word as text.
#include "daemon/extract/text/documents.h"

#include <gmock/gmock.h>

#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

TEST(DocumentsTest, APageIsItsTextWithRowsAndEntities) {
  const std::string page =
      "<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body>"
      "<p>2026年,新增规上企业<b>35</b>家&nbsp;以上。</p><script>var a='新增99家';</script>"
      "<table><tr><td>新建公厕12座</td><td>区城管局</td></tr></table></body></html>";
  ASSERT_TRUE(is_html(page));
  EXPECT_EQ(text_of_html(page), "2026年,新增规上企业35家 以上。\n新建公厕12座\t区城管局\n");
  const auto drafts = drafts_of(text_of_html(page));
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[0].goal, 35);
  EXPECT_EQ(drafts[1].department, "区城管局");
}

TEST(DocumentsTest, ProseWithSignsIsNoPage) {
  EXPECT_FALSE(is_html("PM2.5浓度<35微克/立方米,优良率>90%。"));
}

TEST(DocumentsTest, WhatIsNoWordFileSaysSo) {
  const auto text = text_of_docx("PK\x03\x04 nothing");
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().why, testing::HasSubstr("已损坏"));
}

}  // namespace
}  // namespace districtd::extract

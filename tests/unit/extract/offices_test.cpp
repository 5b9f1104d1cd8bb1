// Who is responsible, however a list says it: docs/extraction.md, 责任单位.
#include <gmock/gmock.h>

#include <string>

#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kItem = "1.新建公办幼儿园2所。";

// Each way of saying that 县教育局 leads and 县财政局 supports.
TEST(OfficesTest, LeadAndSupportHoweverTheyAreSaid) {
  for (const std::string_view tail :
       {"\n牵头单位:县教育局\n配合单位:县财政局\n", "\n牵头部门:县教育局 配合部门:县财政局\n",
        "(牵头单位:县教育局;配合单位:县财政局)\n", "(县教育局牵头,县财政局配合)\n",
        "(县教育局牵头、县财政局配合)\n", "\n县教育局牵头负责,县财政局配合。\n",
        "由县教育局牵头,县财政局协办。\n",
        "\n责任单位:县教育局 配合单位:县财政局 责任人:王某某\n"}) {
    const Draft draft = draft_of("2026年民生实事\n" + std::string{kItem} + std::string{tail});
    EXPECT_EQ(draft.department, "县教育局") << tail;
    EXPECT_THAT(draft.with, ElementsAre("县财政局")) << tail;
  }
}

TEST(OfficesTest, ALabelEndsAName) {
  for (const std::string_view tail :
       {"\n责任单位:县教育局    责任人:王某某\n", "\n责任单位:县教育局;分管领导:李某某\n",
        "\n责任单位:县教育局 完成时限:6月底前\n", "由县教育局负责。\n", "(县教育局)\n",
        "\n县教育局负责,各乡镇配合。\n"}) {
    const Draft draft = draft_of("2026年民生实事\n" + std::string{kItem} + std::string{tail});
    EXPECT_EQ(draft.department, "县教育局") << tail;
    EXPECT_THAT(draft.with, IsEmpty()) << tail;
  }
}

TEST(OfficesTest, LinesBelowAnItemSayWhoAndWhen) {
  const Draft draft =
      draft_of("2026年民生实事\n" + std::string{kItem} +
               "\n牵头单位:县教育局\n配合单位:县财政局、县住建局\n完成时限:8月底\n");
  EXPECT_THAT(draft.with, ElementsAre("县财政局", "县住建局"));
  EXPECT_EQ(to_string(draft.deadline), "2026-08-31");
}

TEST(OfficesTest, AnOfficeOfOneItemIsNotTheNextOnes) {
  const auto drafts = drafts_of(
      "2026年民生实事\n1.新建公办幼儿园2所。由县教育局负责。\n2.新建水库3座。由县水利局负责。\n");
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[0].department, "县教育局");
  EXPECT_EQ(drafts[1].department, "县水利局");
}

}  // namespace
}  // namespace districtd::extract

// Whatever the bytes are: no crash, offsets within the text, quotes verbatim where they say.
#include <gmock/gmock.h>

#include <random>

#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

constexpr std::string_view kReport =
    "区文旅局\n打造文旅项目集群,完成文旅投资30亿元以上,推进八大标志性项目建设,"
    "创成AAAA级旅游景区。\n"
    "区卫健局:深入实施“百名大学生村医”培养计划,规范化率向95%迈进(责任单位:区卫健局,完成时限:"
    "6月底前)。\n"
    "一、2026年工作安排\n城乡居民收入分别增长5.5%、6.5%,开工、竣工项目12个、9个,总投资3."
    "2亿元的泵站6月底前建成。\n"
    "1\t新增床位８００張\t区民政局\t11月底\n力争总产值翻一番,外贸增长5%—6%,时限压缩至0."
    "5个工作日以内。\n";

void expect_sound(const std::string& text) {
  ReportSummary summary;
  const auto drafts = extract(text, built_in(), 2026, &summary);
  EXPECT_EQ(summary.bytes, text.size());
  EXPECT_EQ(summary.drafts, drafts.size());
  for (const Draft& draft : drafts) {
    ASSERT_LE(draft.range.end, text.size());
    ASSERT_EQ(text.substr(draft.range.begin, draft.range.end - draft.range.begin), draft.quote);
    ASSERT_LE(draft.number.end, text.size());
    ASSERT_LE(draft.offset, draft.range.begin);
    EXPECT_FALSE(draft.name.empty());
    EXPECT_FALSE(draft.quote.empty());
    EXPECT_GT(draft.confidence, 0);
    EXPECT_LE(draft.confidence, 1);
  }
}

TEST(PropertiesTest, RandomBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 600, '\0');
    for (char& c : text) c = static_cast<char>(random());
    expect_sound(text);
  }
}

TEST(PropertiesTest, RandomCutsOfChineseText) {
  std::mt19937 random(2);
  for (int round = 0; round < 400; ++round) {
    const std::size_t from = random() % kReport.size();
    expect_sound(std::string{kReport.substr(from, random() % kReport.size())});
  }
}

TEST(PropertiesTest, RandomChangesOfChineseText) {
  std::mt19937 random(3);
  constexpr std::string_view kPieces[] = {"“",  "”",      "(",    ")",       "、", "。",
                                          "5%", "百",     "亿元", "\n",      "\t", "的",
                                          "年", "2025年", "和",   "6月底前", "等", "|"};
  for (int round = 0; round < 400; ++round) {
    std::string text{kReport};
    for (std::size_t n = random() % 12; n > 0; --n) {
      const auto piece = kPieces[random() % std::size(kPieces)];
      text.insert(random() % text.size(), piece);
    }
    expect_sound(text);
  }
}

TEST(PropertiesTest, FeedingInPiecesChangesNothing) {
  const auto whole = extract(kReport, built_in(), 2026);
  for (const std::size_t size : {1U, 2U, 3U, 7U, 100U}) {
    std::vector<std::string> quotes;
    Extraction extraction(built_in(), 2026, [&](const Draft& draft) {
      quotes.push_back(std::to_string(draft.offset) + draft.name);
    });
    for (std::size_t at = 0; at < kReport.size(); at += size) {
      extraction.feed(kReport.substr(at, size));
    }
    extraction.finish();
    ASSERT_EQ(quotes.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(quotes[i], std::to_string(whole[i].offset) + whole[i].name);
    }
  }
}

TEST(PropertiesTest, AParagraphOfAMegabyteIsReadInPieces) {
  std::string text;
  while (text.size() < 1'000'000) text += "完成文旅投资30亿元以上,创成AAAA级旅游景区。";
  ReportSummary summary;
  const auto drafts = extract(text, built_in(), 2026, &summary);
  EXPECT_EQ(drafts.size() % 2, 0U);
  EXPECT_GT(drafts.size(), 20'000U);
  expect_sound(text);
  // One without any sign to cut at.
  std::string unbroken;
  while (unbroken.size() < 300'000) unbroken += "建成";
  expect_sound(unbroken);
}

TEST(PropertiesTest, EmptyAndBlankTextsGiveNothing) {
  for (const std::string_view text : {"", "\n\n", " \t\r\n　\n", "。。。"}) {
    EXPECT_TRUE(drafts_of(text).empty());
  }
}

}  // namespace
}  // namespace districtd::extract

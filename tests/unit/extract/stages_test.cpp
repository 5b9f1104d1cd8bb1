// Each stage alone: text, sentences, quantities, dates, scope.
#include <gmock/gmock.h>

#include "daemon/extract/reading/deadlines.h"
#include "daemon/extract/reading/quantities.h"
#include "daemon/extract/reading/scope.h"
#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/rules/lexicon.h"
#include "daemon/extract/rules/pattern.h"
#include "daemon/extract/text/numerals.h"
#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

NormalText normal(std::string_view text) {
  NormalText out;
  normalise(text, built_in().spelling, out);
  return out;
}

TEST(NormalTextTest, FullWidthTraditionalAndBlanksAreOneSpelling) {
  const NormalText text = normal("增長　９５％ 以上，「三農」");
  EXPECT_EQ(text.chars, U"增长95%以上,“三农”");
  EXPECT_TRUE(text.is_respelled);
  // The % stands at bytes 15..18 of the original: 增長, a wide blank, two wide digits before it.
  EXPECT_EQ(text.begins[4], 15U);
  EXPECT_EQ(text.ends[4], 18U);
}

TEST(NormalTextTest, BytesThatAreNoCharactersAreReadOneByOne) {
  const NormalText text = normal("\xE5\x8C\xFF好");
  EXPECT_EQ(text.chars, U"\uFFFD\uFFFD\uFFFD好");
}

TEST(NumeralTest, ArabicAndChineseNumbers) {
  const auto value = [](std::u32string_view text) {
    const auto numeral = read_numeral(text, 0);
    return numeral ? numeral->value : -1;
  };
  EXPECT_EQ(value(U"3,200万"), 3200);
  EXPECT_EQ(value(U"12.6亿"), 12.6);
  EXPECT_EQ(value(U"三百二十家"), 320);
  EXPECT_EQ(value(U"一百零五"), 105);
  EXPECT_EQ(value(U"十二条"), 12);
  EXPECT_EQ(value(U"百名"), 100);
  EXPECT_EQ(value(U"两座"), 2);
  EXPECT_EQ(value(U"二零二六"), 2026);
  EXPECT_EQ(value(U"万家"), -1);  // 万 goes to the unit
}

TEST(NumeralTest, TheFifteenthPlanIsFifteenAndFive) {
  const auto numeral = read_numeral(U"十五五", 0);
  ASSERT_TRUE(numeral);
  EXPECT_EQ(numeral->value, 15);
  EXPECT_EQ(numeral->end, 2U);
}

TEST(PatternTest, NumbersGapsAndChoices) {
  const auto parsed = Pattern::parse(U"{n}分钟{x:0-4}(圈|服务)");
  const auto& pattern = *parsed;
  Pattern::Match match;
  EXPECT_TRUE(pattern.matches(U"15分钟医疗服务圈", 0, match));
  EXPECT_THAT(match.numbers, ElementsAre(15));
  EXPECT_FALSE(pattern.matches(U"15分钟,医疗圈", 0, match));  // a gap holds no comma
  EXPECT_TRUE(pattern.may_begin_with(U'十'));
  EXPECT_FALSE(pattern.may_begin_with(U'分'));
}

TEST(PatternTest, MistakesAreNamed) {
  EXPECT_EQ(Pattern::parse(U"{n分钟").error(), "a { without }");
  EXPECT_THAT(Pattern::parse(U"第{q}").error(), testing::HasSubstr("{q} is none"));
  EXPECT_THAT(Pattern::parse(U"{x:0-3}月").error(), testing::HasSubstr("expected a beginning"));
  EXPECT_THAT(Pattern::parse(U"月(底|)").error(), testing::HasSubstr("empty choice"));
}

TEST(LexiconTest, TheEndsOfATextAreAllItsWordsThere) {
  Lexicon lexicon;
  lexicon.add(U"局", 1);
  lexicon.add(U"格局", 2);
  lexicon.add(U"新格局", 4);
  lexicon.add(U"格", 8);
  EXPECT_EQ(lexicon.classes_at_end(U"开放新格局"), 7U);
  EXPECT_EQ(lexicon.classes_at_end(U"格局"), 3U);
  EXPECT_EQ(lexicon.classes_at_end(U"格局好"), 0U);
  EXPECT_EQ(lexicon.classes_at_end(U""), 0U);
  EXPECT_EQ(lexicon.classes_from(U"大格局", 1), 10U);
  EXPECT_EQ(lexicon.classes_from(U"大格局", 3), 0U);
  EXPECT_EQ(lexicon.classes_of(U"格局"), 2U);
}

TEST(LexiconTest, TheLongestWordCounts) {
  Lexicon words;
  words.add(U"建成", 1);
  words.add(U"建成区", 2);
  EXPECT_EQ(words.longest(U"建成区绿化", 0).classes, 2U);
  EXPECT_EQ(words.longest(U"建成公园", 0).classes, 1U);
  EXPECT_EQ(words.longest(U"新建成", 0).length, 0U);
}

struct Read {
  double value;
  std::string unit;
  bool operator==(const Read&) const = default;
};

std::vector<Read> quantities(std::string_view text) {
  Quantities found;
  find_quantities(normal(text), built_in(), found);
  std::vector<Read> result;
  for (const Quantity& q : found.list) result.push_back({q.value, q.unit});
  return result;
}

TEST(QuantitiesTest, NumbersWithTheirUnitsAsWritten) {
  EXPECT_THAT(quantities("投资30亿元以上、优良率95%、培训3.2万人次、10条产业链"),
              ElementsAre(Read{30, "亿元"}, Read{95, "%"}, Read{3.2, "万人次"}, Read{10, "条"}));
  EXPECT_THAT(quantities("浓度32微克/立方米,提高2个百分点,突破500万"),
              ElementsAre(Read{32, "微克/立方米"}, Read{2, "个百分点"}, Read{500, "万"}));
}

TEST(QuantitiesTest, RangesBoundsAndDoubling) {
  Quantities found;
  find_quantities(normal("增长5.0%-5.5%,控制在3%以内,增长6%左右,总产值翻一番,12%—15%"), built_in(),
                  found);
  ASSERT_EQ(found.list.size(), 5U);
  EXPECT_EQ(found.list[0].value, 5.0);
  EXPECT_EQ(found.list[0].upper, 5.5);
  EXPECT_TRUE(found.list[1].has_or_less);
  EXPECT_TRUE(found.list[2].is_about);
  EXPECT_TRUE(found.list[3].is_doubling);
  EXPECT_EQ(found.list[3].value, 2);
  EXPECT_EQ(found.list[4].upper, 15);
}

TEST(QuantitiesTest, NamesWithNumbersAreNone) {
  for (const std::string_view name :
       {"15分钟医疗服务圈", "第四次全国普查", "四个最严", "十五五", "三大湖", "双千亿", "PM2.5",
        "五位一体", "千家万户", "百姓", "数百家", "330国道", "5G基站", "1+3+N", "前三", "第18位"}) {
    EXPECT_THAT(quantities(name), IsEmpty()) << name;
  }
}

std::vector<std::string> deadlines(std::string_view text) {
  std::vector<Deadline> found;
  find_deadlines(normal(text), built_in(), 2026, found);
  std::vector<std::string> result;
  for (const Deadline& deadline : found) result.push_back(to_string(deadline.date));
  return result;
}

TEST(DeadlinesTest, MonthsQuartersYearsAndPlans) {
  EXPECT_THAT(deadlines("6月底前建成"), ElementsAre("2026-06-30"));
  EXPECT_THAT(deadlines("2027年2月底前"), ElementsAre("2027-02-28"));
  EXPECT_THAT(deadlines("12月15日前"), ElementsAre("2026-12-15"));
  EXPECT_THAT(deadlines("三季度前完成"), ElementsAre("2026-09-30"));
  EXPECT_THAT(deadlines("上半年开工、年内完工"), ElementsAre("2026-06-30", "2026-12-31"));
  EXPECT_THAT(deadlines("到2030年达到"), ElementsAre("2030-12-31"));
  EXPECT_THAT(deadlines("“十五五”期间"), ElementsAre("2030-12-31"));
  EXPECT_THAT(deadlines("明年底前"), ElementsAre("2027-12-31"));
  EXPECT_THAT(deadlines("13月底前、2月30日前"), IsEmpty());
}

std::vector<std::string> clauses(std::string_view text) {
  Paragraph p;
  read_paragraph(text, built_in(), 2026, p);
  std::vector<std::string> result;
  for (const Clause& clause : p.clauses) {
    result.push_back(std::to_string(clause.sentence) + to_utf8(p.part(clause.span)));
  }
  return result;
}

TEST(SentencesTest, ClausesOfSentences) {
  EXPECT_THAT(clauses("完成3,200万元,增长5%。“抓项目,促投资”活动;比为7:30"),
              ElementsAre("0完成3,200万元", "0增长5%", "1“抓项目,促投资”活动", "2比为7:30"));
}

TEST(SentencesTest, AQuotationMarkWithoutItsPairDividesNothing) {
  EXPECT_THAT(clauses("深化“大调解格局,新建6个"), ElementsAre("0深化“大调解格局", "0新建6个"));
}

std::vector<bool> promises(std::string_view text, ScopeBefore before = {}) {
  Paragraph p;
  read_paragraph(text, built_in(), 2026, p);
  ParagraphScope scope;
  find_scopes(p, 2026, before, scope);
  std::vector<bool> result;
  for (const ClauseScope& clause : scope.clauses) result.push_back(clause.is_promise);
  return result;
}

TEST(ScopeTest, LastYearIsPastUntilThisYearIsNamed) {
  EXPECT_THAT(promises("2025年完成30亿元,增长5%。新增3家。2026年完成34亿元,新增5家"),
              ElementsAre(false, false, false, true, true));
}

TEST(ScopeTest, WordsOfWhatIsDone) {
  EXPECT_THAT(promises("已建成9个"), ElementsAre(false));
  EXPECT_THAT(promises("建成了9个"), ElementsAre(false));
  EXPECT_THAT(promises("1至9月到位41亿元"), ElementsAre(false));
  EXPECT_THAT(promises("同比增长5%"), ElementsAre(false));
  EXPECT_THAT(promises("确保同比增长5%以上"), ElementsAre(true));
}

TEST(ScopeTest, ASectionOfThePastStaysPast) {
  EXPECT_THAT(promises("完成投资30亿元以上", {Scope::past, Scope::unknown, false}),
              ElementsAre(false));
  EXPECT_THAT(promises("完成投资30亿元以上", {Scope::promise, Scope::unknown, false}),
              ElementsAre(true));
}

TEST(ScopeTest, WhatItIsComparedWithIsNoTime) {
  EXPECT_THAT(promises("比2025年提高2个百分点"), ElementsAre(true));
}

}  // namespace
}  // namespace districtd::extract
